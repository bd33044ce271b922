"""Pictures resampled along fields, blended and blurred."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.backends.opencv.four_channels import faster_with_four, through_four
from syncaug.backends.opencv.lenses import field_parts
from syncaug.backends.opencv.sampling import FLAGS, Fill, Picture, by_channels, require_side
from syncaug.maps.plane import FieldMap

__all__ = ["blend", "blurred", "edges", "remap"]


def remap(
    picture: Picture, field: FieldMap, interpolation: str = "linear", fill: Fill = 0
) -> Picture:
    """The picture resampled along a field; `fill` where the field is not valid."""
    require_side(picture.shape[1], picture.shape[0])
    require_side(*field.size)
    flags = FLAGS[interpolation]
    x, y, valid = field_parts(field)

    def resample(part: Picture, value: Any = None) -> Picture:
        return cv2.remap(part, x, y, flags, borderMode=cv2.BORDER_REPLICATE)

    if faster_with_four(picture, flags):
        moved = through_four(picture, resample)
    else:
        moved = by_channels(picture, resample, flags, fill)
    if not valid.all():
        moved[~valid] = np.asarray(fill, moved.dtype)
    return moved


def blend(picture: Picture, other: Picture, share: float) -> Picture:
    """(1 - share) of one picture plus `share` of another of the same dtype and shape."""
    mixed: Picture = cv2.addWeighted(picture, 1.0 - share, other, share, 0.0)
    return mixed.reshape(picture.shape)


def blurred(field: NDArray[np.float32], pixels: float) -> NDArray[np.float32]:
    """A field (H, W) under a Gaussian whose standard deviation is in pixels."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), pixels), dtype=np.float32)


def edges(picture: Picture, apart: float) -> NDArray[np.bool_]:
    """Which pixels (H, W) of a picture of floats differ from one of the eight around them.

    `apart` is by how much, in one channel at least.
    """
    block = np.ones((3, 3), np.uint8)
    different = np.zeros(picture.shape[:2], np.bool_)
    for channel in np.moveaxis(picture, -1, 0):
        plain = np.ascontiguousarray(channel)
        different |= cv2.dilate(plain, block) - cv2.erode(plain, block) > apart
    return different
