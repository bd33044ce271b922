"""What OpenCV reads wrong of a BMP: pixels of 16 or 32 bits under bit masks, and damaged heads.

Five bits it gives as levels up to 248; here they reach white.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["bit_masks", "damage_of_bitmap", "read_bitmap"]

_FIVES = (0x7C00, 0x3E0, 0x1F)
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6


def bit_masks(data: bytes) -> tuple[int, ...] | None:
    """The bits of red, green, blue, and of transparency where it has some, in each pixel of a BMP.

    None where it has no masks, () where they are not of up to eight bits side by side. Raises
    struct.error where the header is cut off.
    """
    (head,) = struct.unpack_from("<I", data, 14)
    if head == 12:
        return _FIVES if struct.unpack_from("<H", data, 24)[0] == 16 else None
    bits, packed = struct.unpack_from("<HI", data, 28)
    if bits not in (16, 32):
        return None
    if packed not in (_BITFIELDS, _ALPHA_BITFIELDS):
        return _FIVES if bits == 16 and not packed else None
    clear = head >= 56 or packed == _ALPHA_BITFIELDS
    masks = tuple(struct.unpack_from("<IIII" if clear else "<III", data, 54))
    masks = masks[:3] if not masks[-1] and clear else masks
    return masks if all(_is_plain(mask, bits) for mask in masks) else ()


def damage_of_bitmap(data: bytes) -> str:
    """Why the head of a BMP is damaged; empty where its pixels follow its head and its palette."""
    try:
        start, head = struct.unpack_from("<II", data, 10)
        bits = struct.unpack_from("<H", data, 24 if head == 12 else 28)[0]
        colours = struct.unpack_from("<I", data, 46)[0] if head >= 40 and bits <= 8 else 0
    except struct.error:
        return "it ends too early"
    return "its pixels begin in its palette" if start < 14 + head + 4 * colours else ""


def read_bitmap(data: bytes, masks: tuple[int, ...]) -> NDArray[Any] | None:
    """RGB or RGBA of 8 bits from the pixels of a BMP with such masks; None where it is cut off."""
    (start,) = struct.unpack_from("<I", data, 10)
    old = struct.unpack_from("<I", data, 14)[0] == 12
    width, height, _, bits = struct.unpack_from("<HHHH" if old else "<iiHH", data, 18)
    stride = -(-width * bits // 32) * 4
    rows = np.frombuffer(data[start : start + stride * abs(height)], np.uint8)
    if len(rows) < stride * abs(height):
        return None
    pixels = rows.reshape(abs(height), stride).view("<u2" if bits == 16 else "<u4")[:, :width]
    picture = np.dstack([_levels(pixels, mask) for mask in masks])
    return picture[::-1] if height > 0 else picture


def _is_plain(mask: int, bits: int) -> bool:
    """Whether a mask is 1 to 8 bits in a row, within a pixel."""
    low = mask // (mask & -mask) if mask else 0
    return 0 < low < 256 and low & (low + 1) == 0 and mask < 1 << bits


def _levels(pixels: NDArray[Any], mask: int) -> NDArray[np.uint8]:
    """The levels under a mask, spread from 0 to 255."""
    step = mask & -mask
    most = mask // step
    spread = np.rint(np.arange(most + 1) * (255.0 / most)).astype(np.uint8)
    levels: NDArray[np.uint8] = spread[(pixels & mask) // step]
    return levels
