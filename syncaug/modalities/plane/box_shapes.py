"""Shapes of boxes: their corners, and the formats in which they come and go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = [
    "Corners",
    "areas_of",
    "from_corners",
    "in_whole_pixels",
    "sampled",
    "to_corners",
]

Corners = NDArray[np.float64]
"""Left, top, right and bottom of boxes (N, 4), in pixels whose centres lie on integers.

Best column by column in memory (order F): the functions here work on columns.
"""
_EDGE_SAMPLES = 16


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
    with np.errstate(invalid="ignore"):  # infinite ones are told of by whoever holds them
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
