"""Which frames a time map shows: by the moments at which frames are shown, never by their index.

Frame i of a clip is shown from its time to the next one's. A clip at a constant rate keeps its
rate: frame j of the result shows what the source shows at the middle of frame j's own span. A clip
whose rate varies keeps its frames: each one that is shown begins at the image of the moment at
which it began.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import regular_times
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

__all__ = ["NOTHING", "Choice", "Timed", "retimed"]

NOTHING = -1
"""The index of a frame that is not there: gaps, and what lies before or after the source."""
_JUST_BEFORE, _BEFORE = -2, -3
"""Less than a frame, or more, before the first frame of a varying rate."""
_ROUNDING = 1e-6
"""Frames by which a moment may miss a frame's beginning and still count as in it."""
_SHORTEST = 1e-9
"""Seconds under which a frame is not shown at all."""


class Timed(Protocol):
    """What has frames: a clip, or what is noted beside one."""

    @property
    def times(self) -> NDArray[np.float64]: ...

    @property
    def duration(self) -> float: ...

    def __len__(self) -> int: ...


class Choice(NamedTuple):
    """The frames of a result: which frame of the source each is, and from when it is shown."""

    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    duration: float


def retimed(clip: Timed, fps: float, time: TimeMap) -> Choice:
    """The frames that a clip shows under a time map; `fps` is 0 where its rate varies."""
    if fps:
        count = max(1, round(time.duration * fps))
        middles: NDArray[np.float64] = np.arange(0.5, count) / fps
        if count == 1:
            middles[0] = time.duration / 2
        frames = _shown_at(clip, fps, time.moments(middles))
        return Choice(frames, regular_times(count, fps), count / fps)
    pieces = [piece for segment in time.segments for piece in _pieces(clip, segment)]
    # The first frame begins at the image of its beginning, not before.
    late = next((at for at, (_, frame) in enumerate(pieces) if frame >= NOTHING), 0)
    begins: list[float] = []
    shown: list[int] = []
    for begin, frame in pieces[late:]:
        if frame < NOTHING:
            frame = 0 if frame == _JUST_BEFORE else NOTHING
        if begins and begin - begins[-1] < _SHORTEST:  # too short to be seen: the next one is
            begins.pop(), shown.pop()
        if not shown or shown[-1] != frame:
            begins.append(begin)
            shown.append(frame)
    return Choice(np.array(shown, np.int64), np.array(begins), time.duration)


def _shown_at(clip: Timed, fps: float, moments: NDArray[np.float64]) -> NDArray[np.int64]:
    """The frame of a constant rate at each moment; less than a frame outside, the outermost."""
    count = len(clip)
    with np.errstate(invalid="ignore"):
        places = np.floor(moments * fps + _ROUNDING)
        inside = (places >= -1) & (places <= count)
    return np.where(inside, np.clip(places, 0, count - 1), NOTHING).astype(np.int64)


def _pieces(clip: Timed, segment: Segment) -> list[tuple[float, int]]:
    """(second of the result, frame) in the result's order: what one segment shows."""
    if segment.is_gap:
        return [(segment.start, NOTHING)]
    times = clip.times
    low, high = sorted((segment.first, segment.last))
    held = (2 * times[0] - _end_of_first(clip), 2 * clip.duration - times[-1])
    ends = np.array([held[0], *times, clip.duration, held[1]])
    cuts = np.concatenate([[low], ends[(ends > low) & (ends < high)], [high]])
    if high == low:
        return [(segment.start, _covering(clip, low))]
    middles = (cuts[:-1] + cuts[1:]) / 2
    frames = [_covering(clip, moment) for moment in middles.tolist()]
    begins = cuts[:-1]
    if segment.last < segment.first:
        frames.reverse()
        begins = cuts[:0:-1]
    seconds = segment.start + (begins - segment.first) / segment.speed
    seconds[0] = segment.start
    return list(zip(seconds.tolist(), frames, strict=True))


def _covering(clip: Timed, moment: float) -> int:
    """The frame that is shown at a moment; less than a frame after the end, the last one."""
    times, end = clip.times, clip.duration
    if moment < times[0]:
        return _JUST_BEFORE if times[0] - moment < _end_of_first(clip) - times[0] else _BEFORE
    if moment >= end:
        return len(times) - 1 if moment - end < end - float(times[-1]) else NOTHING
    return int(np.searchsorted(times, moment, side="right")) - 1


def _end_of_first(clip: Timed) -> float:
    return float(clip.times[1]) if len(clip.times) > 1 else clip.duration
