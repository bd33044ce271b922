"""Convex polygons against the picture's rectangle: what of a moved box is still visible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = ["area", "clip"]

Points = NDArray[np.float64]


def area(polygon: Points) -> float:
    """The area of a simple polygon (N, 2), by the shoelace formula."""
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def clip(polygon: Points, size: Size) -> Points:
    """The part of a convex polygon inside the picture [-0.5, W-0.5] x [-0.5, H-0.5]; may be empty.

    Sutherland and Hodgman, Reentrant polygon clipping (CACM 1974).
    """
    width, height = size
    for axis, bound, sign in (
        (0, -0.5, 1),
        (0, width - 0.5, -1),
        (1, -0.5, 1),
        (1, height - 0.5, -1),
    ):
        if len(polygon) == 0:
            return polygon
        distance = sign * (polygon[:, axis] - bound)
        kept: list[Points] = []
        for here, there, d0, d1 in zip(
            polygon, np.roll(polygon, -1, axis=0), distance, np.roll(distance, -1), strict=True
        ):
            if d0 >= 0:
                kept.append(here)
            if (d0 >= 0) != (d1 >= 0):
                kept.append(here + (there - here) * (d0 / (d0 - d1)))
        polygon = np.array(kept).reshape(-1, 2)
    return polygon
