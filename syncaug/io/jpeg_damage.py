"""JPEGs that a decoder would fill up with grey, or with what the bytes of a hole happen to mean."""

from __future__ import annotations

import struct

from syncaug.io.jpeg_segments import segments

__all__ = ["damage_of_jpeg"]


def damage_of_jpeg(data: bytes) -> str:
    """A JPEG is whole where the end marker follows the first scan; thumbnails stand before it.

    In Huffman's code (ITU-T T.81) each block of 8x8 pixels takes a bit or more.
    """
    blocks, sequential = 0, False
    first: dict[int, int] = {}
    try:
        for marker, start, end in segments(data):
            if marker == 0xDA:
                return _damage_of_scan(data, start, blocks, first if sequential else None)
            if marker == 0xC4:
                first |= _first_symbols(data, start, end)
            sequential |= marker in (0xC0, 0xC1)
            if 0xC0 <= marker <= 0xC2 and start + 5 <= len(data):
                height, width = struct.unpack_from(">HH", data, start + 1)
                blocks = -(-height // 8) * -(-width // 8)
    except ValueError as error:
        return str(error)
    return _EARLY


def _damage_of_scan(data: bytes, start: int, blocks: int, first: dict[int, int] | None) -> str:
    """Why the pixels of so many blocks, from the first scan on, are not whole.

    `first` says what zeros mean in a picture of one scan; None for other pictures.
    """
    end = data.rfind(b"\xff\xd9", start)
    if end < 0:
        return _EARLY
    if 8 * (end - start) < blocks:
        return f"{end - start} bytes cannot hold the pixels that its header announces"
    if first is not None and _has_hole(data, start, first):
        return f"{_HOLE} bytes or more in its pixels are zeros"
    return ""


_EARLY = "it ends too early"
_HOLE = 256
"""So many zeros in a row are no picture, unless they are what flat blocks are coded as."""


def _first_symbols(data: bytes, at: int, end: int) -> dict[int, int]:
    """What bits of zeros mean in each table of a DHT segment, by the byte that names the table."""
    first: dict[int, int] = {}
    while at + 18 <= min(end, len(data)):
        first[data[at]] = data[at + 17]
        at += 17 + sum(data[at + 1 : at + 17])
    return first


def _has_hole(data: bytes, start: int, first: dict[int, int]) -> bool:
    """Whether the first scan, from the content of its SOS segment on, holds zeros of no coder.

    Each bit of zero is then the same coefficient again, in block after block; where it is the end
    of a block (symbol 0), the blocks are flat and may well be meant.
    """
    count = data[start]
    tables = data[start + 2 : start + 1 + 2 * count : 2]
    if all(first.get(0x10 | table & 0x0F, 0) == 0 for table in tables):
        return False
    hole = data.find(bytes(_HOLE), start)
    if hole < 0:
        return False
    ends = (data.find(mark, start) for mark in (b"\xff\xd9", b"\xff\xda"))
    return all(end < 0 or hole < end for end in ends)
