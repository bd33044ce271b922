"""The directories of a TIFF, as which EXIF is written, too."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Part", "packed_parts", "tiff_pages"]

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 16: 8}
_LETTERS = {1: "B", 2: "H", 4: "I", 8: "Q"}
_PARTS = ((256, 278, 273, 279), (322, 323, 324, 325))
"""The tags of strips, and of tiles: their width, their rows, their places and their lengths."""
_ASKED = frozenset({257, 258, 259, 262, 266, 277, 284, 347}.union(*_PARTS))
"""The tags of which `packed_parts` makes its parts."""


def tiff_pages(data: bytes) -> Iterator[dict[int, int]]:
    """The first number of each tag of each directory; classic and big files.

    Raises struct.error, ValueError where the data are none.
    """
    for tags in _directories(data):
        yield {tag: found[0] for tag, where in tags.items() if (found := _numbers(data, where, 1))}


@dataclass(frozen=True, slots=True)
class Part:
    """A strip or tile of a picture, as it is packed; without data where it is not.

    `coding` is the number of its compression, `fill` the order of its bits. It becomes `rows` of
    `row` bytes, which are 0 where that is not known. `tables` are those of JPEG that all parts
    share. `missing` where it lies behind the end of the file.
    """

    coding: int
    data: bytes
    row: int
    rows: int
    fill: int = 1
    tables: bytes = b""
    missing: bool = False

    @property
    def size(self) -> int:
        """Bytes of what it becomes; 0 where that is not known."""
        return self.row * self.rows


def packed_parts(data: bytes) -> Iterator[Part]:
    """The strips or tiles of the first directory, also of those that are not packed.

    Raises struct.error, ValueError where the data are none.
    """
    tags = next(_directories(data), {})
    asked = _ASKED.intersection(tags)  # others may be large, or lie behind the end of the file
    of = {tag: found for tag in asked if (found := _numbers(data, tags[tag], 1 << 24))}
    first = {tag: numbers[0] for tag, numbers in of.items()}
    tables = bytes(of.get(347, ())) if len(of.get(347, ())) > 2 else b""
    for across, down, places, lengths in _PARTS:
        if places not in of or lengths not in of:
            continue
        width, height = first.get(across, 0), first.get(257, 0)
        rows = min(first.get(down, height), height) if down == 278 else first.get(down, 0)
        even = len(set(of.get(258, ()))) < 2
        row = _row_bytes(first, width) if even else 0
        strips = -(-height // rows) if rows and down == 278 else 0
        for number, (start, size) in enumerate(zip(of[places], of[lengths], strict=False)):
            left = min(rows, height - number % strips * rows) if strips else rows
            coding = first.get(259, 1)
            needed = min(size, row * left or size) if coding == 1 else size
            packed = data[start : start + size] if coding != 1 else b""
            yield Part(
                coding, packed, row, left,
                first.get(266, 1), tables, start + needed > len(data),
            )  # fmt: skip


def _row_bytes(first: dict[int, int], width: int) -> int:
    """Bytes of a row of a part; 0 of YCbCr, whose rows share their colours."""
    samples = 1 if first.get(284, 1) == 2 else first.get(277, 1)
    return 0 if first.get(262) == 6 else -(-width * samples * first.get(258, 1) // 8)


_Where = tuple[str, int, int]
"""The form of a number, how many there are, and where they begin."""


def _directories(data: bytes) -> Iterator[dict[int, _Where]]:
    """Where the numbers of each tag stand, of those that are whole numbers or texts."""
    order = "<" if data[:2] == b"II" else ">"
    big = _unpacked(order + "H", data, 2)[0] == 43
    head, count, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    place = _unpacked(order + head, data, 8 if big else 4)[0]
    seen: set[int] = set()
    while place and place not in seen and len(seen) < 10_000:
        seen.add(place)
        number = _unpacked(order + count, data, place)[0]
        place += struct.calcsize(order + count)
        if number > 10_000:
            raise ValueError("a directory of too many entries")
        tags: dict[int, _Where] = {}
        for _ in range(number):
            tag, kind, values = _unpacked(order + entry, data, place)
            inside = place + struct.calcsize(order + entry)
            room = struct.calcsize(order + head)
            size = _SIZES.get(kind)
            if size and values:
                if size * values > room:
                    inside = _unpacked(order + head, data, inside)[0]
                tags[tag] = order + _LETTERS[size], values, inside
            place += struct.calcsize(order + entry) + room
        yield tags
        place = _unpacked(order + head, data, place)[0]


def _numbers(data: bytes, where: _Where, most: int) -> tuple[int, ...]:
    """The first numbers of a tag, at most so many."""
    form, values, place = where
    return _unpacked(f"{form[0]}{min(values, most)}{form[1]}", data, place)


def _unpacked(form: str, data: bytes, place: int) -> tuple[Any, ...]:
    """What `struct` unpacks; places of BigTIFF may be larger than it counts."""
    if place > len(data):
        raise ValueError("a place behind the end")
    return struct.unpack_from(form, data, place)
