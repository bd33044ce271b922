"""The directories of a TIFF, as which EXIF is written, too."""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["tiff_pages"]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 16: 8}


def tiff_pages(data: bytes) -> Iterator[dict[int, int]]:
    """The first number of each tag of each directory; classic and big files.

    Raises struct.error, ValueError where the data are none.
    """
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
        tags: dict[int, int] = {}
        for _ in range(number):
            tag, kind, values = struct.unpack_from(order + entry, data, place)
            inside = place + struct.calcsize(order + entry)
            room = struct.calcsize(order + head)
            size = _SIZES.get(kind)
            if size and values:
                if size * values > room:
                    inside = struct.unpack_from(order + head, data, inside)[0]
                letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
                tags[tag] = struct.unpack_from(order + letter, data, inside)[0]
            place += struct.calcsize(order + entry) + room
        yield tags
        place = struct.unpack_from(order + head, data, place)[0]
