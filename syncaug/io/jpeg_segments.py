"""The segments of a JPEG before its pixels (ITU-T T.81, annex B)."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["segments"]

_SCAN = 0xDA
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without content."""
_BESIDE = frozenset((*range(0xE0, 0xF0), 0xFE))
"""Markers of segments of programs and of comments, on which no pixel depends."""


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Each segment up to the first scan: its marker, and where its content begins and ends.

    Bytes of no segment are passed over behind those of programs and comments, whose lengths some
    editors write too short; decoders pass over them, too. Elsewhere they raise ValueError. The file
    may end before a segment does.
    """
    place, marker = 2, 0
    while place + 4 <= len(data):
        if data[place] != 0xFF or (marker in _BESIDE and not data[place + 1]):
            if marker not in _BESIDE:
                raise ValueError("its header is damaged")
            place = data.find(0xFF, place + 1)
            if place < 0:
                return
        elif data[place + 1] == 0xFF:  # padding
            place += 1
        elif data[place + 1] in _ALONE:
            place += 2
        else:
            marker = data[place + 1]
            end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
            yield marker, place + 4, end
            if marker == _SCAN:
                return
            place = end
