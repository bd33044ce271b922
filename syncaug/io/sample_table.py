"""The table of an MP4 or MOV: when each packet of a track is shown, without reading the packets.

FFmpeg's demuxer has the table in memory, with edit lists carried out: where each packet lies, when
it is decoded, and whether it is a key. What it does not hand out, how much later each is shown
(`ctts`), is read from the file. Source: ISO 14496-12, section 8.6.1.3.

The table is believed where packets at the beginning and the end say the same as it does, and no
edit drops one; else the packets themselves are read.
"""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["SampleTable", "sample_table"]

_ENTRY = attrgetter("timestamp", "size", "flags")
_TRACK = (b"mdia", b"minf", b"stbl")
_COMPARED = 24
"""Packets at the beginning that are held against the table."""
_FEWEST = 500
"""Packets below which reading them all takes no longer."""
_NEAR = 3.0
"""Seconds before the end from which on packets are held against the table."""


class SampleTable(NamedTuple):
    """Packets in the order of the file: when each is shown, for how long, whether it is a key."""

    shown: NDArray[np.int64]
    lasts: NDArray[np.int64]
    keys: NDArray[np.bool_]


def sample_table(path: Path, container: Any, stream: Any) -> SampleTable | None:
    """The table of a track; None where it is short, or does not tell what its packets do.

    The container is left at its beginning.
    """
    if not {"mov", "mp4"} & set(container.format.name.split(",")) or stream.frames < _FEWEST:
        return None
    entries = map(_ENTRY, stream.index_entries)  # an hour has 90,000
    rows = np.fromiter(chain.from_iterable(entries), np.int64).reshape(-1, 3)
    decoded, size, flags = rows.T
    if len(rows) != stream.frames or (size <= 0).any() or (flags & ~1).any():
        return None
    try:
        with path.open("rb") as file:
            later = _offsets(file, stream.index, len(rows))
    except (OSError, ValueError):
        return None
    if later is None or (np.diff(decoded) <= 0).any():
        return None
    lasts = np.append(np.diff(decoded), 0)
    told = SampleTable(decoded + later, lasts, (flags & 1).astype(bool))
    return _agreed(container, stream, told, decoded)


def _agreed(
    container: Any, stream: Any, told: SampleTable, decoded: NDArray[np.int64]
) -> SampleTable | None:
    """The table as packets at both ends confirm it, with how long the last one lasts."""
    first: list[Any] = []
    for packet in container.demux(stream):
        first.append(packet)
        if len(first) == _COMPARED:
            break
    shift = (first[0].pts or 0) - int(told.shown[0])
    shown = told.shown + shift
    container.seek(int(decoded[-1] - _NEAR / stream.time_base), stream=stream, backward=True)
    last = [packet for packet in container.demux(stream) if packet.size]
    container.seek(int(decoded[0]), stream=stream, backward=True)
    count = len(shown)
    places = [*range(len(first)), *range(count - len(last), count)]
    lasts = told.lasts.copy()
    if not last or len(last) > count or last[-1].duration is None:
        return None
    lasts[-1] = last[-1].duration
    for place, packet in zip(places, [*first, *last], strict=True):
        said = (packet.pts, packet.dts, packet.duration, packet.is_keyframe)
        table = (shown[place], decoded[place], lasts[place], told.keys[place])
        if said != table or packet.is_corrupt or packet.is_discard:
            return None
    return SampleTable(shown, lasts, told.keys)


def _offsets(file: BinaryIO, index: int, count: int) -> NDArray[np.int64] | None:
    """How many ticks later than it is decoded each packet of a track is shown."""
    size = file.seek(0, 2)
    moov = _box(file, 0, size, b"moov", 0)
    track = moov and _box(file, *moov, b"trak", index)
    for name in _TRACK:
        track = track and _box(file, *track, name, 0)
    if not track:
        return None
    found = _box(file, *track, b"ctts", 0)
    if not found:
        return np.zeros(count, np.int64)
    file.seek(found[0])
    rows = np.frombuffer(file.read(found[1] - found[0])[8:], ">u4").reshape(-1, 2)
    counts = rows[:, 0].astype(np.int64)
    if counts.sum() != count:
        return None
    return np.repeat(rows[:, 1].astype(np.uint32).view(np.int32).astype(np.int64), counts)


def _box(file: BinaryIO, place: int, end: int, name: bytes, number: int) -> tuple[int, int] | None:
    """Where the content of the number-th box of a name lies; None where there is none."""
    while place + 8 <= end:
        file.seek(place)
        head = file.read(16)
        length, begin = int.from_bytes(head[:4], "big"), place + 8
        if length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), place + 16
        elif length == 0:
            length = end - place
        if length < 8:
            return None
        if head[4:8] == name:
            if number == 0:
                return begin, place + length
            number -= 1
        place += length
    return None
