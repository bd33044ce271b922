"""JPEG 2000 of which a part is missing. Source of the format: ISO/IEC 15444-1, annexes A and B."""

from __future__ import annotations

import struct
from math import prod

__all__ = ["damage_of_jpeg2000"]

_START, _END = b"\xff\x4f\xff\x51", b"\xff\xd9"
_SIZE, _STYLE, _TILE, _OTHER_CODER = 0x51, 0x52, 0x90, 0x50
_BYPASS = 1
"""The bit of code blocks some of whose bits stand as they are, zeros in a row, too."""

_ZEROS = 64
"""So many zeros in a row no arithmetic coder writes."""


def damage_of_jpeg2000(data: bytes) -> str:
    """Why a picture is not whole; empty where it is, and where its header cannot be read.

    An empty packet is a byte of zero, and a code block that a packet leaves out at most two bits:
    more zeros in a row than these are a hole.
    """
    start = data.find(_START)
    if start < 0:
        return ""
    try:
        most, body = _most_zeros(data, start)
    except (struct.error, IndexError, ZeroDivisionError):
        return ""
    end = data.find(_END, body)  # which stands in no tile; other boxes of a JP2 may follow
    if end < 0:
        return "it ends too early"
    if most and data.find(bytes(most), body, end) >= 0:
        return f"{most} bytes or more in its pixels are zeros"
    return ""


def _most_zeros(data: bytes, start: int) -> tuple[int, int]:
    """How many zeros in a row are a hole, 0 where any may be meant; and where the tiles begin."""
    place, most, size = start + 2, 0, (0, 0, 0)
    while data[place + 1] != _TILE:
        marker = data[place + 1]
        if marker == _SIZE:
            right, bottom, left, top, across, down = struct.unpack_from(">6I", data, place + 6)
            channels = struct.unpack_from(">H", data, place + 38)[0]
            size = min(right - left, across), min(bottom - top, down), channels
        elif marker == _OTHER_CODER:
            return 0, place
        elif marker == _STYLE:
            most = _of_style(data, place, size)
            if not most:
                return 0, place
        place += 2 + struct.unpack_from(">H", data, place + 2)[0]
    return most, place


def _of_style(data: bytes, place: int, size: tuple[int, int, int]) -> int:
    """What a COD segment, of tiles of a size and of so many channels, makes of it."""
    kind, _, layers, _, levels, wide, high, blocks = struct.unpack_from(
        ">BBHBBBBB", data, place + 4
    )
    if blocks & _BYPASS:
        return 0
    width, height, channels = size
    packets = 0
    for level in range(levels + 1):
        stated = data[place + 14 + level] if kind & 1 else 0xFF
        sides = ((stated & 15, width), (stated >> 4, height))
        shrink = levels - level
        packets += prod((side >> shrink + power) + 2 for power, side in sides)
    across, down = (width >> wide + 2) + 2, (height >> high + 2) + 2
    total: int = channels * layers * (packets + across * down // 3)
    return _ZEROS + total
