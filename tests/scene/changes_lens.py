"""What taking out the distortion means for a scene: its eyes see rays as a pinhole does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tests.scene.lenses import LensEye
from tests.scene.scene import Eye, Pixels, Scene

__all__ = ["CHANGES"]

Rule = Callable[[Any], Any]


def undistort(scene: Scene, parameters: Mapping[str, Any]) -> Scene:
    """The pixels of a lens go to where a pinhole of the same focal length meets their rays.

    With `alpha` the picture is stretched so that it shows as much of the border as that says.
    """

    def rule(eye: Eye) -> Eye:
        if not isinstance(eye, LensEye) or eye.straight:
            return eye
        lens, before = eye, eye.pixels
        straight = Pixels(
            before.size,
            lambda z: before.there(lens.pin(lens.first_rays(np.asarray(z)))),
            lambda z: lens.first_pixels(lens.unpinned(np.asarray(before.back(z)))),
        )
        if "alpha" in parameters:
            straight = _stretched(straight, before.back, parameters["alpha"])
        return replace(eye, pixels=straight, straight=True)

    named = parameters.get("plane", "")
    eyes = tuple(rule(eye) if named in ("", eye.name) else eye for eye in scene.eyes)
    return scene.change(eyes=eyes)


def _stretched(straight: Pixels, back: Rule, alpha: float) -> Pixels:
    """The picture with its inner border at its edges (alpha 0), its outer one (1), or between."""
    width, height = straight.size
    columns, rows = np.arange(width), np.arange(height)
    left, right, top, bottom = (
        straight.there(back(side))
        for side in (1j * rows, width - 1 + 1j * rows, columns + 0j, columns + 1j * (height - 1))
    )
    whole = np.concatenate([left, right, top, bottom])
    ends = [
        ((max(left.real), min(right.real)), (min(whole.real), max(whole.real)), width - 1),
        ((max(top.imag), min(bottom.imag)), (min(whole.imag), max(whole.imag)), height - 1),
    ]
    (across, x), (down, y) = (_mixed(inner, outer, far, alpha) for inner, outer, far in ends)
    return straight.then(
        lambda z: np.real(z) * across + x + 1j * (np.imag(z) * down + y),
        lambda z: (np.real(z) - x) / across + 1j * ((np.imag(z) - y) / down),
        straight.size,
    )


def _mixed(inner: Any, outer: Any, far: int, alpha: float) -> tuple[float, float]:
    lines = [(far / (high - low), -far * low / (high - low)) for low, high in (inner, outer)]
    return tuple(a + (b - a) * alpha for a, b in zip(*lines, strict=True))  # type: ignore[return-value]


CHANGES = {"undistort": undistort}
