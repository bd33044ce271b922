"""Whether an Ogg file is whole: every page, its checksum and its number (RFC 3533, section 6)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["damage_of_ogg", "is_chained"]

_MAGIC = b"OggS"
_FIRST = 2
"""The flag of a stream's first page."""

_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Bytes with their bits in the other order: zlib counts its checksums from the lowest."""

_ONES = 0xFFFFFFFF


class _Page(NamedTuple):
    """A page and what is wrong with it, if anything. Those before the sound have `granule` 0."""

    first: bool
    granule: int
    stream: int
    number: int
    damage: str = ""


def damage_of_ogg(data: bytes) -> str:
    """Why an Ogg file is not whole; empty where it is."""
    numbers: dict[int, int] = {}
    for page in _pages(data):
        if page.damage:
            return page.damage
        said = numbers.get(page.stream)
        if said is not None and not page.first and page.number != said + 1 & _ONES:
            return f"pages between the numbers {said} and {page.number} are missing"
        if page.granule:  # a recording may begin anywhere behind its heads
            numbers[page.stream] = page.number
        elif page.first:
            numbers.pop(page.stream, None)
    return ""


def is_chained(data: bytes) -> bool:
    """Whether one sound begins behind another."""
    heads = True
    for page in _pages(data):
        if page.first and not heads:
            return True
        heads = heads and page.first
    return False


def _pages(data: bytes) -> Iterator[_Page]:
    """The pages as decoders find them; what stands between them is none."""
    place = data.find(_MAGIC)
    while place >= 0:
        head = data[place : place + 27]
        lengths = data[place + 27 : place + 27 + head[26]] if len(head) == 27 else b""
        end = place + 27 + len(lengths) + sum(lengths)
        if len(head) < 27 or len(lengths) < head[26] or end > len(data):
            yield _Page(False, 0, 0, 0, "it ends inside a page")
            return
        granule = int.from_bytes(head[6:14], "little")
        stream, number, said = (int.from_bytes(head[at : at + 4], "little") for at in (14, 18, 22))
        page = head[:22] + bytes(4) + data[place + 26 : end]
        damage = "" if _checksum(page) == said else f"the checksum of its page {number} is wrong"
        yield _Page(bool(head[5] & _FIRST), granule, stream, number, damage)
        place = data.find(_MAGIC, end)


def _checksum(page: bytes) -> int:
    """CRC-32 with the polynomial of Ethernet, the highest bit first, from 0."""
    rest = zlib.crc32(page.translate(_TURNED), _ONES) ^ _ONES
    return int.from_bytes(rest.to_bytes(4, "little").translate(_TURNED), "big")
