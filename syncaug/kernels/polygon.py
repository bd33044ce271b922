"""Convex polygons against the picture's rectangle: what of a moved box is still visible."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.window import Size, clipped

__all__ = ["area", "clip", "edges"]

Points = NDArray[np.float64]


def area(polygon: Points) -> float:
    """The area of a simple polygon (N, 2), by the shoelace formula."""
    points = polygon.tolist()
    total = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        total += x0 * y1 - x1 * y0
    return abs(total) / 2


def edges(size: Size) -> Points:
    """The edges (4, 3) of the picture [-0.5, W-0.5] x [-0.5, H-0.5] as lines for `clip`."""
    width, height = size
    return np.array(
        [[1.0, 0.0, 0.5], [-1.0, 0.0, width - 0.5], [0.0, 1.0, 0.5], [0.0, -1.0, height - 0.5]]
    )


def clip(polygon: Points, lines: Points) -> Points:
    """The part of a convex polygon (N, 2) where a x + b y + c >= 0 for all lines; may be empty."""
    return np.array(clipped(polygon.tolist(), lines.tolist()), dtype=np.float64).reshape(-1, 2)
