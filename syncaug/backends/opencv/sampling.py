"""What all resampling shares: interpolations, dtypes, fills, and pictures of many channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    "copied_alike",
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
_ALIKE = frozenset(map(np.dtype, (np.uint8, np.uint16, np.float32)))
"""Dtypes of which nearest sampling takes the same pixels."""


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


def copied_alike(picture: Picture) -> bool:
    """Whether nearest sampling takes the picture as it is, by the rule that holds for all.

    Where a place lies between two pixels, OpenCV's affine warp takes another of them for other
    dtypes and for two channels: then streams would differ by a pixel.
    """
    return picture.dtype in _ALIKE and (picture.ndim == 2 or picture.shape[2] in (1, 3, 4))


def by_channels(
    picture: Picture, resample: Callable[[Picture, Any], Picture], flags: int, fill: Fill
) -> Picture:
    """Call `resample` on what OpenCV takes: known dtypes, at most four channels."""
    dtype, shape = picture.dtype, picture.shape
    channels = shape[2] if picture.ndim == 3 else 1
    values = np.broadcast_to(np.asarray(fill), (channels,)).astype(dtype)
    source = np.ascontiguousarray(picture)
    copies = flags == cv2.INTER_NEAREST
    if not copies and not is_known(picture):
        if dtype != np.bool_ and dtype.itemsize > 4:
            raise ValueError(f"a picture of {dtype} cannot be interpolated; use nearest")
        moved = by_channels(source.astype(np.float32), resample, flags, fill)
        bounds = (0, 1) if dtype == np.bool_ else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        return np.clip(np.rint(moved), *bounds).astype(dtype)
    source = source.reshape(*shape[:2], channels)
    if copies:
        unit = _unit(dtype, values)
        source, values = source.view(unit), values.view(unit)
    parts = []
    for first, last in _parts(source.shape[2], copies):
        part = np.ascontiguousarray(source[:, :, first:last])
        moved = resample(part, tuple(map(float, values[first:last])))
        parts.append(moved[:, :, None] if moved.ndim == 2 else moved)
    joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    if joined.dtype != dtype:
        joined = np.ascontiguousarray(joined).view(dtype)
    return joined.reshape(*joined.shape[:2], *shape[2:])


def _unit(dtype: np.dtype[Any], values: NDArray[Any]) -> np.dtype[Any]:
    """As what the bytes of a picture are copied, so that labels survive exactly.

    As floats only where the fill is one, or 0: others might be no numbers.
    """
    if dtype.itemsize == 1:
        return np.dtype(np.uint8)
    if dtype.itemsize == 4 and (dtype.kind == "f" or not values.any()):
        return np.dtype(np.float32)
    return np.dtype(np.uint16)


def _parts(channels: int, copies: bool) -> Iterator[tuple[int, int]]:
    """The channels that are sampled at a time: up to four, and where they are copied never two."""
    first = 0
    while first < channels:
        step = min(4, channels - first)
        step = 1 if copies and step == 2 else step
        yield first, first + step
        first += step
