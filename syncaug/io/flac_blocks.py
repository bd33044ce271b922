"""FLAC files whose head counts other samples than they hold: pieces cut without decoding.

`ffmpeg -ss 2 -t 3 -c copy` keeps the head of the whole, which counts all of its samples, and the
number of each block. Source of the format: RFC 9639, sections 8.2 and 9.1.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["is_piece_of_flac"]

_LARGEST = 1 << 20
"""Bytes in which the last block is looked for where the head does not say how large they are."""

_TAGS = 1 << 12
"""Bytes of tags that are allowed for behind the last block."""

_SIZES = {1: 192, **{code: 144 << code for code in range(2, 6)}} | {
    code: 1 << code for code in range(8, 16)
}
"""Codes of the number of samples in a block; 6 and 7 say it in one or two bytes."""


@dataclass(frozen=True, slots=True)
class _Head:
    """STREAMINFO: `total` samples, 0 where unknown; `largest` bytes of a block, 0 where unknown."""

    most: int
    largest: int
    total: int
    body: int


def is_piece_of_flac(data: bytes) -> bool:
    """Whether a FLAC file may not hold just the samples that its head counts.

    It does where its first block begins at 0 and a block at its end reaches what the head counts.
    False of other formats, and of files whose head counts nothing.
    """
    if data[:4] != b"fLaC":
        return False
    head = _head(data)
    if head is None or not head.total:
        return False
    first = _block(data, head.body, head.most)
    if first is None or first[0]:
        return True
    start = max(head.body, len(data) - (head.largest or _LARGEST) - _TAGS)
    place = len(data)
    while (place := data.rfind(b"\xff", start, place)) >= 0:
        block = _block(data, place, head.most)
        if block is not None and sum(block) == head.total:
            return False
    return True


def _head(data: bytes) -> _Head | None:
    """What STREAMINFO says, and where the blocks begin behind all parts of metadata."""
    place, last, info = 4, False, b""
    while not last and place + 4 <= len(data):
        last, kind = data[place] >= 0x80, data[place] & 0x7F
        length = int.from_bytes(data[place + 1 : place + 4], "big")
        if kind == 0:
            info = data[place + 4 : place + 4 + length]
        place += 4 + length
    if len(info) < 18:
        return None
    largest, total = int.from_bytes(info[7:10], "big"), int.from_bytes(info[13:18], "big")
    return _Head(int.from_bytes(info[2:4], "big"), largest, total & (1 << 36) - 1, place)


def _block(data: bytes, place: int, most: int) -> tuple[int, int] | None:
    """The first sample of the block that begins at a place, and how many it has; None of none."""
    head = data[place : place + 16]
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xFE != 0xF8 or head[3] & 1:
        return None
    more = 0 if head[4] < 0x80 else 7 - (head[4] ^ 0xFF).bit_length()
    if not more <= 6 or 0x80 <= head[4] < 0xC0:
        return None
    number = head[4] & (0x7F >> more + (more > 0))
    for byte in head[5 : 5 + more]:
        number = number << 6 | byte & 0x3F
    end = 5 + more
    code, rate = head[2] >> 4, head[2] & 15
    if code in (6, 7):
        count = int.from_bytes(head[end : end + code - 5], "big") + 1
        end += code - 5
    else:
        count = _SIZES.get(code, 0)
    end += {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if not count or end >= len(head) or _checksum(head[:end]) != head[end]:
        return None
    return (number if head[1] & 1 else number * most), count


def _checksum(data: bytes) -> int:
    """CRC-8 with the polynomial x^8 + x^2 + x + 1."""
    rest = 0
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = (rest << 1 ^ (0x107 if rest & 0x80 else 0)) & 0xFF
    return rest
