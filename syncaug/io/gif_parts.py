"""The parts of a GIF: pictures, extensions and the end. Source: GIF89a, sections 18 to 27."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["END", "PICTURE", "damage_of_gif", "parts_of_gif"]

PICTURE, END = 0x2C, 0x3B
_EXTENSION = 0x21


def parts_of_gif(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each part, where it begins, and where it ends: behind the file if it is torn.

    Ends at the file's end, and before what is no part.
    """
    place = 13 + _colours(data[10:11])
    while place < len(data):
        kind, begin = data[place], place
        if kind == _EXTENSION:
            place += 2
        elif kind == PICTURE:
            place += 11 + _colours(data[place + 9 : place + 10])
        else:
            if kind == END:
                yield kind, place, place + 1
            return
        while place < len(data) and data[place]:  # blocks, each behind its length
            place += 1 + data[place]
        place += 1
        yield kind, begin, place


def damage_of_gif(data: bytes) -> str:
    """Why a GIF is not whole; empty where it is, also without a mark at its end."""
    torn = any(end > len(data) for _, _, end in parts_of_gif(data))
    return "it ends inside a picture" if torn else ""


def _colours(flags: bytes) -> int:
    """The bytes of a table of colours, which its flags announce."""
    said = flags[0] if flags else 0
    return 3 << (said & 7) + 1 if said & 0x80 else 0
