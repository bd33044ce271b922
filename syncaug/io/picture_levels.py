"""Levels of a picture: the numbers that stand in its file, and light from 0 to all bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.picture_header import PictureHeader

__all__ = ["as_light", "as_numbers"]

Picture = NDArray[Any]


def as_numbers(picture: Picture, header: PictureHeader) -> Picture:
    """The numbers of the file, of pixels that a decoder may have stretched to 8 or 16 bits.

    Colours of a palette stay as they are; where level 0 is white, it counts as the highest.
    """
    if picture.dtype == np.uint16 and header.form == "TIFF":
        picture = picture >> max(0, 16 - header.bits)
        return ((1 << header.bits) - 1) - picture if header.dark else picture
    if header.bits >= 8 or header.indexed or header.form not in ("PNG", "TIFF"):
        return picture
    return picture // (255 // ((1 << header.bits) - 1))


def as_light(numbers: Picture, header: PictureHeader) -> Picture:
    """Levels up to 255 or 65,535 from numbers of other bits than 8 and 16."""
    if header.bits in (8, 16) or header.indexed or numbers.dtype.kind != "u":
        return numbers
    most, white = (1 << header.bits) - 1, int(np.iinfo(numbers.dtype).max)
    if most >= white:
        return numbers
    return ((numbers.astype(np.uint64) * (2 * white) + most) // (2 * most)).astype(numbers.dtype)
