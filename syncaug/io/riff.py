"""The parts of files of the kind of RIFF: WAV, RF64, WebP and AIFF."""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["parts_of"]

_HEAD = 12
"""Bytes before the first part: the name of the kind, a length, and what the file holds."""


def parts_of(data: bytes, form: str = "<I") -> Iterator[tuple[bytes, int, int]]:
    """The name of each part, where its content begins, and how many bytes it says to have.

    `form` is how lengths are written: the lowest byte first, or ">I". A content of an odd length is
    filled up by a byte.
    """
    place = _HEAD
    while place + 8 <= len(data):
        length: int = struct.unpack_from(form, data, place + 4)[0]
        yield data[place : place + 4], place + 8, length
        place += 8 + length + length % 2
