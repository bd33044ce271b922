"""How pictures of numbers are compared: away from the edges of shapes, number by number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.scene.render_fields import first_seen
from tests.scene.render_picture import mask_of
from tests.scene.scene import Eye, Scene
from tests.scene.tolerances import TOLERANCES

__all__ = ["disparity", "flow", "heatmap", "normals"]


def heatmap(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """Values of each channel, where the first picture had all that is interpolated."""
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    _, there = first_seen(scene, eye)
    inside = _away(there.astype(int), _reach(scene, eye))
    return _over("heatmap", (got - wanted)[inside], "heat")


def flow(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """Vectors, and where none is known."""
    return _vectors("flow", got, wanted, scene, eye)


def normals(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """Vectors, and where none is known."""
    return _vectors("normals", got, wanted, scene, eye)


def disparity(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """Disparities, to the slope of the surface within a pixel."""
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    inside = _away(mask_of(scene, eye), _reach(scene, eye))
    down, across = np.gradient(wanted.astype(np.float64))
    off = np.maximum(np.abs(got.astype(np.float64) - wanted) - np.hypot(down, across), 0.0)
    return _over("disparity: pixels", (off / np.maximum(np.abs(wanted), 0.1))[inside], "disparity")


def _vectors(key: str, got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    inside = _away(mask_of(scene, eye), _reach(scene, eye))
    unknown = [np.isnan(each).any(axis=-1)[inside] for each in (got, wanted)]
    if not np.array_equal(*unknown):
        return [f"{int((unknown[0] != unknown[1]).sum())} pixels are known or not known, wrongly"]
    return _over(key, (got - wanted)[inside][~unknown[0]], key)


def _form(got: Any, wanted: Any) -> list[str]:
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    return []


def _over(key: str, error: Any, what: str) -> list[str]:
    worst = float(np.max(np.abs(error), initial=0.0)) if np.size(error) else 0.0
    bound = TOLERANCES[key]
    return [] if worst <= bound.amount else [f"{what}: {worst:.4g} {bound.unit}"]


def _reach(scene: Scene, eye: Eye) -> int:
    """Pixels from an edge in which source pixels of both sides may count, as large as now."""
    first, _ = first_seen(scene, eye)
    with np.errstate(invalid="ignore"):
        steps = np.concatenate([np.abs(np.diff(first, axis=axis)).ravel() for axis in (0, 1)])
    least = float(np.nanmin(steps, initial=1.0))
    return max(3, int(np.ceil(2.5 / least)))


def _away(mask: NDArray[Any], reach: int) -> NDArray[np.bool_]:
    """Pixels around which the mask shows one number only, also beyond the picture's edge."""
    size = 2 * reach + 1
    low = ndimage.minimum_filter(mask, size, mode="nearest")
    high = ndimage.maximum_filter(mask, size, mode="nearest")
    clear = np.zeros(mask.shape, dtype=bool)
    clear[reach:-reach, reach:-reach] = True
    return np.asarray((low == high) & clear)
