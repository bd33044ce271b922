"""Streams of one clock last equally long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest difference of durations in seconds between streams of one clock.

    What is sampled in time (video, sound, measurements) is compared with each other; cues and
    points in time count by what they last longer than that.
    """
    media: dict[str, list[tuple[float, str]]] = {}
    others: dict[str, list[tuple[float, str]]] = {}
    for name, carrier in outcome.state.carriers.items():
        seconds = carrier.clock_duration()
        if seconds is not None:
            table = media if carrier.stream.spec.media else others
            table.setdefault(carrier.stream.spaces["clock"], []).append((seconds, name))
    if not media:
        return Measure.nothing("no stream with a known duration")
    parts: dict[str, float] = {}
    worst, said = 0.0, ""
    for clock, lengths in media.items():
        least = min(lengths)
        most = max([*lengths, *others.get(clock, ())])
        parts[clock] = most[0] - least[0]
        if parts[clock] > worst:
            worst = parts[clock]
            said = f"{most[1]!r} lasts {most[0]:.3f} s and {least[1]!r} {least[0]:.3f} s"
    passed = worst <= options["tolerance"]
    return Measure(worst, passed, "" if passed else said, parts)
