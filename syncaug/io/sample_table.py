"""The table of an MP4 or MOV: when each packet of a track is shown, without reading the packets.

The file's boxes tell of all packets when each is decoded, how much later it is shown, and whether
it is a key. FFmpeg's demuxer has the same in memory, with edit lists carried out: but it makes an
object of each packet, so that it is asked for some of them alone.

The table is believed where the demuxer knows as many packets and says the same of those, and where
packets at the beginning and the end say it, too; else the packets themselves are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.io.sample_boxes import SampleBoxes, sample_boxes

__all__ = ["SampleTable", "sample_table"]

_COMPARED = 24
"""Packets at the beginning that are held against the table."""
_ASKED = 1000
"""Packets, and as many keys, of which the demuxer is asked."""
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
    try:
        boxes = sample_boxes(path, stream.index, stream.frames)
    except (OSError, ValueError):
        return None
    if boxes is None or not _is_known(stream.index_entries, boxes):
        return None
    decoded = boxes.decoded + stream.index_entries[0].timestamp
    lasts = np.append(np.diff(decoded), 0)
    return _agreed(
        container, stream, SampleTable(decoded + boxes.later, lasts, boxes.keys), decoded
    )


def _is_known(entries: Any, boxes: SampleBoxes) -> bool:
    """Whether the demuxer knows the same packets, as far as it is asked."""
    count = len(boxes.decoded)
    if len(entries) != count:
        return False
    keys = np.flatnonzero(boxes.keys)
    some = np.linspace(0, count - 1, _ASKED).astype(np.intp)
    asked = np.concatenate([some, keys[:: len(keys) // _ASKED + 1]])
    begin = entries[0].timestamp
    for place in asked.tolist():
        entry = entries[place]
        said = (entry.timestamp - begin, entry.size, entry.flags)
        if said != (boxes.decoded[place], boxes.sizes[place], boxes.keys[place]):
            return False
    return True


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
