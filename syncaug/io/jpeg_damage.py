"""JPEGs that a decoder would fill up with grey, or with what the bytes of a hole happen to mean."""

from __future__ import annotations

import struct

__all__ = ["damage_of_jpeg"]


def damage_of_jpeg(data: bytes) -> str:
    """A JPEG is whole where the end marker follows the first scan; thumbnails stand before it.

    In Huffman's code (ITU-T T.81) each block of 8x8 pixels takes a bit or more.
    """
    place, blocks, sequential = 2, 0, False
    first: dict[int, int] = {}
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return "its header is damaged"
        marker = data[place + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:  # padding, or no content
            place += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9", place)
            if end >= 0 and 8 * (end - place) < blocks:
                return f"{end - place} bytes cannot hold the pixels that its header announces"
            if end >= 0 and sequential and _has_hole(data, place, first):
                return f"{_HOLE} bytes or more in its pixels are zeros"
            return "" if end >= 0 else "it ends too early"
        if marker == 0xC4:
            first |= _first_symbols(data, place)
        sequential |= marker in (0xC0, 0xC1)
        if 0xC0 <= marker <= 0xC2 and place + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, place + 5)
            blocks = -(-height // 8) * -(-width // 8)
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return "it ends too early"


_HOLE = 256
"""So many zeros in a row are no picture, unless they are what flat blocks are coded as."""


def _first_symbols(data: bytes, place: int) -> dict[int, int]:
    """What bits of zeros mean in each table of a DHT segment, by the byte that names the table."""
    end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    at, first = place + 4, {}
    while at + 18 <= min(end, len(data)):
        first[data[at]] = data[at + 17]
        at += 17 + sum(data[at + 1 : at + 17])
    return first


def _has_hole(data: bytes, place: int, first: dict[int, int]) -> bool:
    """Whether the first scan, from its SOS segment on, holds zeros that no coder writes.

    Each bit of zero is then the same coefficient again, in block after block; where it is the end
    of a block (symbol 0), the blocks are flat and may well be meant.
    """
    count = data[place + 4]
    tables = data[place + 6 : place + 5 + 2 * count : 2]
    if all(first.get(0x10 | table & 0x0F, 0) == 0 for table in tables):
        return False
    hole = data.find(bytes(_HOLE), place)
    if hole < 0:
        return False
    ends = (data.find(mark, place + 2) for mark in (b"\xff\xd9", b"\xff\xda"))
    return all(end < 0 or hole < end for end in ends)
