"""Cues neither overlap each other nor leave their clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.language.timed_text import TimedTextCarrier

__all__ = ["measure"]

Spans = Sequence[tuple[float, float]]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest share of a stream's cue time that overlaps other cues or is off its clock.

    Cues that overlapped as much in the original may go on doing so.
    """
    parts: dict[str, float] = {}
    said = ""
    for carrier in outcome.carriers(TimedTextCarrier, options.get("stream", "")):
        name, clock = carrier.stream.name, carrier.stream.spaces["clock"]
        offset = float(carrier.stream.options.get("offset", 0.0))
        after = _share(outcome.after[name], offset, outcome.clock_end(clock))
        before = _share(outcome.before[name], offset, outcome.state.clocks[clock].source)
        if after is None:
            continue
        parts[name] = after
        if after > max(options["max_share"], before or 0.0):
            said = f"{after:.0%} of the time of the cues of {name!r} overlaps or is off the clock"
    if not parts:
        return Measure.nothing("no cue")
    return Measure(max(parts.values()), not said, said, parts)


def _share(cues: Sequence[Mapping[str, Any]], offset: float, end: float) -> float | None:
    """The share of cue time under two cues or more, or outside of 0 to `end`; None without cues."""
    spans = [(float(cue["start"]) + offset, float(cue["end"]) + offset) for cue in cues]
    total = sum(stop - start for start, stop in spans)
    if total <= 0.0:
        return None
    inside = [(max(0.0, start), min(end, stop)) for start, stop in spans]
    inside = [(start, stop) for start, stop in inside if stop > start]
    outside = total - sum(stop - start for start, stop in inside)
    return (outside + _shared(inside)) / total


def _shared(spans: Spans) -> float:
    """Seconds of spans under another span, counted for each of them."""
    edges = sorted([(start, 1) for start, _ in spans] + [(stop, -1) for _, stop in spans])
    shared, depth, since = 0.0, 0, 0.0
    for second, step in edges:
        if depth > 1:
            shared += depth * (second - since)
        depth, since = depth + step, second
    return shared
