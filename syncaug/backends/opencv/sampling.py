"""What all resampling shares: interpolations, dtypes, fills, and pictures of many channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug import limits
from syncaug.maps.plane import Size

__all__ = [
    "FLAGS",
    "KNOWN",
    "Fill",
    "Picture",
    "by_channels",
    "canvas",
    "drawable",
    "is_known",
    "pixel",
    "require_side",
]

Picture = NDArray[Any]
Fill = float | Sequence[float]
FLAGS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_LINEAR,
}
"""Name of an interpolation -> how OpenCV samples for it."""
KNOWN = frozenset(map(np.dtype, (np.uint8, np.uint16, np.int16, np.float32, np.float64)))
"""Dtypes whose values OpenCV interpolates."""


def is_known(picture: Picture) -> bool:
    """Whether OpenCV interpolates values of this dtype."""
    return picture.dtype in KNOWN


def drawable(picture: Picture) -> bool:
    """Whether OpenCV draws and warps the picture as it is: known values, at most four channels."""
    return picture.dtype in KNOWN and (picture.ndim == 2 or picture.shape[2] <= 4)


def pixel(fill: Fill, picture: Picture) -> Any:
    """A fill as the picture holds it; whole numbers are rounded where OpenCV rounds them."""
    whole = drawable(picture) and picture.dtype.kind != "f"
    return np.asarray(np.rint(fill) if whole else fill).astype(picture.dtype)


def canvas(picture: Picture, size: Size, fill: Fill) -> Picture:
    """A picture of another size and the same kind that shows nothing."""
    empty = np.empty((size[1], size[0], *picture.shape[2:]), picture.dtype)
    empty[...] = np.asarray(fill).astype(picture.dtype)
    return empty


def require_side(width: int, height: int) -> None:
    """Raise OverLimitError where OpenCV cannot warp a picture of this size."""
    if width > limits.WARP_SIDE or height > limits.WARP_SIDE:
        what = f"a warp of {width}x{height} pixels"
        limits.require(max(width, height), limits.WARP_SIDE, what, "pixels a side")


def by_channels(
    picture: Picture, resample: Callable[[Picture, Any], Picture], flags: int, fill: Fill
) -> Picture:
    """Call `resample` on what OpenCV takes: known dtypes, at most four channels."""
    dtype, shape = picture.dtype, picture.shape
    channels = shape[2] if picture.ndim == 3 else 1
    values = np.broadcast_to(np.asarray(fill), (channels,)).astype(dtype)
    source = np.ascontiguousarray(picture)
    if not is_known(picture):
        if flags != cv2.INTER_NEAREST:
            if dtype != np.bool_ and dtype.itemsize > 4:
                raise ValueError(f"a picture of {dtype} cannot be interpolated; use nearest")
            moved = by_channels(source.astype(np.float32), resample, flags, fill)
            bounds = (0, 1) if dtype == np.bool_ else (np.iinfo(dtype).min, np.iinfo(dtype).max)
            return np.clip(np.rint(moved), *bounds).astype(dtype)
        # Nearest only copies, so the bytes may pass as any dtype: labels survive exactly.
        unit = np.dtype({1: np.uint8, 2: np.uint16, 4: np.float32, 8: np.float64}[dtype.itemsize])
        if unit.kind == "f":
            unit = np.dtype(np.uint16)
        source = source.reshape(*shape[:2], channels).view(unit)
        values = values.view(unit)
    else:
        source = source.reshape(*shape[:2], channels)
    parts = []
    for first in range(0, source.shape[2], 4):
        part = np.ascontiguousarray(source[:, :, first : first + 4])
        moved = resample(part, tuple(map(float, values[first : first + 4])))
        parts.append(moved[:, :, None] if moved.ndim == 2 else moved)
    joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    if joined.dtype != dtype:
        joined = np.ascontiguousarray(joined).view(dtype)
    return joined.reshape(*joined.shape[:2], *shape[2:])
