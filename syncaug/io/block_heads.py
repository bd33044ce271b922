"""The heads of Matroska's blocks: when each block of a track is shown, and whether it is a key.

How long a block is tells where the next one begins, so that the heads of a cluster are read one
after the other. Those of many clusters are read side by side: the first of each, then the second
of each. Python's loop over an hour of blocks takes half as long again.
Source: RFC 9559 (Matroska), sections 5.1.3 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BufferedReader
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.io.ebml import element_size, elements

__all__ = ["LARGEST", "BlockHeads", "block_heads"]

_TIME, _SIMPLE, _GROUP, _BLOCK, _REFERS = 0xE7, 0xA3, 0xA0, 0xA1, 0xFB
_KEY, _LACING = 0x80, 0x06
LARGEST = 256 << 20
"""Bytes of a part that is read at once; writers begin a new cluster after five seconds."""
_ROOM = 16 << 20
"""Bytes of clusters that are read together."""
_FEW = 64
"""Clusters below which a loop takes no longer than numpy's calls."""
_AFTER = 16
"""Bytes of zeros after the last cluster, so that a head at its end is read like any other."""
_WIDTHS = np.array([9 - byte.bit_length() for byte in range(256)], np.uint64)
"""First byte of a length -> how many bytes it has."""
_MASKS = np.array([(1 << 7 * width) - 1 for width in range(10)], np.uint64)
"""How many bytes a length has -> the bits of the number; all of them set where it is not known."""
_WIDEST = 3
"""Bytes of a length with which a head fits into eight: name 1, track 1, time 2, flags 1."""


class BlockHeads(NamedTuple):
    """The blocks of a track in the order of the file: ticks at which they are shown, and keys."""

    shown: NDArray[np.int64]
    keys: NDArray[np.bool_]


class _Cluster:
    """How far a cluster has been read; `found` are places, times and keys of the track's blocks."""

    __slots__ = ("end", "found", "place", "time")

    def __init__(self, place: int, end: int) -> None:
        self.place, self.end, self.time = place, end, -1
        self.found: list[tuple[int, int, bool]] = []

    def add(self, data: memoryview, place: int, body: int, track: int, key: bool) -> None:
        """A block at `place` whose content begins at `body`, if it is the track's."""
        if data[body] != track:
            return
        if self.time < 0 or data[body + 3] & _LACING:
            raise ValueError("a block comes before its cluster's time, or holds several frames")
        late = (data[body + 1] << 8 | data[body + 2]) ^ 0x8000
        self.found.append((place, self.time + late - 0x8000, key))


def block_heads(
    file: BufferedReader, clusters: Sequence[tuple[int, int]], track: int
) -> BlockHeads:
    """The heads of a track's blocks in clusters, whose contents have these places and sizes.

    `track` is its number, below 127. Raises ValueError for what is not known here: lacing, lengths
    that do not fit or are not known, blocks before their cluster's time; IndexError, OSError.
    """
    parts = [BlockHeads(np.zeros(0, np.int64), np.zeros(0, bool))]
    batches = list(_batches(clusters))
    most = max((sum(size for _, size in batch) for batch in batches), default=0)
    room = np.empty(most + _AFTER, np.uint8).data  # large pages: a bytearray has none
    for batch in batches:
        _read(file, batch, room)
        parts.append(_heads(room, [size for _, size in batch], 0x80 | track))
    shown, keys = zip(*parts, strict=True)
    return BlockHeads(np.concatenate(shown), np.concatenate(keys))


def _batches(clusters: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Clusters that are read together."""
    batch: list[tuple[int, int]] = []
    held = 0
    for place, size in clusters:
        if batch and held + size > _ROOM:
            yield batch
            batch, held = [], 0
        batch.append((place, size))
        held += size
    if batch:
        yield batch


def _read(file: BufferedReader, batch: Sequence[tuple[int, int]], room: memoryview) -> None:
    """Clusters one behind the other, and zeros after them."""
    filled = 0
    for place, size in batch:
        file.seek(place)
        if file.readinto(room[filled : filled + size]) != size:
            raise ValueError("the file has become shorter")
        filled += size
    room[filled : filled + _AFTER] = bytes(_AFTER)


def _heads(data: memoryview, sizes: Sequence[int], track: int) -> BlockHeads:
    """The heads of clusters that lie one behind the other; `track` as blocks write it."""
    ends = list(accumulate(sizes))
    clusters = [_Cluster(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    places, shown, keys = _side_by_side(data, clusters, track)
    for cluster in clusters:
        _one_by_one(data, cluster, track)
    found = [row for cluster in clusters for row in cluster.found]
    if found:
        columns = zip(*found, strict=True)
        more = [np.array(column) for column in columns]
        places, shown, keys = (
            np.concatenate(pair) for pair in zip((places, shown, keys), more, strict=True)
        )
    order = np.argsort(places, kind="stable")
    return BlockHeads(shown[order], keys[order])


def _side_by_side(
    data: memoryview, clusters: Sequence[_Cluster], track: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Places, times and keys of blocks, while there are many clusters with a next one.

    What is no usual SimpleBlock is read by itself, and added to its cluster; so is the rest of the
    clusters that are left.
    """
    eights: NDArray[Any] = np.ndarray((len(data) - 7,), ">u8", data, strides=(1,))
    spans = np.array([(cluster.place, cluster.end) for cluster in clusters], np.int64)
    one = np.flatnonzero(spans[:, 0] < spans[:, 1])
    place, end = spans[one].T
    time = np.full(len(one), -1, np.int64)
    rows: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
    while len(one) >= _FEW:
        head = eights[place].astype(np.uint64)
        width = _WIDTHS[(head >> 48 & 0xFF).astype(np.intp)]
        mask = _MASKS[width.astype(np.intp)]
        size = head >> (56 - 8 * width) & mask
        block = head >> (24 - 8 * width) & 0xFFFFFFFF  # track, time and flags
        usual = (head >> 56 == _SIMPLE) & (width <= _WIDEST) & (size != mask)
        after = place + (1 + width + size).astype(np.int64)
        if not usual.all():
            block, time = np.where(usual, block, 0), time.copy()
            for row in np.flatnonzero(~usual).tolist():
                cluster = clusters[one[row]]
                cluster.place, cluster.time = int(place[row]), int(time[row])
                _step(data, cluster, track)
                after[row], time[row] = cluster.place, cluster.time
        rows.append((place, block, time))
        place, more = after, after < end
        if not more.all():
            if (after > end).any():
                raise ValueError("the length of a block is wrong")
            for row in np.flatnonzero(~more).tolist():
                clusters[one[row]].place = int(end[row])
            one, place, end, time = one[more], place[more], end[more], time[more]
    for row, which in enumerate(one.tolist()):
        clusters[which].place, clusters[which].time = int(place[row]), int(time[row])
    places, blocks, times = (
        (np.concatenate(column) for column in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
    )
    mine = np.flatnonzero(blocks >> 24 == track)
    places, blocks, times = places[mine], blocks[mine].astype(np.int64), times[mine]
    if (times < 0).any() or (blocks & _LACING).any():
        raise ValueError("a block comes before its cluster's time, or holds several frames")
    late = (blocks >> 8 & 0xFFFF ^ 0x8000) - 0x8000
    return places, times + late, blocks & _KEY != 0


def _one_by_one(data: memoryview, cluster: _Cluster, track: int) -> None:
    """Read what is left of a cluster."""
    place, end = cluster.place, cluster.end
    while place < end:
        if data[place] == _SIMPLE:
            size, body = data[place + 1], place + 2
            if size & 0x80 and size != 0xFF:
                size &= 0x7F
            elif size & 0x40 and size != 0x7F:
                size, body = (size & 0x3F) << 8 | data[body], body + 1
            else:
                size, body = element_size(data, place + 1)
            if data[body] == track:
                cluster.add(data, place, body, track, data[body + 3] & _KEY != 0)
            place = body + size
        else:
            cluster.place = place
            _step(data, cluster, track)
            place = cluster.place
    if place != end:
        raise ValueError("the length of a block is wrong")
    cluster.place = place


def _step(data: memoryview, cluster: _Cluster, track: int) -> None:
    """Read one element of a cluster."""
    place, name = cluster.place, data[cluster.place]
    size, body = element_size(data, place + 1)
    end = body + size
    if name == _SIMPLE:
        cluster.add(data, place, body, track, data[body + 3] & _KEY != 0)
    elif name == _TIME:
        cluster.time = int.from_bytes(data[body:end], "big")
    elif name == _GROUP:
        parts = list(elements(data, body, end))
        key = all(part != _REFERS for part, _, _ in parts)  # one that refers to no other
        for part, begin, _ in parts:
            if part == _BLOCK:
                cluster.add(data, place, begin, track, key)
    elif not name & 0x80:  # names of more than a byte: positions, sizes, what is encrypted
        raise ValueError("an element is not known")
    cluster.place = end
