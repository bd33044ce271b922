"""Convex polygons against the picture's rectangle: what of a moved box is still visible."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.maps.window import Size, clipped

__all__ = ["area", "clipped", "edges"]

Points = Sequence[tuple[float, float]]


def area(polygon: Points) -> float:
    """The area of a simple polygon, by the shoelace formula."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        total += x0 * y1 - x1 * y0
    return abs(total) / 2


def edges(size: Size) -> list[tuple[float, float, float]]:
    """The edges of the picture [-0.5, W-0.5] x [-0.5, H-0.5] as lines for `clipped`."""
    width, height = size
    return [(1.0, 0.0, 0.5), (-1.0, 0.0, width - 0.5), (0.0, 1.0, 0.5), (0.0, -1.0, height - 0.5)]
