"""Sound and picture happen together as they did before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from syncaug.checks.events import Curve, curve_of, declared, lag_of, peak_near
from syncaug.checks.measure import Measure, Outcome
from syncaug.maps.time import TimeMap
from syncaug.modalities.audio import AudioCarrier
from syncaug.modalities.video import VideoCarrier

__all__ = ["measure"]

_WINDOW = 0.25
"""Seconds around a declared event in which its sound and its picture are looked for."""

Pair = tuple[Curve, Curve]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest change in seconds of the offset between a sound and a video of its clock.

    With `events`, the sample's list of the clock's seconds under that key: each event is looked
    for, before and after, in the level of the sound and in the change of frames. Without, or where
    the key is missing, by the cross-correlation of both over time, where that is significant before
    and after. Where neither finds anything, nothing is measured.
    """
    parts: dict[str, float] = {}
    for audio, video in _pairs(options, outcome):
        before, after = (_curves(audio, video, s) for s in (outcome.before, outcome.after))
        clock = outcome.scene.clocks.get(audio.stream.spaces["clock"])
        if before is None or after is None or clock is None:
            continue
        seconds = declared(outcome.before, options["events"]) if "events" in options else []
        change = (
            _by_events(before, after, clock, seconds)
            if seconds
            else _by_correlation(before, after, clock, options)
        )
        if change is not None:
            parts[f"{audio.stream.name}/{video.stream.name}"] = change
    if not parts:
        return Measure.nothing("no events that sound and picture share")
    pair, worst = max(parts.items(), key=lambda part: abs(part[1]))
    passed = abs(worst) <= options["tolerance"]
    sound, _, picture = pair.partition("/")
    way = "later" if worst > 0 else "earlier"
    said = f"{sound!r} comes {abs(worst):.3f} s {way} against {picture!r} than it did"
    return Measure(abs(worst), passed, "" if passed else said, parts)


def _pairs(
    options: Mapping[str, Any], outcome: Outcome
) -> Iterator[tuple[AudioCarrier, VideoCarrier]]:
    for audio in outcome.carriers(AudioCarrier, options.get("audio", "")):
        for video in outcome.carriers(VideoCarrier, options.get("video", "")):
            if audio.stream.spaces["clock"] == video.stream.spaces["clock"]:
                yield audio, video


def _curves(audio: AudioCarrier, video: VideoCarrier, sample: Mapping[str, Any]) -> Pair | None:
    sound = curve_of(audio, sample[audio.stream.name])
    picture = curve_of(video, sample[video.stream.name])
    return None if sound is None or picture is None else (sound, picture)


def _by_correlation(
    before: Pair, after: Pair, clock: TimeMap, options: Mapping[str, Any]
) -> float | None:
    most, significance = options["max_lag"], options["significance"]
    old, new = lag_of(*before, most, significance), lag_of(*after, most, significance)
    if old is None or new is None:
        return None
    return new - old / _speed(clock)


def _speed(clock: TimeMap) -> float:
    """How fast the clock runs in the mean; negative backwards. An old offset shrinks with it."""
    solid = [segment for segment in clock.segments if not segment.is_gap]
    lengths = sum(segment.stop - segment.start for segment in solid)
    ways = sum(segment.last - segment.first for segment in solid)
    return ways / lengths if lengths and ways else 1.0


def _by_events(before: Pair, after: Pair, clock: TimeMap, seconds: Sequence[float]) -> float | None:
    """The median change over the events that are found in all four curves."""
    changes: list[float] = []
    for second in seconds:
        old = _offset(before, second, _window(seconds, second))
        places = [start for start, _ in clock.places(second, second)]
        for place in places if old is not None else ():
            new = _offset(after, place, _window(places, place))
            if new is not None and old is not None:
                changes.append(new - old / _speed(clock))
    return float(np.median(changes)) if changes else None


def _window(seconds: Sequence[float], second: float) -> float:
    """As far as no other event is nearer."""
    others = [abs(other - second) / 2 for other in seconds if other != second]
    return min([_WINDOW, *others])


def _offset(pair: Pair, second: float, window: float) -> float | None:
    sound, picture = (peak_near(curve, second, window) for curve in pair)
    return None if sound is None or picture is None else sound - picture
