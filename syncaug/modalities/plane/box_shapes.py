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

Corners = NDArray[np.float64]
"""Left, top, right and bottom of boxes (N, 4), in pixels whose centres lie on integers."""
_EDGE_SAMPLES = 16
_HORIZON = 1e-3
"""The least weight of what a turned camera shows: its horizon has none."""
_QUAD = [0, 1, 2, 1, 2, 3, 0, 3]
"""Left-top, right-top, right-bottom and left-bottom out of left, top, right, bottom."""


def areas_of(corners: Corners) -> NDArray[np.float64]:
    """The pixels that each box covers (N,)."""
    area: NDArray[np.float64] = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return area


def in_whole_pixels(boxes: Corners, corners: Corners, form: str, size: Size) -> Corners:
    """Boxes in whole pixels, each at least one pixel wide and high and inside the picture."""
    boxes = np.rint(boxes)
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
    out[ahead] = [polygon.area(plane.points(quad)) for quad in quads[ahead]]
    out[ahead] /= areas_of(corners[ahead])
    return out


def seen_under(corners: Corners, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under a map, and the share of each that the picture still shows."""
    upright = plane.numbers[1] == plane.numbers[3] == 0.0 and plane.is_affine
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
    left, top, _, _ = corners.min(axis=0).tolist()
    _, _, right, bottom = corners.max(axis=0).tolist()
    return left, top, right, bottom


def _lie_within(corners: Corners, rectangle: Rectangle) -> bool:
    """Whether no box reaches out of a rectangle."""
    if len(corners) == 0:
        return True
    (left, top, right, bottom), (x0, y0, x1, y1) = reach(corners), rectangle
    return bool(x0 <= left and y0 <= top and right <= x1 and bottom <= y1)


def _within(corners: Corners, rectangle: Rectangle) -> tuple[Corners, NDArray[np.float64]]:
    """The parts of boxes inside of a rectangle, and their shares; what is outside stays whole."""
    edges = np.array(rectangle)
    low, high = np.maximum(corners[:, :2], edges[:2]), np.minimum(corners[:, 2:], edges[2:])
    inside = (high > low).all(axis=1)
    parts = np.where(inside[:, None], np.hstack([low, high]), corners)
    return parts, np.where(inside, areas_of(parts) / areas_of(corners), 0.0)


def _clip_upright(corners: Corners, plane: PlaneMap) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under a map that keeps axes: move two corners and clip."""
    matrix = plane.matrix / plane.matrix[2, 2]
    scale = np.array([matrix[0, 0], matrix[1, 1]] * 2)
    moved = corners * scale + np.array([matrix[0, 2], matrix[1, 2]] * 2)
    low, high = np.minimum(moved[:, :2], moved[:, 2:]), np.maximum(moved[:, :2], moved[:, 2:])
    limit = np.array(plane.size) - 0.5
    seen_low, seen_high = np.clip(low, -0.5, limit), np.clip(high, -0.5, limit)
    area = np.prod(high - low, axis=1)  # 0 where a zoom has left less than numbers can hold
    share = np.prod(seen_high - seen_low, axis=1) / np.where(area > 0.0, area, 1.0)
    return np.hstack([seen_low, seen_high]), share


def _clip_turned(
    corners: Corners, plane: PlaneMap, cuts: Sequence[Window] = ()
) -> tuple[Corners, NDArray[np.float64]]:
    """Boxes under any other map: the rectangle around what is visible of the moved box.

    Only quadrilaterals that cross the picture's edge, or one of the `cuts`, are clipped; what of
    one lies behind a turned camera is gone.
    """
    out, share = np.zeros_like(corners), np.zeros(len(corners))
    if len(corners) == 0:
        return out, share
    quads = corners[:, _QUAD].reshape(-1, 4, 2)
    if plane.is_affine and not cuts:
        whole = [True] * len(quads)
        moved = quads @ plane.matrix[:2, :2].T + plane.matrix[:2, 2]
    else:
        lines = np.concatenate(
            [[plane.matrix[2] - [0.0, 0.0, _HORIZON]], *(window.edges for window in cuts)]
        )
        inside = (quads @ lines[:, :2].T + lines[:, 2] >= 0.0).all(axis=(1, 2))
        moved = apply_projective(plane.matrix, np.where(inside[:, None, None], quads, 0.0))
        whole = inside.tolist()
    limit_x, limit_y = plane.size[0] - 0.5, plane.size[1] - 0.5
    bounds = np.hstack([moved.min(axis=1), moved.max(axis=1)])
    for index, (left, top, right, bottom) in enumerate(bounds.tolist()):
        quad, part = moved[index], 1.0
        if not whole[index]:
            left_over = polygon.clip(quads[index], lines)
            if not len(left_over):
                continue
            part = polygon.area(left_over) / polygon.area(quads[index])
            quad = apply_projective(plane.matrix, left_over)
        elif left >= -0.5 and top >= -0.5 and right <= limit_x and bottom <= limit_y:
            share[index], out[index] = 1.0, (left, top, right, bottom)
            continue
        elif right <= -0.5 or bottom <= -0.5 or left >= limit_x or top >= limit_y:
            continue
        seen = polygon.clip(quad, polygon.edges(plane.size))
        if len(seen):
            share[index] = part * polygon.area(seen) / polygon.area(quad)
            out[index] = [*seen.min(axis=0), *seen.max(axis=0)]
    return out, share


def sampled(corners: Corners) -> NDArray[np.float64]:
    """A grid of points over each box: (N, S*S, 2)."""
    steps = np.linspace(0.0, 1.0, _EDGE_SAMPLES)
    across, down = (axis.ravel() for axis in np.meshgrid(steps, steps))
    left, top, right, bottom = (column[:, None] for column in corners.T)
    return np.stack([left + (right - left) * across, top + (bottom - top) * down], axis=-1)


def to_corners(boxes: Corners, form: str, size: Size) -> Corners:
    """Any format to corners; box edges count from the picture's edge, hence the half."""
    boxes = boxes.copy()
    if form in ("yolo", "albumentations"):
        boxes *= np.array([*size, *size], dtype=np.float64)
    if form == "yolo":
        boxes[:, :2] -= boxes[:, 2:] / 2
    if form in ("coco", "yolo"):
        boxes[:, 2:] += boxes[:, :2]
    return boxes - 0.5


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
