"""Streams of one clock last equally long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.audio import AudioCarrier

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest difference of durations in seconds between streams of one clock."""
    clocks: dict[str, list[tuple[float, str]]] = {}
    for carrier in outcome.carriers(AudioCarrier):
        if carrier.seconds:
            clocks.setdefault(carrier.stream.spaces["clock"], []).append(
                (carrier.seconds, carrier.stream.name)
            )
    worst, said = 0.0, ""
    for lengths in clocks.values():
        (least, short), (most, long) = min(lengths), max(lengths)
        if most - least > worst:
            worst, said = most - least, f"{long!r} lasts {most:.3f} s and {short!r} {least:.3f} s"
    if not clocks:
        return Measure.nothing("no stream with a known duration")
    passed = worst <= options["tolerance"]
    return Measure(worst, passed, "" if passed else said)
