"""What the boxes of an MP4 or MOV say of a track's packets: columns of numbers, read whole.

Source: ISO 14496-12, sections 8.6.1.2 (stts), 8.6.1.3 (ctts), 8.6.2 (stss) and 8.7.3.2 (stsz).
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["SampleBoxes", "sample_boxes"]

_TRACK = (b"mdia", b"minf", b"stbl")
_ELSEWHERE = (b"stps", b"sbgp", b"stz2")
"""Boxes that name other keys, or sizes in another form: tracks with them are left to packets."""

Span = tuple[int, int]


class SampleBoxes(NamedTuple):
    """Packets in the order in which they are decoded, in ticks of the track; the first is at 0.

    `decoded` says when each is decoded, `later` how much later it is shown, `sizes` its bytes.
    """

    decoded: NDArray[np.int64]
    later: NDArray[np.int64]
    sizes: NDArray[np.int64]
    keys: NDArray[np.bool_]


def sample_boxes(path: Path, index: int, count: int) -> SampleBoxes | None:
    """The columns of track number `index`; None unless they tell of `count` packets in a row.

    Raises OSError, ValueError.
    """
    with path.open("rb") as file:
        table = _table(file, index)
        if table is None or any(name in table for name in _ELSEWHERE):
            return None
        lasts = _runs(file, table.get(b"stts"), count)
        later = _runs(file, table.get(b"ctts"), count) if b"ctts" in table else np.zeros(count)
        sizes, keys = _sizes(file, table.get(b"stsz"), count), _keys(file, table, count)
    if lasts is None or later is None or sizes is None or keys is None or (lasts <= 0).any():
        return None
    decoded = np.concatenate([[0], np.cumsum(lasts[:-1])])
    return SampleBoxes(decoded, later.astype(np.int64), sizes, keys)


def _table(file: BinaryIO, index: int) -> dict[bytes, Span] | None:
    """The boxes of the sample table of a track, by name."""
    size = file.seek(0, 2)
    moov = dict(_boxes(file, (0, size))).get(b"moov")
    tracks = [span for name, span in _boxes(file, moov) if name == b"trak"] if moov else []
    span = tracks[index] if index < len(tracks) else None
    for name in _TRACK:
        span = dict(_boxes(file, span)).get(name) if span else None
    return dict(_boxes(file, span)) if span else None


def _boxes(file: BinaryIO, within: Span) -> list[tuple[bytes, Span]]:
    """Names of the boxes that lie side by side, and where their contents lie."""
    found: list[tuple[bytes, Span]] = []
    place, end = within
    while place + 8 <= end:
        file.seek(place)
        head = file.read(16)
        length, begin = int.from_bytes(head[:4], "big"), place + 8
        if length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), place + 16
        elif length == 0:
            length = end - place
        if place + length < begin or place + length > end:
            raise ValueError("the length of a box is wrong")
        found.append((head[4:8], (begin, place + length)))
        place += length
    return found


def _numbers(file: BinaryIO, span: Span, head: int, each: int, most: int) -> NDArray[np.uint32]:
    """The rows of a box, of `each` numbers; how many, the last of its first `head` bytes say.

    Raises ValueError where there are more than `most`, or fewer than it says.
    """
    file.seek(span[0])
    rows = int.from_bytes(file.read(head)[-4:], "big")
    length = 4 * each * rows
    if rows > most or span[0] + head + length > span[1]:
        raise ValueError("the length of a table is wrong")
    return np.frombuffer(file.read(length), ">u4").astype(np.uint32).reshape(rows, each)


def _runs(file: BinaryIO, span: Span | None, count: int) -> NDArray[np.int64] | None:
    """A number for each packet, from rows of how many have it."""
    rows = _numbers(file, span, 8, 2, count) if span else np.zeros((0, 2), np.uint32)
    many = rows[:, 0].astype(np.int64)
    if many.sum() != count:
        return None
    return np.repeat(rows[:, 1].view(np.int32).astype(np.int64), many)


def _sizes(file: BinaryIO, span: Span | None, count: int) -> NDArray[np.int64] | None:
    if span is None:
        return None
    file.seek(span[0])
    one = int.from_bytes(file.read(8)[4:], "big")
    if one:
        return np.full(count, one, np.int64)
    sizes = _numbers(file, span, 12, 1, count)[:, 0].astype(np.int64)
    return sizes if len(sizes) == count and (sizes > 0).all() else None


def _keys(file: BinaryIO, table: dict[bytes, Span], count: int) -> NDArray[np.bool_] | None:
    """Whether each packet is a key; without a table of them all are."""
    if b"stss" not in table:
        return np.ones(count, bool)
    places = _numbers(file, table[b"stss"], 8, 1, count)[:, 0].astype(np.int64)
    if not len(places) or places[0] < 1 or places[-1] > count or (np.diff(places) <= 0).any():
        return None
    keys = np.zeros(count, bool)
    keys[places - 1] = True
    return keys
