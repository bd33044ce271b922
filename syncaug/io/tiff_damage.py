"""Strips and tiles of a TIFF that decoders would fill up where a part of their data is missing.

libtiff leaves black what it cannot unpack where it gives colours of 8 bits, and never tells where
too much was there.
"""

from __future__ import annotations

import struct
import zlib

from syncaug.io.jpeg_damage import damage_of_jpeg
from syncaug.io.tiff_pages import Part, packed_parts

__all__ = ["damage_of_tiff"]

_LZW, _PACKBITS, _JPEG = 5, 32773, 7
_DEFLATE = (8, 32946)
_UNPACKED = 1 << 30
"""So many bytes of one part are looked at."""

_GONE = "a part of its pixels cannot be unpacked"


def damage_of_tiff(data: bytes) -> str:
    """Why a TIFF's first picture is not whole; empty where it is, as far as its coding tells."""
    try:
        return next((_GONE for part in packed_parts(data) if not _is_whole(part)), "")
    except (struct.error, ValueError):
        return "its directory is damaged"


def _is_whole(part: Part) -> bool:
    if part.missing:
        return False
    if part.coding in _DEFLATE:
        return _inflates(part.data)
    if part.coding == _PACKBITS:
        return _has_rows(part)
    if part.coding == _LZW:
        return _unpacks(part)
    if part.coding == _JPEG and part.data[:2] == b"\xff\xd8":
        return not damage_of_jpeg(part.tables[:-2] + part.data[2:] if part.tables else part.data)
    return True


def _inflates(data: bytes) -> bool:
    unpacking, left, done = zlib.decompressobj(), data, 0
    try:
        while left and not unpacking.eof and done < _UNPACKED:
            done += len(unpacking.decompress(left, 1 << 20))
            left = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return True


def _has_rows(part: Part) -> bool:
    """Whether PackBits fills the rows and is then at its end.

    A byte n below 128 stands before n + 1 bytes, one above it before a byte that is there 257 - n
    times (TIFF 6.0, section 9). What follows is padding, such as 128, which means nothing, or 0.
    """
    if not part.size:
        return True
    data, place, done = part.data, 0, 0
    end = len(data)
    while done < part.size:
        if place >= end:
            return False
        code = data[place]
        if code < 128:
            done += code + 1
            place += code + 2
        else:
            done += 257 - code if code > 128 else 0
            place += 2 if code > 128 else 1
    return done == part.size and place <= end and not data[place + 1 :].strip(b"\x80\0")


def _unpacks(part: Part) -> bool:
    """Whether LZW fills the part: it is decoded as rows of 16 bits, where libtiff's word counts."""
    across, down = _as_levels(part.row, part.rows)
    if not across or across > 1 << 20:
        return True
    from syncaug.backends import codecs

    return codecs.decode_image(_of_one_strip(part, across, down)) is not None


def _as_levels(row: int, rows: int) -> tuple[int, int]:
    """Width and height of a picture of 16 bits that takes the bytes of a part, or one less."""
    if row % 2 == 0:
        return row // 2, rows
    if rows % 2 == 0:
        return row, rows // 2
    return row * rows // 2, 1


def _of_one_strip(part: Part, across: int, down: int) -> bytes:
    """A TIFF of one grey strip."""
    tags = (
        (256, across), (257, down), (258, 16), (259, part.coding), (262, 1), (266, part.fill),
        (273, 8), (277, 1), (278, down), (279, len(part.data)),
    )  # fmt: skip
    at = 8 + len(part.data) + len(part.data) % 2
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = b"II*\0" + struct.pack("<I", at)
    body = part.data + bytes(len(part.data) % 2)
    return head + body + struct.pack("<H", len(tags)) + entries + bytes(4)
