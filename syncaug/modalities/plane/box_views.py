"""Views of boxes: what a picture shows of them under a plane map, and how large they become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels import polygon
from syncaug.kernels.rowwise import every, measured
from syncaug.maps.plane import PlaneMap, apply_projective
from syncaug.maps.window import Rectangle, Window
from syncaug.modalities.plane.box_shapes import Corners, areas_of

__all__ = ["enlargement", "seen_under"]

Quad = Sequence[tuple[float, float]]

_HORIZON = 1e-3
"""The least weight of what a turned camera shows: its horizon has none."""
_LEAST = 5e-324
"""The least number above 0."""
_QUAD = np.array([0, 1, 2, 1, 2, 3, 0, 3])
"""Left-top, right-top, right-bottom and left-bottom out of left, top, right, bottom."""


def enlargement(corners: Corners, plane: PlaneMap) -> NDArray[np.float64]:
    """By how much a map enlarges each box, whether it is still seen or not."""
    if plane.is_affine:
        a, b, d, e = plane.jacobian
        return np.full(len(corners), abs(a * e - b * d) / plane.numbers[8] ** 2)
    quads = corners.take(_QUAD, axis=1).reshape(-1, 4, 2)
    ahead = (quads @ plane.matrix[2, :2] + plane.matrix[2, 2] > 0).all(axis=1)
    out = np.ones(len(corners))
    out[ahead] = [polygon.area(plane.points(quad).tolist()) for quad in quads[ahead]]
    out[ahead] /= areas_of(corners[ahead])
    return out


def seen_under(corners: Corners, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under a map, and the share of each that the picture still shows."""
    numbers = plane.numbers
    upright = numbers[1] == numbers[3] == 0.0 and plane.is_affine
    if not plane.cuts:
        return _clip_upright(corners, plane) if upright else _clip_turned(corners, plane)
    left: NDArray[np.float64] | None = None
    turned: list[Window] = []
    for window in plane.cuts:
        rectangle = window.rectangle
        if rectangle is None:
            turned.append(window)
        elif not every(_lies_within, corners, *rectangle):
            corners, part = _within(corners, rectangle)
            left = part if left is None else left * part
    if turned or not upright:
        moved, share = _clip_turned(corners, plane, turned)
    else:
        moved, share = _clip_upright(corners, plane)
    return moved, share if left is None else np.where(left > 0.0, share * left, 0.0)


def _within(corners: Corners, rectangle: Rectangle) -> tuple[Corners, NDArray[np.float64]]:
    """The parts of boxes inside of a rectangle, and their shares; what is outside stays whole."""
    seen = measured(_part, corners, *rectangle)
    parts, share, inside = seen[:4].T, seen[4], seen[5]
    if np.count_nonzero(inside) < len(inside):
        parts = np.where(inside[:, None], parts, corners)
        share = np.where(inside, share, 0.0)
    return parts, share


def _lies_within(
    left: Any, top: Any, right: Any, bottom: Any, x0: float, y0: float, x1: float, y1: float
) -> Any:
    """Whether a box does not reach out of a rectangle."""
    return (left >= x0) & (top >= y0) & (right <= x1) & (bottom <= y1)


def _part(
    least: Any, most: Any, left: Any, top: Any, right: Any, bottom: Any,
    x0: float, y0: float, x1: float, y1: float,
) -> tuple[Any, ...]:  # fmt: skip
    """The part of a box in a rectangle, its share, and whether there is such a part."""
    low_x, low_y = most(left, x0), most(top, y0)
    high_x, high_y = least(right, x1), least(bottom, y1)
    area = (right - left) * (bottom - top)
    share = (high_x - low_x) * (high_y - low_y) / most(area, _LEAST)
    return low_x, low_y, high_x, high_y, share, (high_x > low_x) & (high_y > low_y)


def _clip_upright(corners: Corners, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under a map that keeps axes: move two corners and clip."""
    a, _, c, _, e, f, _, _, i = plane.numbers
    width, height = plane.size
    seen = measured(_upright, corners, a / i, c / i, e / i, f / i, width - 0.5, height - 0.5)
    return seen[:4].T, seen[4]


def _upright(
    least: Any, most: Any, left: Any, top: Any, right: Any, bottom: Any,
    wide: float, x: float, high: float, y: float, width: float, height: float,
) -> tuple[Any, ...]:  # fmt: skip
    """What a picture shows of a box that is stretched and shifted, and the share of it."""
    if wide < 0.0:
        left, right = right, left
    if high < 0.0:
        top, bottom = bottom, top
    left, right, top, bottom = left * wide + x, right * wide + x, top * high + y, bottom * high + y
    low_x, high_x = least(most(left, -0.5), width), least(most(right, -0.5), width)
    low_y, high_y = least(most(top, -0.5), height), least(most(bottom, -0.5), height)
    area = (right - left) * (bottom - top)  # 0 where a zoom has left less than numbers can hold
    share = (high_x - low_x) * (high_y - low_y) / most(area, _LEAST)
    return low_x, low_y, high_x, high_y, share


def _clip_turned(
    corners: Corners, plane: PlaneMap, cuts: Sequence[Window] = ()
) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under any other map: the rectangle around what is visible of the moved box.

    Only quadrilaterals that cross the picture's edge, or one of the `cuts`, are clipped; what of
    one lies behind a turned camera is gone.
    """
    quads = corners.take(_QUAD, axis=1).reshape(-1, 4, 2)
    parts: dict[int, tuple[Quad, float]] = {}
    if plane.is_affine and not cuts:
        matrix = plane.matrix
        moved = quads @ matrix[:2, :2].T + matrix[:2, 2]
    else:
        moved, parts = _in_front(quads, plane, cuts)
    width, height = plane.size
    bounds = measured(_bounds, moved.reshape(-1, 8), width - 0.5, height - 0.5)
    seen, share = bounds[:4].T, bounds[4]
    if parts:
        share[list(parts)] = 0.0
    shares = share.tolist()
    if 0.0 not in shares:
        return seen, share
    lines = polygon.edges(plane.size)
    for index, whole in enumerate(shares):
        if whole:
            continue
        quad, part = parts.get(index) or _overlapping(moved[index].tolist(), seen[index].tolist())
        left = polygon.clipped(quad, lines) if quad else []
        share[index] = part * polygon.area(left) / polygon.area(quad) if left else 0.0
        seen[index] = _around(left) if left else 0.0
    return seen, share


def _bounds(
    least: Any, most: Any,
    x0: Any, y0: Any, x1: Any, y1: Any, x2: Any, y2: Any, x3: Any, y3: Any,
    width: float, height: float,
) -> tuple[Any, ...]:  # fmt: skip
    """The rectangle around a quadrilateral in the picture, and 1 where it reaches not beyond it."""
    left, right = least(x0, x1, x2, x3), most(x0, x1, x2, x3)
    top, bottom = least(y0, y1, y2, y3), most(y0, y1, y2, y3)
    low_x, high_x = least(most(left, -0.5), width), least(most(right, -0.5), width)
    low_y, high_y = least(most(top, -0.5), height), least(most(bottom, -0.5), height)
    within = (low_x == left) & (high_x == right) & (low_y == top) & (high_y == bottom)
    return low_x, low_y, high_x, high_y, within


def _overlapping(quad: Quad, seen: Rectangle) -> tuple[Quad, float]:
    """A quadrilateral as a whole, or nothing where the rectangle around it misses the picture."""
    left, top, right, bottom = seen
    return (quad, 1.0) if left < right and top < bottom else ([], 1.0)


def _in_front(
    quads: NDArray[np.float64], plane: PlaneMap, cuts: Sequence[Window]
) -> tuple[NDArray[np.float64], dict[int, tuple[Quad, float]]]:
    """Quadrilaterals (N, 4, 2) under a map; of those that are cut, the parts and their shares.

    What lies behind a turned camera, or outside of one of the `cuts`, has no part.
    """
    lines = np.concatenate(
        [[plane.matrix[2] - [0.0, 0.0, _HORIZON]], *(window.edges for window in cuts)]
    )
    whole = (quads @ lines[:, :2].T + lines[:, 2] >= 0.0).all(axis=(1, 2))
    moved = apply_projective(plane.matrix, np.where(whole[:, None, None], quads, 0.0))
    parts: dict[int, tuple[Quad, float]] = {}
    for index in (~whole).nonzero()[0].tolist():
        quad = quads[index].tolist()
        left = polygon.clipped(quad, lines.tolist())
        share = polygon.area(left) / polygon.area(quad)
        parts[index] = (plane.points(np.array(left)).tolist() if left else [], share)
    return moved, parts


def _around(points: Quad) -> Rectangle:
    """The rectangle around points."""
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)
