"""Planes of a picture, one for each channel, woven to pixels and back.

OpenCV does it many times as fast as a copy of a transposed array.
"""

from __future__ import annotations

import cv2
import numpy as np

from syncaug.backends.opencv.sampling import Picture

__all__ = ["interleaved", "planar"]

_CHANNELS = range(2, 5)
_KNOWN = frozenset("BbHhif")
"""Types of numbers that OpenCV knows, by numpy's letters for them."""


def interleaved(planes: Picture) -> Picture:
    """A picture (H, W, C) of its planes (C, H, W): a new contiguous array."""
    if len(planes) in _CHANNELS and _is_known(planes):
        return cv2.merge([np.ascontiguousarray(plane) for plane in planes])
    return planes.transpose(1, 2, 0).copy(order="C")


def planar(picture: Picture) -> Picture:
    """The planes (C, H, W) of a picture (H, W, C): a new contiguous array."""
    if picture.shape[2] in _CHANNELS and _is_known(picture):
        planes = np.empty((picture.shape[2], *picture.shape[:2]), picture.dtype)
        cv2.split(np.ascontiguousarray(picture), list(planes))
        return planes
    return picture.transpose(2, 0, 1).copy(order="C")


def _is_known(array: Picture) -> bool:
    return array.dtype.char in _KNOWN and array.dtype.isnative and array.size > 0
