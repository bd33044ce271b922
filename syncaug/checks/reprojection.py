"""Points still project where their pixels went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.checks.views import Points, camera_in, in_picture, looking
from syncaug.maps.lens_map import LensMap
from syncaug.maps.plane import PlaneMap, apply_projective

__all__ = ["measure"]

_NEAREST = 1e-3


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest distance in pixels, over points that a first picture showed; for each camera.

    A point's pixel before, moved by the picture's own map, against the pixel where the augmented
    camera sees the augmented point; up to 2048 points, evenly chosen.
    """
    parts: dict[str, float] = {}
    for camera, points, before, after in looking(outcome):
        name, plane = camera.stream.name, camera.stream.spaces["plane"]
        straight = outcome.state.straight.get(plane)
        if plane in outcome.state.warped and straight is None:
            continue
        pixels, _, seen = in_picture(camera_in(outcome.before, camera), before)
        if straight is not None:
            pixels, shown = _straight(pixels, *straight)
            seen &= shown
        matrix = outcome.plane(plane).matrix
        # What a turned camera has behind it went out of the picture, and projects nowhere.
        seen[seen] = pixels[seen] @ matrix[2, :2] + matrix[2, 2] > _NEAREST
        if not seen.any():
            continue
        wanted = apply_projective(matrix, pixels[seen])
        now, depth = camera_in(outcome.after, camera).project(after[seen])
        distance = np.linalg.norm(now - wanted, axis=1)
        distance[~((depth > 0) & np.isfinite(distance))] = np.inf
        pair = f"{name}/{points.stream.name}"
        parts[pair] = float(np.max(distance, initial=0.0))
    if not parts:
        return Measure.nothing("no point projects into a picture")
    pair, worst = max(parts.items(), key=lambda part: part[1])
    passed = worst <= options["max_pixels"]
    camera_name, _, cloud = pair.partition("/")
    said = f"a point of {cloud!r} projects {worst:.2f} pixels from where its pixel went"
    return Measure(worst, passed, "" if passed else f"{said}, in {camera_name!r}", parts)


def _straight(pixels: Points, first: PlaneMap, lens: LensMap) -> tuple[Points, NDArray[np.bool_]]:
    """Where pixels of the first picture went when the distortion was taken out; which are known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = lens.points(apply_projective(first.matrix, pixels))
    return moved, np.asarray(np.isfinite(moved).all(axis=1), dtype=np.bool_)
