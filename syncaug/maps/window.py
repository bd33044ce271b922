"""Windows: what the cuts of a picture have left of its source; and how lines clip polygons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.numbers import Matrix, Nine

__all__ = ["Rectangle", "Size", "Window", "clipped", "sides"]

Size = tuple[int, int]
"""Width and height in pixels."""
Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom edge in pixels; the edges of a pixel lie at half numbers."""

_AFFINE = [0.0, 0.0, 1.0]
"""The last row of a matrix under which parallel lines stay parallel."""
_ROUNDING = 1e-9
_WHOLE = 1e-6
"""Pixels by which an edge may miss the border between two pixels and still be it."""


class Window(NamedTuple):
    """A cut: of the source, only what its matrix takes into a picture of `size` is left.

    `numbers` are the nine of the matrix (3x3), row by row.
    """

    numbers: Nine
    size: Size

    @property
    def edges(self) -> Matrix:
        """Four lines (4, 3) of the source: left, right, top, bottom.

        A pixel (x, y, 1) lies inside, and in front of a turned camera, where its products with all
        of them are above 0.
        """
        return np.array(sides(self.numbers, self.size))

    @property
    def rectangle(self) -> Rectangle | None:
        """The part of the source that is left; None where it is no upright rectangle."""
        a, b, c, d, e, f, *row = self.numbers
        if row != _AFFINE:
            return None
        width, height = self.size
        if b == d == 0.0 != a * e:
            across, down = _span(a, c, width), _span(e, f, height)
        elif a == e == 0.0 != b * d:
            across, down = _span(d, f, height), _span(b, c, width)
        else:
            return None
        return across[0], down[0], across[1], down[1]

    @property
    def whole_pixels(self) -> tuple[int, int, int, int] | None:
        """Left, top, right and bottom (excluded) of what is left; None where it cuts a pixel."""
        a, b, c, d, e, f, *row = self.numbers
        if a == e == 1.0 and b == d == 0.0 and row == _AFFINE and c % 1.0 == f % 1.0 == 0.0:
            return int(-c), int(-f), int(-c) + self.size[0], int(-f) + self.size[1]
        rectangle = self.rectangle
        if rectangle is None:
            return None
        x0, y0, x1, y1 = (edge + 0.5 for edge in rectangle)
        left, top, right, bottom = round(x0), round(y0), round(x1), round(y1)
        miss = max(abs(x0 - left), abs(y0 - top), abs(x1 - right), abs(y1 - bottom))
        return None if miss > _WHOLE else (left, top, right, bottom)

    def contains(self, points: Matrix) -> NDArray[np.bool_]:
        """For each pixel (N, 2) of the source, whether it is left."""
        rectangle = self.rectangle
        if rectangle is not None:
            low_x, low_y, high_x, high_y = rectangle
            x, y = points.T
            within: NDArray[np.bool_] = (x >= low_x) & (x < high_x) & (y >= low_y) & (y < high_y)
            return within
        edges = self.edges
        left, right, top, bottom = edges[:, :2] @ points.T + edges[:, 2:]
        inside: NDArray[np.bool_] = (left >= 0.0) & (right > 0.0) & (top >= 0.0) & (bottom > 0.0)
        return inside

    def crosses(self, corners: Sequence[tuple[float, float, float]]) -> bool:
        """Whether one of some places (x, y, weight) of the source lies outside, or behind."""
        a, b, c, d, e, f, g, h, i = self.numbers
        wide, high = self.size[0] - 0.5, self.size[1] - 0.5
        for x, y, w in corners:
            u, v, weight = a * x + b * y + c * w, d * x + e * y + f * w, g * x + h * y + i * w
            slack = _ROUNDING * (abs(u) + abs(v) + (wide + high) * abs(weight))
            half = 0.5 * weight
            if (
                u + half < -slack
                or v + half < -slack
                or wide * weight - u < -slack
                or high * weight - v < -slack
            ):
                return True
        return False


def _span(factor: float, shift: float, length: int) -> tuple[float, float]:
    """Between which coordinates `factor` x + `shift` lies in a picture of this length."""
    ends = (-0.5 - shift) / factor, (length - 0.5 - shift) / factor
    return min(ends), max(ends)


def sides(numbers: Nine, size: Size) -> list[Sequence[float]]:
    """The four lines on which a matrix reaches the left, right, top and bottom of a picture."""
    across, down, weight = numbers[:3], numbers[3:6], numbers[6:]
    return _lines(across, weight, size[0]) + _lines(down, weight, size[1])


def _lines(row: Sequence[float], weight: Sequence[float], length: int) -> list[Sequence[float]]:
    """The lines on which `row` over `weight` is at either end of a picture of this length."""
    (a, b, c), (g, h, i) = row, weight
    end = length - 0.5
    return [
        (a + 0.5 * g, b + 0.5 * h, c + 0.5 * i),
        (end * g - a, end * h - b, end * i - c),
    ]


def clipped(
    polygon: Sequence[tuple[float, float]], lines: Iterable[Sequence[float]]
) -> list[tuple[float, float]]:
    """The part of a convex polygon where a x + b y + c >= 0 for all lines (a, b, c); may be empty.

    Sutherland and Hodgman, Reentrant polygon clipping (CACM 1974).
    """
    points = list(polygon)
    for a, b, c in lines:
        heights = [a * x + b * y + c for x, y in points]
        if not heights or min(heights) >= 0.0:
            continue
        kept: list[tuple[float, float]] = []
        following = zip([*heights[1:], heights[0]], [*points[1:], points[0]], strict=True)
        for inside, (x, y), (after, (next_x, next_y)) in zip(
            heights, points, following, strict=True
        ):
            if inside >= 0.0:
                kept.append((x, y))
            if (inside >= 0.0) != (after >= 0.0):
                part = inside / (inside - after)
                kept.append((x + (next_x - x) * part, y + (next_y - y) * part))
        points = kept
    return points
