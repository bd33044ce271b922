"""Convex polygons against the picture's rectangle: what of a moved box is still visible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = ["area", "clip"]

Points = NDArray[np.float64]


def area(polygon: Points) -> float:
    """The area of a simple polygon (N, 2), by the shoelace formula."""
    points = polygon.tolist()
    total = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        total += x0 * y1 - x1 * y0
    return abs(total) / 2


def clip(polygon: Points, size: Size) -> Points:
    """The part of a convex polygon inside the picture [-0.5, W-0.5] x [-0.5, H-0.5]; may be empty.

    Sutherland and Hodgman, Reentrant polygon clipping (CACM 1974).
    """
    width, height = size
    points: list[list[float]] = polygon.tolist()
    for axis, bound, sign in (
        (0, -0.5, 1.0),
        (0, width - 0.5, -1.0),
        (1, -0.5, 1.0),
        (1, height - 0.5, -1.0),
    ):
        kept: list[list[float]] = []
        for here, there in zip(points, points[1:] + points[:1], strict=True):
            inside, next_inside = sign * (here[axis] - bound), sign * (there[axis] - bound)
            if inside >= 0:
                kept.append(here)
            if (inside >= 0) != (next_inside >= 0):
                part = inside / (inside - next_inside)
                kept.append([h + (t - h) * part for h, t in zip(here, there, strict=True)])
        points = kept
    return np.array(points, dtype=np.float64).reshape(-1, 2)
