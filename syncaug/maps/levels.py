"""Levels of pictures: 16 bits as floats in [0, 1], which kernels take, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["as_floats", "as_stored"]

_WHITE_16 = np.float32(65535.0)


def as_floats(picture: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Levels of 16 bits as float32 in [0, 1], which tells each of them from all others."""
    return picture.astype(np.float32) / _WHITE_16


def as_stored(levels: NDArray[Any]) -> NDArray[np.uint16]:
    """Floats in [0, 1] as the nearest levels of 16 bits; beyond them the last one."""
    return np.asarray(np.rint(np.clip(levels, 0.0, 1.0) * _WHITE_16), dtype=np.uint16)
