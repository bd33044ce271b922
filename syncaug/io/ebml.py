"""Elements of EBML, of which Matroska and WebM are made: names, lengths and whole numbers.

Source: RFC 8794 (EBML), sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["element_size", "elements", "number_in"]

Bytes = bytes | memoryview


def elements(data: Bytes, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Name, begin and end of what lies side by side. Raises ValueError where lengths do not fit."""
    while place < end:
        width = 9 - data[place].bit_length()
        name, place = int.from_bytes(data[place : place + width], "big"), place + width
        size, place = element_size(data, place)
        if width > 4 or place + size > end:
            raise ValueError("the length of an element is wrong")
        yield name, place, place + size
        place += size


def element_size(data: Bytes, place: int) -> tuple[int, int]:
    """A length, and where what follows it begins. Raises ValueError where it is not known."""
    width = 9 - data[place].bit_length()
    size = int.from_bytes(data[place : place + width], "big") & ((1 << 7 * width) - 1)
    if width > 8 or size == (1 << 7 * width) - 1:
        raise ValueError("the length of an element is not known")
    return size, place + width


def number_in(data: Bytes, place: int, end: int, name: int, otherwise: int) -> int:
    """The whole number that an element of a name holds, among those side by side."""
    for found, begin, stop in elements(data, place, end):
        if found == name:
            return int.from_bytes(data[begin:stop], "big")
    return otherwise
