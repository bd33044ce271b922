"""Which frames a time map shows, against the definition, on random maps and random clips."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.clips.frame_time import NOTHING, retimed
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

SECONDS = st.floats(0.05, 3.0)


@st.composite
def time_maps(draw: Any, source: float) -> TimeMap:
    """Up to five pieces: forwards, backwards, slow, fast, beyond both ends, still, or gaps."""
    segments, at = [], 0.0
    for _ in range(draw(st.integers(1, 5))):
        stop = at + draw(SECONDS)
        if draw(st.integers(0, 4)) == 0:
            segments.append(Segment(at, stop, math.nan, math.nan))
        else:
            ends = st.floats(-0.5, source + 0.5)
            segments.append(Segment(at, stop, draw(ends), draw(ends)))
        at = stop
    return TimeMap(tuple(segments), source)


@st.composite
def varying(draw: Any) -> tuple[ArrayClip, TimeMap]:
    steps = draw(st.lists(st.floats(0.02, 0.5), min_size=2, max_size=12))
    first = draw(st.sampled_from([0.0, 0.03, 0.6]))
    times = first + np.concatenate([[0.0], np.cumsum(steps)])
    clip = ArrayClip(np.zeros((len(steps), 1, 1, 1), np.uint8), times[:-1], float(times[-1]))
    return clip, draw(time_maps(clip.duration))


def shown(times: np.ndarray, duration: float, moment: float) -> int:
    """The frame that a clip shows at a moment by the definition; NOTHING where there is none."""
    if math.isnan(moment):
        return NOTHING
    if moment < times[0]:
        later = times[1] if len(times) > 1 else duration
        return 0 if times[0] - moment < later - times[0] else NOTHING
    if moment >= duration:
        return len(times) - 1 if moment - duration < duration - times[-1] else NOTHING
    return int(np.searchsorted(times, moment, side="right")) - 1


@settings(max_examples=60)
@given(varying(), st.lists(st.floats(0.0, 1.0), min_size=20, max_size=20))
def test_a_varying_rate_shows_at_each_moment_what_the_map_says(
    given_: tuple[ArrayClip, TimeMap], shares: list[float]
) -> None:
    clip, time = given_
    choice = retimed(clip, 0.0, time)
    assert (np.diff(choice.times) > 0).all()
    assert choice.duration == time.duration
    edges = [0.0, *choice.times, *(segment.start for segment in time.segments), time.duration]
    for second in (share * time.duration for share in shares):
        if min(abs(second - edge) for edge in edges) < 1e-6:
            continue  # on the edge itself either frame is right
        moment = time.at(second)
        near = [*clip.times, clip.duration, *_limits(clip)]
        if not math.isnan(moment) and min(abs(moment - edge) for edge in near) < 1e-6:
            continue
        expected = shown(clip.times, clip.duration, moment)
        place = int(np.searchsorted(choice.times, second, side="right")) - 1
        found = NOTHING if place < 0 else int(choice.frames[place])
        assert found == expected or (place < 0 and moment < clip.times[0])


def _limits(clip: ArrayClip) -> list[float]:
    """How far before and after itself a clip's outermost frames are held."""
    times = clip.times
    later = times[1] if len(times) > 1 else clip.duration
    return [2 * times[0] - later, 2 * clip.duration - times[-1]]


@settings(max_examples=60)
@given(st.data(), st.integers(1, 30), st.sampled_from([10.0, 24.0, 29.97, 60.0]))
def test_a_constant_rate_errs_by_half_a_frame_at_most(data: Any, count: int, fps: float) -> None:
    clip = ArrayClip(np.zeros((count, 1, 1, 1), np.uint8), regular_times(count, fps), count / fps)
    time = data.draw(time_maps(clip.duration))
    choice = retimed(clip, fps, time)
    assert len(choice.frames) == max(1, round(time.duration * fps))
    if len(choice.frames) == 1:
        return
    for place, frame in enumerate(choice.frames.tolist()):
        moment = time.at((place + 0.5) / fps)
        middle = (frame + 0.5) / fps
        if frame == NOTHING:
            far = max(-moment, moment - clip.duration)
            assert math.isnan(moment) or far > 1 / fps - 1e-6
        else:
            held = min(max(moment, 0.5 / fps), clip.duration - 0.5 / fps)
            assert abs(middle - held) <= 0.5 / fps + 1e-6
