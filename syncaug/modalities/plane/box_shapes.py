"""Shapes of boxes: formats and corners, where maps take them, and what is seen of them there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels import polygon
from syncaug.maps.plane import PlaneMap, Size, apply_projective
from syncaug.maps.window import Rectangle, Window

__all__ = [
    "Corners",
    "areas_of",
    "enlargement",
    "from_corners",
    "in_whole_pixels",
    "reach",
    "sampled",
    "seen_under",
    "to_corners",
]

Quad = Sequence[tuple[float, float]]
Corners = NDArray[np.float64]
"""Left, top, right and bottom of boxes (N, 4), in pixels whose centres lie on integers.

Best column by column in memory (order F): the functions here work on columns.
"""
_EDGE_SAMPLES = 16
_HORIZON = 1e-3
"""The least weight of what a turned camera shows: its horizon has none."""
_QUAD = [0, 1, 2, 1, 2, 3, 0, 3]
"""Left-top, right-top, right-bottom and left-bottom out of left, top, right, bottom."""


def areas_of(corners: Corners) -> NDArray[np.float64]:
    """The pixels that each box covers (N,)."""
    left, top, right, bottom = corners.T
    area: NDArray[np.float64] = (right - left) * (bottom - top)
    return area


def in_whole_pixels(boxes: Corners, corners: Corners, form: str, size: Size) -> Corners:
    """Boxes in whole pixels, each at least one pixel wide and high and inside the picture."""
    boxes = np.rint(boxes, order="C")
    for axis in (0, 1):
        extent = boxes[:, axis + 2] - (boxes[:, axis] if form == "pascal_voc" else 0.0)
        flat = extent < 1.0
        middle = (corners[flat, axis] + corners[flat, axis + 2] + 1.0) / 2
        first = np.clip(np.floor(middle), 0.0, size[axis] - 1.0)
        boxes[flat, axis] = first
        boxes[flat, axis + 2] = first + 1.0 if form == "pascal_voc" else 1.0
    return boxes


def enlargement(corners: Corners, plane: PlaneMap) -> NDArray[np.float64]:
    """By how much a map enlarges each box, whether it is still seen or not."""
    if plane.is_affine:
        a, b, d, e = plane.jacobian
        return np.full(len(corners), abs(a * e - b * d) / plane.numbers[8] ** 2)
    quads = corners[:, _QUAD].reshape(-1, 4, 2)
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
        elif not _lie_within(corners, rectangle):
            corners, part = _within(corners, rectangle)
            left = part if left is None else left * part
    if turned or not upright:
        moved, share = _clip_turned(corners, plane, turned)
    else:
        moved, share = _clip_upright(corners, plane)
    return moved, share if left is None else np.where(left > 0.0, share * left, 0.0)


def reach(corners: Corners) -> Rectangle:
    """The rectangle around all boxes, of which there is one at least."""
    left, top = np.minimum.reduce(corners[:, :2]).tolist()
    right, bottom = np.maximum.reduce(corners[:, 2:]).tolist()
    return left, top, right, bottom


def _lie_within(corners: Corners, rectangle: Rectangle) -> bool:
    """Whether no box reaches out of a rectangle."""
    if len(corners) == 0:
        return True
    (left, top, right, bottom), (x0, y0, x1, y1) = reach(corners), rectangle
    return bool(x0 <= left and y0 <= top and right <= x1 and bottom <= y1)


def _within(corners: Corners, rectangle: Rectangle) -> tuple[Corners, NDArray[np.float64]]:
    """The parts of boxes inside of a rectangle, and their shares; what is outside stays whole."""
    x0, y0, x1, y1 = rectangle
    left, top, right, bottom = corners.T
    parts = np.empty((4, len(corners)))
    low_x, low_y, high_x, high_y = parts
    np.maximum(left, x0, out=low_x)
    np.maximum(top, y0, out=low_y)
    np.minimum(right, x1, out=high_x)
    np.minimum(bottom, y1, out=high_y)
    inside = (high_x > low_x) & (high_y > low_y)
    share = (high_x - low_x) * (high_y - low_y) / ((right - left) * (bottom - top))
    if np.count_nonzero(inside) < len(inside):
        parts = np.where(inside, parts, corners.T)
        share = np.where(inside, share, 0.0)
    return parts.T, share


def _clip_upright(corners: Corners, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under a map that keeps axes: move two corners and clip."""
    a, _, c, _, e, f, _, _, i = plane.numbers
    width, height = plane.size
    seen = np.empty((4, len(corners)))
    wide, shown_wide = _clip_ends(corners.T[0::2], a / i, c / i, width - 0.5, seen[0::2])
    high, shown_high = _clip_ends(corners.T[1::2], e / i, f / i, height - 0.5, seen[1::2])
    area = wide * high  # 0 where a zoom has left less than numbers can hold
    return seen.T, shown_wide * shown_high / np.where(area > 0.0, area, 1.0)


def _clip_ends(
    ends: Corners, factor: float, shift: float, limit: float, seen: Corners
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move pairs of ends (2, N) on one axis and write what lies in the picture to `seen`.

    The lengths that they enclose, whole and as they are seen.
    """
    moved = ends * factor + shift
    if factor < 0.0:
        moved = moved[::-1]
    np.minimum(np.maximum(moved, -0.5), limit, out=seen)
    return moved[1] - moved[0], seen[1] - seen[0]


def _clip_turned(
    corners: Corners, plane: PlaneMap, cuts: Sequence[Window] = ()
) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under any other map: the rectangle around what is visible of the moved box.

    Only quadrilaterals that cross the picture's edge, or one of the `cuts`, are clipped; what of
    one lies behind a turned camera is gone.
    """
    if len(corners) == 0:
        return np.zeros_like(corners), np.zeros(0)
    quads = corners[:, _QUAD].reshape(-1, 4, 2)
    if plane.is_affine and not cuts:
        moved = quads @ plane.matrix[:2, :2].T + plane.matrix[:2, 2]
        parts: dict[int, tuple[Quad, float]] = {}
    else:
        moved, parts = _in_front(quads, plane, cuts)
    bounds = np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1)
    seen = np.minimum(np.maximum(bounds, -0.5), np.array([*plane.size, *plane.size]) - 0.5)
    share = np.ones(len(corners))
    crossing = (seen != bounds).any(axis=1)
    crossing[list(parts)] = True
    lines = polygon.edges(plane.size)
    for index in crossing.nonzero()[0].tolist():
        quad, part = parts.get(index) or _overlapping(moved[index].tolist(), seen[index].tolist())
        left = polygon.clipped(quad, lines) if quad else []
        share[index] = part * polygon.area(left) / polygon.area(quad) if left else 0.0
        seen[index] = _around(left) if left else 0.0
    return seen, share


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


def sampled(corners: Corners) -> NDArray[np.float64]:
    """A grid of points over each box: (N, S*S, 2)."""
    steps = np.linspace(0.0, 1.0, _EDGE_SAMPLES)
    across, down = (axis.ravel() for axis in np.meshgrid(steps, steps))
    left, top, right, bottom = (column[:, None] for column in corners.T)
    return np.stack([left + (right - left) * across, top + (bottom - top) * down], axis=-1)


def to_corners(boxes: Corners, form: str, size: Size) -> Corners:
    """Any format to corners; box edges count from the picture's edge, hence the half."""
    if form == "pascal_voc":
        return boxes - 0.5
    boxes = boxes.copy(order="K")
    if form in ("yolo", "albumentations"):
        boxes *= np.array([*size, *size], dtype=np.float64)
    if form == "yolo":
        boxes[:, :2] -= boxes[:, 2:] / 2
    if form in ("coco", "yolo"):
        boxes[:, 2:] += boxes[:, :2]
    boxes -= 0.5
    return boxes


def from_corners(corners: Corners, form: str, size: Size) -> Corners:
    """Corners in any format again; box edges count from the picture's edge, hence the half."""
    boxes = corners + 0.5
    if form in ("coco", "yolo"):
        boxes[:, 2:] -= boxes[:, :2]
    if form == "yolo":
        boxes[:, :2] += boxes[:, 2:] / 2
    if form in ("yolo", "albumentations"):
        boxes /= np.array([*size, *size], dtype=np.float64)
    return boxes
