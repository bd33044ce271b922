"""The directories of a TIFF, as which EXIF is written, too."""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["deflated_parts", "tiff_pages"]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 16: 8}
_LETTERS = {1: "B", 2: "H", 4: "I", 8: "Q"}
_DEFLATE = (8, 32946)
_PARTS = ((273, 279), (324, 325))
"""The tags of places and lengths of strips, and of tiles."""


def tiff_pages(data: bytes) -> Iterator[dict[int, int]]:
    """The first number of each tag of each directory; classic and big files.

    Raises struct.error, ValueError where the data are none.
    """
    for tags in _directories(data):
        yield {tag: found[0] for tag, where in tags.items() if (found := _numbers(data, where, 1))}


def deflated_parts(data: bytes) -> Iterator[bytes]:
    """The strips or tiles of the first directory, where they are packed by zlib.

    Raises struct.error, ValueError where the data are none.
    """
    tags = next(_directories(data), {})
    if 259 not in tags or _numbers(data, tags[259], 1)[0] not in _DEFLATE:
        return
    for places, lengths in _PARTS:
        if places in tags and lengths in tags:
            pairs = (_numbers(data, tags[tag], 1 << 24) for tag in (places, lengths))
            yield from (data[start : start + size] for start, size in zip(*pairs, strict=False))


_Where = tuple[str, int, int]
"""The form of a number, how many there are, and where they begin."""


def _directories(data: bytes) -> Iterator[dict[int, _Where]]:
    """Where the numbers of each tag stand, of those that are whole numbers or texts."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    head, count, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    place = struct.unpack_from(order + head, data, 8 if big else 4)[0]
    seen: set[int] = set()
    while place and place not in seen and len(seen) < 10_000:
        seen.add(place)
        number = struct.unpack_from(order + count, data, place)[0]
        place += struct.calcsize(order + count)
        if number > 10_000:
            raise ValueError("a directory of too many entries")
        tags: dict[int, _Where] = {}
        for _ in range(number):
            tag, kind, values = struct.unpack_from(order + entry, data, place)
            inside = place + struct.calcsize(order + entry)
            room = struct.calcsize(order + head)
            size = _SIZES.get(kind)
            if size and values:
                if size * values > room:
                    inside = struct.unpack_from(order + head, data, inside)[0]
                tags[tag] = order + _LETTERS[size], values, inside
            place += struct.calcsize(order + entry) + room
        yield tags
        place = struct.unpack_from(order + head, data, place)[0]


def _numbers(data: bytes, where: _Where, most: int) -> tuple[int, ...]:
    """The first numbers of a tag, at most so many."""
    form, values, place = where
    return struct.unpack_from(f"{form[0]}{min(values, most)}{form[1]}", data, place)
