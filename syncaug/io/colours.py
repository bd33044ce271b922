"""Decoded frames as RGB: matrix, range and depth as the file says them, or as is usual.

A film that does not say its matrix is BT.709 from 1280 columns or 720 lines on, and BT.601 below,
as players take it. Rounding is exact to half a level; the plain converter of FFmpeg is up to three
levels off. Source: ITU-R BT.601, BT.709, BT.2020.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.containers import load_av

__all__ = ["as_rgb", "is_deep"]

_MATRICES: Mapping[int, int] = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
"""A frame's colour space (ISO 23001-8, MatrixCoefficients) -> the converter's number of it."""

_BT709, _BT601 = 1, 5
_LIMITED, _FULL = 1, 2
_WIDE, _HIGH = 1280, 720
_PLANES = (2, 0, 1)
"""Red, green and blue among the planes of a planar frame, which begin with green."""


class _Kept(threading.local):
    """FFmpeg's converter of this thread, which takes as long to set up as a small frame to convert.

    It has no threads of its own: they would not come along into a forked process.
    """

    def __init__(self) -> None:
        self._made: Any = None

    def converter(self) -> Any:
        if self._made is None:
            self._made = load_av().video.reformatter.VideoReformatter()
        return self._made


_KEPT = _Kept()


def as_rgb(frame: Any, into: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """The frame as (H, W, 3) levels of 8 bits.

    With `into`, of this shape, they may come in it.
    """
    convert = _KEPT.converter().reformat
    if not _has_matrix(frame):
        rgb = convert(frame, format="rgb24", threads=1)
        plane = rgb.planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        return rows[: rgb.height, : rgb.width * 3].reshape(rgb.height, rgb.width, 3)
    full = _range(frame) == _FULL
    deep = full and is_deep(frame)  # what is nearest for each, by measurement
    kinds = load_av().video.reformatter.Interpolation
    planar = convert(
        frame,
        format="gbrp16le" if deep else "gbrp",
        src_colorspace=_matrix(frame),
        src_color_range=_FULL if full else _LIMITED,
        dst_color_range=_FULL,
        interpolation=kinds.BILINEAR | kinds.ACCURATE_RND | kinds.FULL_CHR_H_INT,
        threads=1,
    )
    found: list[NDArray[Any]] = []
    for number in _PLANES:
        plane = planar.planes[number]
        levels = np.frombuffer(plane, np.uint16 if deep else np.uint8)
        levels = levels.reshape(-1, plane.line_size // levels.itemsize)
        levels = levels[: frame.height, : frame.width]
        found.append(((levels.astype(np.uint32) + 128) // 257).astype(np.uint8) if deep else levels)
    out = np.empty((frame.height, frame.width, 3), np.uint8) if into is None else into
    _interleave(found, out)
    return out


def _interleave(planes: list[NDArray[Any]], out: NDArray[np.uint8]) -> None:
    """Write planes side by side. Raises MissingExtraError."""
    try:
        from syncaug.backends.codecs import interleave
    except ImportError as error:
        if error.name != "cv2":
            raise
        raise MissingExtraError("opencv-python-headless", "video") from None
    interleave(planes, out)


def is_deep(frame: Any) -> bool:
    """Whether a frame has levels of more than 8 bits."""
    return any(part.bits > 8 for part in frame.format.components)


def _has_matrix(frame: Any) -> bool:
    """Whether a frame holds luma and chroma, and not red, green and blue, a palette or grey."""
    form = frame.format
    return not form.is_rgb and not form.has_palette and len(form.components) >= 3


def _matrix(frame: Any) -> int:
    said = _MATRICES.get(int(frame.colorspace))
    if said is not None:
        return said
    return _BT709 if frame.width >= _WIDE or frame.height >= _HIGH else _BT601


def _range(frame: Any) -> int:
    full = int(frame.color_range) == _FULL or frame.format.name.startswith("yuvj")
    return _FULL if full else _LIMITED
