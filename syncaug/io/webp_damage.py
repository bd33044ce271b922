"""Holes in a WebP, which its decoder takes for pixels.

Zeros mean something in both of its codings, and flat pictures are full of them. But a coder writes
no more than its decoder reads: where a part with a hole is read although its end is cut off, what
stands there belongs to pixels that were lost. Formats: RFC 6386 (VP8), RFC 9649 (WebP).
"""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.io.riff import parts_of

__all__ = ["damage_of_webp"]

_HOLE = bytes(64)
_CUT = 16
"""Bytes at the end of a part without which it cannot be read; some coders fill up a few."""


def damage_of_webp(data: bytes) -> str:
    """Why a WebP is not whole; empty where it is."""
    if len(data) < 8 + int.from_bytes(data[4:8], "little"):
        return "it ends too early"
    if _HOLE not in data:
        return ""
    from syncaug.backends import codecs

    for name, start, length in parts_of(data):
        shortened, content = _SHORTENED.get(name), data[start : start + length]
        if shortened is None or _HOLE not in content:
            continue
        for less in shortened(content):
            size = (len(less) + 12).to_bytes(4, "little")
            head = b"RIFF" + size + b"WEBP" + name + len(less).to_bytes(4, "little")
            if codecs.decode_image(head + less + bytes(len(less) % 2)) is not None:
                return "a part of its pixels is zeros"
    return ""


def _lossless(content: bytes) -> Iterator[bytes]:
    yield content[:-_CUT]


def _lossy(content: bytes) -> Iterator[bytes]:
    """The picture with the end of one of its partitions cut off, for each of them with a hole.

    Their sizes stand in the first three bytes (19 bits from the fifth on), and for all but the last
    of the others, three bytes each, behind the first partition, whose header says how many there
    are.
    """
    head = int.from_bytes(content[:3], "little")
    first = head >> 5
    start = 10 + first
    part = content[10:start]
    if _HOLE in part and first > _CUT:
        less = (head - (_CUT << 5)).to_bytes(3, "little")
        yield less + content[3 : start - _CUT] + content[start:]
    for number, (begin, end) in enumerate(_partitions(content, start)):
        if _HOLE not in content[begin:end] or end - begin <= _CUT:
            continue
        cut = content[: end - _CUT] + content[end:]
        if end < len(content):
            at = start + 3 * number
            size = (end - begin - _CUT).to_bytes(3, "little")
            cut = cut[:at] + size + cut[at + 3 :]
        yield cut


def _partitions(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Where the partitions of coefficients lie; the last takes what is left."""
    count = _count_of_partitions(content[10:start])
    place = start + 3 * (count - 1)
    for number in range(count - 1):
        at = start + 3 * number
        end = place + int.from_bytes(content[at : at + 3], "little")
        yield place, end
        place = end
    yield place, len(content)


def _count_of_partitions(part: bytes) -> int:
    """What the head of the first partition says (RFC 6386, section 9.2 to 9.5)."""
    bits = _Bits(part)
    bits.number(2)
    if bits.number(1):  # segments
        maps, values = bits.number(1), bits.number(1)
        if values:
            bits.number(1)
            for size in (7, 7, 7, 7, 6, 6, 6, 6):
                bits.optional(size + 1)
        if maps:
            for _ in range(3):
                bits.optional(8)
    bits.number(10)  # the filter's kind, strength and sharpness
    if bits.number(1) and bits.number(1):
        for _ in range(8):
            bits.optional(7)
    return 1 << bits.number(2)


class _Bits:
    """The words in the head of a partition: a boolean decoder all of whose chances are even."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 2
        self._value, self._range, self._shifts = int.from_bytes(data[:2], "big"), 255, 0

    def number(self, size: int) -> int:
        value = 0
        for _ in range(size):
            value = value << 1 | self._bit()
        return value

    def optional(self, size: int) -> None:
        """Pass over a word that a bit announces."""
        if self.number(1):
            self.number(size)

    def _bit(self) -> int:
        split = 1 + ((self._range - 1) * 128 >> 8)
        above = self._value >= split << 8
        if above:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._value <<= 1
            self._range <<= 1
            self._shifts += 1
            if self._shifts == 8:
                self._shifts = 0
                self._value |= self._data[self._place] if self._place < len(self._data) else 0
                self._place += 1
        return int(above)


_SHORTENED = {b"VP8 ": _lossy, b"VP8L": _lossless}
