"""Sound and picture happen together as they did before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from syncaug.checks.events import around, curve_of, expected, lag_of
from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.unread import unread_or_value

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest offset in seconds that came between a sound and a video of its clock.

    Each of the two is compared with its own original: where its level or its picture changes now,
    against where that should be by the clock's map. The peak of the cross-correlation tells how
    much later it comes; the difference between sound and video is the measure. With `events`, the
    sample's list of the clock's seconds under that key, only what is around them counts. Where a
    correlation is not significant, nothing is measured.
    """
    parts: dict[str, float] = {}
    for audio, video in _pairs(options, outcome):
        sound, picture = _late(audio, outcome, options), _late(video, outcome, options)
        if sound is not None and picture is not None:
            parts[f"{audio.stream.name}/{video.stream.name}"] = sound - picture
    if not parts:
        return Measure.nothing("no events that stand out in both sound and picture")
    pair, worst = max(parts.items(), key=lambda part: abs(part[1]))
    passed = abs(worst) <= options["tolerance"]
    name, _, other = pair.partition("/")
    way = "later" if worst > 0 else "earlier"
    said = f"{name!r} comes {abs(worst):.3f} s {way} against {other!r} than it did"
    return Measure(abs(worst), passed, "" if passed else said, parts)


def _pairs(
    options: Mapping[str, Any], outcome: Outcome
) -> Iterator[tuple[AudioCarrier, VideoCarrier]]:
    for audio in outcome.carriers(AudioCarrier, options.get("audio", "")):
        for video in outcome.carriers(VideoCarrier, options.get("video", "")):
            if audio.stream.spaces["clock"] == video.stream.spaces["clock"]:
                yield audio, video


def _late(
    carrier: AudioCarrier | VideoCarrier, outcome: Outcome, options: Mapping[str, Any]
) -> float | None:
    """By how many seconds a stream comes later than its clock's map says; None if unknown."""
    name = carrier.stream.name
    clock = outcome.state.clocks.get(carrier.stream.spaces["clock"])
    samples = outcome.before, outcome.after
    before, after = (curve_of(carrier, unread_or_value(s, name)) for s in samples)
    if clock is None or before is None or after is None:
        return None
    if "events" in options and options["events"] in outcome.before:
        seconds = [float(second) for second in outcome.before[options["events"]]]
        values = np.where(around(before, seconds), before[1], np.median(before[1]))
        before = before[0], values
    should = expected(before, after, clock)
    return lag_of(after[1], should, options["max_lag"], options["significance"])
