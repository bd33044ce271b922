"""Masks as PNG with a palette, as VOC and DAVIS have them: the numbers of its colours."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

__all__ = ["chunks", "without_palette"]

_SIGNATURE = 8
_KIND = 9
"""Where the header's data says what kind of colours follow, and the kind that is grey."""
_GREY = b"\0"
_KEPT = frozenset({b"IDAT", b"IEND", b"eXIf", b"tEXt", b"zTXt", b"iTXt"})
"""Chunks that mean the same in grey: pixels, and texts that may tell an orientation."""


def without_palette(data: bytes) -> bytes:
    """A whole PNG with a palette as one in grey, whose levels are the indices.

    Indices are stored as levels of grey of as many bits are; what belongs to the palette alone is
    left out (Portable Network Graphics, 3rd edition, sections 11.2.1 and 11.3).
    """
    parts = [data[:_SIGNATURE]]
    for name, start, end in chunks(data):
        body = data[start:end]
        if name == b"IHDR":
            parts.append(_chunk(name, body[:_KIND] + _GREY + body[_KIND + 1 :]))
        elif name in _KEPT:
            parts.append(_chunk(name, body))
    return b"".join(parts)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk of a PNG: its name, and where its data begin and end."""
    place = _SIGNATURE
    while place + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        yield name, place + 8, place + 8 + length
        place += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(body, zlib.crc32(name))
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", check)
