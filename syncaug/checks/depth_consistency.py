"""Depth images and points still tell the same distances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.checks.views import Points, camera_in, has_pixels, in_picture, looking, picture_in
from syncaug.maps.camera import Camera
from syncaug.modalities.plane.depth import DepthCarrier

__all__ = ["measure"]

_MOST_POINTS = 8192
_FEWEST = 16


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least share of points at whose pixel the depth image has the point's distance.

    Counted are points that agreed with the depth image before: a point behind a surface, or one
    that the depth camera missed, says nothing. Of points that share a pixel the nearest counts. The
    depth of a pixel beside the point's own may agree instead: edges have no width in a cloud.
    """
    parts: dict[str, float] = {}
    for camera, points, before, after in looking(outcome, _MOST_POINTS):
        for depth in outcome.carriers(DepthCarrier, options.get("stream", "")):
            if depth.stream.spaces["plane"] != camera.stream.spaces["plane"]:
                continue
            tolerance = options["tolerance"]
            old, new = (picture_in(s, depth) for s in (outcome.before, outcome.after))
            agreed, _ = _agree(old, camera_in(outcome.before, camera), before, tolerance)
            agrees, asked = _agree(new, camera_in(outcome.after, camera), after, tolerance)
            asked &= agreed
            if np.count_nonzero(asked) >= _FEWEST:
                pair = f"{depth.stream.name}/{points.stream.name}"
                parts[pair] = float(agrees[asked].mean())
    if not parts:
        return Measure.nothing("no points that a depth image had agreed with")
    pair, least = min(parts.items(), key=lambda part: part[1])
    passed = least >= options["min_share"]
    image, _, cloud = pair.partition("/")
    said = f"{image!r} agrees with {least:.0%} of the points of {cloud!r}"
    return Measure(least, passed, "" if passed else said, parts)


def _agree(
    depth: NDArray[Any], camera: Camera, points: Points, tolerance: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points have the depth of a pixel around theirs, and which were asked at all."""
    depth = depth[..., 0] if depth.ndim == 3 else depth
    pixels, distance, seen = in_picture(camera, points)
    seen &= has_pixels(depth, pixels)  # where each draws for itself their sizes differ
    agrees = np.zeros(len(points), dtype=bool)
    if not seen.any():
        return agrees, seen
    columns, rows = np.rint(pixels[seen]).astype(int).T
    near = distance[seen]
    solid = np.pad(np.where(np.isfinite(depth), depth, 0.0), 1)
    around = np.stack(
        [solid[rows + down, columns + across] for down in range(3) for across in range(3)]
    )
    asked = (around[4] > 0) & _foremost(rows * depth.shape[1] + columns, near)
    difference = np.where(around > 0, np.abs(around - near), np.inf)
    agrees[seen] = (difference <= tolerance * near).any(axis=0)
    seen[seen] = asked
    return agrees & seen, seen


def _foremost(pixel: NDArray[np.int64], distance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points are the nearest ones of their pixel."""
    order = np.lexsort((distance, pixel))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pixel[order][1:] != pixel[order][:-1]
    out = np.zeros(len(order), dtype=bool)
    out[order[first]] = True
    return out
