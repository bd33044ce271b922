"""The field that takes a distortion out of a picture, as OpenCV computes it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.maps.lens import Lens
from syncaug.maps.lens_map import LensMap
from syncaug.maps.numbers import Nine, as_matrix
from syncaug.maps.plane import FieldMap, Size

__all__ = ["field_parts"]

_KEPT = 8
"""How many fields are kept: the cameras of a rig are the same from sample to sample."""
_BESIDE = 1e-3

Parts = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]
"""The columns and the rows that pixels come from, and which of them are valid."""


def field_parts(field: FieldMap) -> Parts:
    """The two halves of a field, and where it is valid."""
    if isinstance(field, LensMap):
        before, after = field.before, field.after
        if _is_plain(before.calibration) and _is_plain(after.calibration):
            numbers = before.calibration, before.lens, after.calibration
            return _straight(*numbers, before.size, after.size)
    x, y = cv2.split(field.field)
    return np.asarray(x, np.float32), np.asarray(y, np.float32), field.valid


def _is_plain(numbers: Nine) -> bool:
    """Whether K has no skew, as OpenCV's models have none."""
    _, skew, _, other, _, _, *last = numbers
    return skew == other == 0.0 and last == [0.0, 0.0, 1.0]


@lru_cache(maxsize=_KEPT)
def _straight(before: Nine, lens: Lens, after: Nine, source: Size, size: Size) -> Parts:
    old, new, terms = as_matrix(before), as_matrix(after), np.array(lens.terms)
    if lens.model == "fisheye":
        x, y = cv2.fisheye.initUndistortRectifyMap(old, terms, np.eye(3), new, size, cv2.CV_32FC1)
    else:
        none = np.eye(3)
        x, y = cv2.initUndistortRectifyMap(old, terms, none, new, size, cv2.CV_32FC1)
    with np.errstate(invalid="ignore"):
        low, wide, high = -0.5 - _BESIDE, source[0] - 0.5 + _BESIDE, source[1] - 0.5 + _BESIDE
        valid = (x >= low) & (x <= wide) & (y >= low) & (y <= high)
    reach = lens.reach
    if np.isfinite(reach):  # beyond it the model folds back
        across = (np.arange(size[0]) - new[0, 2]) / new[0, 0]
        down = (np.arange(size[1]) - new[1, 2]) / new[1, 1]
        valid &= np.square(across) + np.square(down)[:, None] <= reach * reach
    return np.asarray(x, np.float32), np.asarray(y, np.float32), np.asarray(valid, np.bool_)
