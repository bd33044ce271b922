"""OpenCV's codecs: pictures to the bytes of files and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.errors import ManifestError

__all__ = ["decode_image", "encode_jpeg", "encode_png", "interleave", "read_image"]

Picture = NDArray[Any]
# Photos of 750x750: level 6 takes 132 ms and 764 kB, level 1 with each row as what differs from the
# one above 20 ms and 804 kB (OpenCV's own choice 45 ms, 935 kB). Masks gain nothing by that.
_ROWS_ABOVE = 32  # cv2.IMWRITE_PNG_FILTER_UP, which OpenCV has from 4.12 on
_COLOURS = [cv2.IMWRITE_PNG_COMPRESSION, 1]
if hasattr(cv2, "IMWRITE_PNG_FILTER"):
    _COLOURS += [cv2.IMWRITE_PNG_FILTER, _ROWS_ABOVE]
_ONE_CHANNEL = [cv2.IMWRITE_PNG_COMPRESSION, 3]


def read_image(path: str | Path) -> Picture:
    """A picture file as RGB (or HxW, or RGBA), of its own depth; a JPEG upright as its EXIF says.

    Raises ManifestError where the file cannot be read.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ManifestError(f"{path}: {error.strerror or error}") from error
    picture = decode_image(data)
    if picture is None:
        raise ManifestError(f"{path}: no picture, or one that OpenCV cannot read")
    return picture


def decode_image(data: bytes, *, as_colours: bool = False) -> Picture | None:
    """The bytes of a picture file as RGB (or HxW, or RGBA), of its own depth; None where damaged.

    A JPEG comes upright as its EXIF says; of all others only a TIFF does. `as_colours` is for inks
    (CMYK) and gives 8-bit RGB.
    """
    jpeg = data[:2] == b"\xff\xd8"
    flags = cv2.IMREAD_ANYCOLOR if jpeg else cv2.IMREAD_UNCHANGED
    buffer = np.frombuffer(data, np.uint8)
    picture = cv2.imdecode(buffer, cv2.IMREAD_COLOR if as_colours else flags) if data else None
    if picture is None:
        return None
    if picture.ndim == 3:
        to_rgb = cv2.COLOR_BGR2RGB if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
        picture = cv2.cvtColor(picture, to_rgb)
    return picture


def encode_jpeg(picture: NDArray[np.uint8], quality: int = 85) -> bytes:
    """The bytes of a JPEG of an 8-bit picture, HxW or HxWx3 in RGB; `quality` from 1 to 100."""
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(picture: Picture) -> bytes:
    """The bytes of a PNG of a picture of 8 or 16 bits: HxW, HxWx3 in RGB, or HxWx4 in RGBA."""
    return _encoded(".png", picture, _COLOURS if picture.ndim == 3 else _ONE_CHANNEL)


def interleave(planes: Sequence[Picture], out: Picture) -> None:
    """Write planes of HxW side by side into `out`, HxWxC: ten times as fast as numpy."""
    cv2.merge(planes, out)


def _encoded(suffix: str, picture: Picture, options: list[int]) -> bytes:
    ordered = picture
    if picture.ndim == 3:
        to_bgr = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
        ordered = cv2.cvtColor(picture, to_bgr)
    done, data = cv2.imencode(suffix, ordered, options)
    if not done:
        raise ValueError(f"a picture of {picture.dtype} with shape {picture.shape} has no {suffix}")
    return bytes(data)
