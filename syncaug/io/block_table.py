"""When each frame of a Matroska or WebM track is shown, from the heads of its blocks alone.

A demuxer makes packets of all of a file to tell their times. They stand in the heads of blocks, a
few bytes that say how long each block is: so only those are looked at, a quarter of the time.
Source: RFC 9559 (Matroska), section 5.1.

The times are believed where packets at the beginning and the end say the same; else, and where the
file holds anything that is not known here, the packets themselves are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.io.block_heads import LARGEST, BlockHeads, block_heads
from syncaug.io.containers import open_container
from syncaug.io.ebml import element_size, elements, number_in
from syncaug.io.sample_table import SampleTable

__all__ = ["block_table"]

_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_SCALE, _ENTRY, _NUMBER, _KIND = 0x2AD7B1, 0xAE, 0xD7, 0x83
_STREAMS = frozenset({1, 2, 17, 33})
"""Kinds of tracks that the demuxer makes streams of: video, sound, subtitles, metadata."""
_FEWEST = 500
"""Frames below which reading them all takes no longer."""
_COMPARED = 24
"""Packets at the beginning that are held against the table."""
_NEAR = 3.0
"""Seconds before the end from which on packets are held against the table."""


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
            heads = _frames(file, stream)
    except (OSError, ValueError, IndexError):
        return None
    if heads is None or len(heads.shown) < _FEWEST:
        return None
    told = SampleTable(heads.shown, np.zeros_like(heads.shown), heads.keys)
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


def _frames(file: BufferedReader, stream: Any) -> BlockHeads | None:
    """The heads of the blocks of a track in the order of the file.

    None where the file holds what is not known here. Raises IndexError, ValueError, OSError.
    """
    number, clusters = 0, list[tuple[int, int]]()
    for name, place, size in _parts(file):
        if name == _CLUSTER:
            clusters.append((place, size))
            continue
        file.seek(place)
        data = file.read(size)
        if name == _INFO:
            scale = number_in(data, 0, len(data), _SCALE, 1_000_000)
            if stream.time_base.numerator * 1_000_000_000 != scale * stream.time_base.denominator:
                return None
        elif name == _TRACKS:
            entries = [
                number_in(data, low, high, _NUMBER, 0)
                for entry, low, high in elements(data, 0, len(data))
                if entry == _ENTRY and number_in(data, low, high, _KIND, 0) in _STREAMS
            ]
            number = entries[stream.index]
    return block_heads(file, clusters, number) if 0 < number < 0x7F else None


def _parts(file: BufferedReader) -> Iterator[tuple[int, int, int]]:
    """Names of the parts of a segment that are looked at, and where and how long they are."""
    place, end = 0, file.seek(0, 2)
    while place < end:
        file.seek(place)
        head = file.read(12)
        width = 9 - head[0].bit_length()
        name = int.from_bytes(head[:width], "big")
        size, after = element_size(head, width)
        place += after
        if place + size > end:
            raise ValueError("the length of a part is wrong")
        if name == _SEGMENT:
            end = place + size
            continue
        if name in (_INFO, _TRACKS, _CLUSTER):
            if size > LARGEST:
                raise ValueError("a part is too large")
            yield name, place, size
        place += size
