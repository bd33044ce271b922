"""When each frame of a Matroska or WebM track is shown, from the heads of its blocks alone.

A demuxer makes packets of all of a file to tell their times. They stand in the heads of blocks, a
few bytes that say how long each block is: so only those are looked at, a quarter of the time.
Source: RFC 8794 (EBML), sections 4 and 5; RFC 9559 (Matroska), sections 5.1 and 10.

The times are believed where packets at the beginning and the end say the same; else, and where the
file holds anything that is not known here, the packets themselves are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from syncaug.io.containers import open_container
from syncaug.io.sample_table import SampleTable

__all__ = ["block_table"]

_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_SCALE, _ENTRY, _NUMBER, _KIND = 0x2AD7B1, 0xAE, 0xD7, 0x83
_TIME, _SIMPLE, _GROUP, _BLOCK, _REFERS = 0xE7, 0xA3, 0xA0, 0xA1, 0xFB
_STREAMS = frozenset({1, 2, 17, 33})
"""Kinds of tracks that the demuxer makes streams of: video, sound, subtitles, metadata."""
_KEY, _LACING = 0x80, 0x06
_LARGEST = 256 << 20
"""Bytes of a cluster that is read at once; writers begin a new one after five seconds."""
_FEWEST = 500
"""Frames below which reading them all takes no longer."""
_COMPARED = 24
"""Packets at the beginning that are held against the table."""
_NEAR = 3.0
"""Seconds before the end from which on packets are held against the table."""

_Found = list[tuple[int, bool]]


def block_table(path: Path, container: Any, stream: Any) -> SampleTable | None:
    """The table of a track; None where it is short, or does not tell what its packets do.

    The container stays where it stands. Raises FileProblem.
    """
    if "matroska" not in container.format.name.split(","):
        return None
    seconds = (container.duration or 0) / 1e6
    if seconds * float(stream.average_rate or 0) < _FEWEST:
        return None
    try:
        with path.open("rb") as file:
            rows = _frames(file, stream)
    except (OSError, ValueError, IndexError):
        return None
    if rows is None or len(rows) < _FEWEST:
        return None
    shown = np.array([row[0] for row in rows], np.int64)
    keys = np.array([row[1] for row in rows], bool)
    told = SampleTable(shown, np.zeros(len(rows), np.int64), keys)
    with open_container(path) as another:
        return _agreed(another, another.streams[stream.index], told)


def _agreed(container: Any, stream: Any, told: SampleTable) -> SampleTable | None:
    """The table as packets at both ends confirm it, with how long the last ones last."""
    count, lasts = len(told.shown), told.lasts.copy()
    first: list[Any] = []
    for packet in container.demux(stream):
        first.append(packet)
        if len(first) == _COMPARED:
            break
    near = int(told.shown.max() - _NEAR / stream.time_base)
    container.seek(near, stream=stream, backward=True)
    last = [packet for packet in container.demux(stream) if packet.size]
    if not last or len(last) > count:
        return None
    places = [*range(len(first)), *range(count - len(last), count)]
    for place, packet in zip(places, [*first, *last], strict=True):
        said = (packet.pts, packet.is_keyframe)
        if said != (told.shown[place], told.keys[place]):
            return None
        if not packet.size or packet.is_corrupt or packet.is_discard:
            return None
        lasts[place] = packet.duration or 0
    return SampleTable(told.shown, lasts, told.keys)


def _frames(file: BinaryIO, stream: Any) -> _Found | None:
    """Time in ticks and whether it is a key, of each block of a track in the order of the file.

    None where the file holds what is not known here. Raises IndexError, ValueError, OSError.
    """
    number = -1
    found: _Found = []
    for name, data in _parts(file):
        if name == _INFO:
            scale = _number(data, 0, len(data), _SCALE, 1_000_000)
            if stream.time_base.numerator * 1_000_000_000 != scale * stream.time_base.denominator:
                return None
        elif name == _TRACKS:
            entries = [
                _number(data, low, high, _NUMBER, 0)
                for entry, low, high in _elements(data, 0, len(data))
                if entry == _ENTRY and _number(data, low, high, _KIND, 0) in _STREAMS
            ]
            number = entries[stream.index]
        elif not 0 < number < 0x7F or not _cluster(data, 0x80 | number, found):
            return None
    return found


def _parts(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Names and contents of the parts of a segment that are looked at, one after the other."""
    place, end = 0, file.seek(0, 2)
    while place < end:
        file.seek(place)
        head = file.read(12)
        width = 9 - head[0].bit_length()
        name = int.from_bytes(head[:width], "big")
        size, after = _size(head, width)
        place += after
        if place + size > end:
            raise ValueError("the length of a part is wrong")
        if name == _SEGMENT:
            end = place + size
            continue
        if name in (_INFO, _TRACKS, _CLUSTER):
            if size > _LARGEST:
                raise ValueError("a part is too large")
            file.seek(place)
            yield name, file.read(size)
        place += size


def _cluster(data: bytes, track: int, found: _Found) -> bool:
    """Add the blocks of a cluster; whether all of it is known. The loop that takes the time."""
    time, place, end = -1, 0, len(data)
    while place < end:
        name, place = data[place], place + 1
        size = data[place]
        if size & 0x80:
            size, place = size & 0x7F, place + 1
        elif size & 0x40:
            size, place = (size & 0x3F) << 8 | data[place + 1], place + 2
        else:
            size, place = _size(data, place)
        if name == _SIMPLE:
            if data[place] == track:
                flags = data[place + 3]
                if time < 0 or flags & _LACING:
                    return False
                late = (data[place + 1] << 8 | data[place + 2]) ^ 0x8000
                found.append((time + late - 0x8000, flags & _KEY != 0))
        elif name == _TIME:
            time = int.from_bytes(data[place : place + size], "big")
        elif name == _GROUP:
            if not _group(data, place, place + size, track, time, found):
                return False
        elif not name & 0x80:  # names of more than a byte: positions, sizes, what is encrypted
            return False
        place += size
    return place == end


def _group(data: bytes, place: int, end: int, track: int, time: int, found: _Found) -> bool:
    """Add the block of a group; a key refers to no other."""
    row: tuple[int, bool] | None = None
    refers = False
    for name, begin, _ in _elements(data, place, end):
        if name == _BLOCK and data[begin] == track:
            if time < 0 or data[begin + 3] & _LACING:
                return False
            late = int.from_bytes(data[begin + 1 : begin + 3], "big", signed=True)
            row = (time + late, True)
        refers = refers or name == _REFERS
    if row is not None:
        found.append((row[0], not refers))
    return True


def _elements(data: bytes, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Name, begin and end of what lies side by side. Raises ValueError where lengths do not fit."""
    while place < end:
        width = 9 - data[place].bit_length()
        name, place = int.from_bytes(data[place : place + width], "big"), place + width
        size, place = _size(data, place)
        if width > 4 or place + size > end:
            raise ValueError("the length of an element is wrong")
        yield name, place, place + size
        place += size


def _size(data: bytes, place: int) -> tuple[int, int]:
    """A length, and where what follows it begins. Raises ValueError where it is not known."""
    width = 9 - data[place].bit_length()
    size = int.from_bytes(data[place : place + width], "big") & ((1 << 7 * width) - 1)
    if width > 8 or size == (1 << 7 * width) - 1:
        raise ValueError("the length of an element is not known")
    return size, place + width


def _number(data: bytes, place: int, end: int, name: int, otherwise: int) -> int:
    for found, begin, stop in _elements(data, place, end):
        if found == name:
            return int.from_bytes(data[begin:stop], "big")
    return otherwise
