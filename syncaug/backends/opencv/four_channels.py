"""Pictures of three channels through kernels for four, which OpenCV has vectorised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = [
    "LEAST_FOR_FOUR",
    "affine_through_four",
    "faster_with_four",
    "from_four",
    "through_four",
    "to_four",
]

Picture = NDArray[Any]
LEAST_FOR_FOUR = 48 * 48
"""The number of pixels from which on the detour pays."""
_MOST = {np.dtype(np.uint8).str: 1 << 62, np.dtype(np.float32).str: 640 * 640}
"""Dtype -> the number of pixels up to which the detour pays."""


def faster_with_four(picture: Picture, flags: int) -> bool:
    """Whether a warp or a remap with these flags is faster by a detour over four channels.

    Measured on pictures of 16 to 1024 pixels. Cubic and nearest sampling gain nothing from it, and
    lose up to a third.
    """
    if flags != cv2.INTER_LINEAR or picture.ndim != 3 or picture.shape[2] != 3:
        return False
    pixels = picture.shape[0] * picture.shape[1]
    return bool(LEAST_FOR_FOUR <= pixels <= _MOST.get(picture.dtype.str, 0))


def affine_through_four(
    picture: Picture, matrix: NDArray[np.float64], size: Size, border: int, fill: Any
) -> Picture:
    """An HxWx3 picture sampled linearly through a matrix (2x3); `border` is OpenCV's number.

    `fill` is one number for all channels, or a number for each.
    """
    value = (fill,) * 4 if isinstance(fill, float) else fill
    four = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
    moved = cv2.warpAffine(
        four, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=value
    )
    return cv2.cvtColor(moved, cv2.COLOR_RGBA2RGB)


def through_four(picture: Picture, function: Callable[[Picture], Picture]) -> Picture:
    """What `function` makes of an HxWx3 picture that has a fourth channel meanwhile."""
    return from_four(function(to_four(picture)))


def to_four(picture: Picture) -> Picture:
    """An HxWx3 picture with a fourth channel."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)


def from_four(picture: Picture) -> Picture:
    """The first three of an HxWx4 picture's channels."""
    return cv2.cvtColor(picture, cv2.COLOR_RGBA2RGB)
