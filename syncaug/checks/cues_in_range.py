"""Cues lie within their clock, and end after they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.timed_text import TimedTextCarrier
from syncaug.plan.spaces import MEDIA

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The most seconds by which a cue begins before or ends after what is heard and seen.

    That lasts as long as the longest sampled stream of the clock, and without one as the clock.
    """
    parts: dict[str, float] = {}
    said = ""
    for carrier in outcome.carriers(TimedTextCarrier, options.get("stream", "")):
        end = _end(carrier, outcome)
        offset = float(carrier.stream.options.get("offset", 0.0))
        worst = 0.0
        for number, cue in enumerate(carrier.cues):
            beyond = max(0.0, -(cue.start + offset), cue.end + offset - end, cue.start - cue.end)
            if beyond > worst:
                worst = beyond
                if beyond > options["tolerance"]:
                    said = (
                        f"cue {number} of {carrier.stream.name!r} is from {cue.start:.3f} s to "
                        f"{cue.end:.3f} s, and its clock lasts {end:.3f} s"
                    )
        if carrier.cues:
            parts[carrier.stream.name] = worst
    if not parts:
        return Measure.nothing("no cue")
    return Measure(max(parts.values()), not said, said, parts)


def _end(cues: TimedTextCarrier, outcome: Outcome) -> float:
    """The second of the clock at which the last of its sampled streams ends."""
    clock = cues.stream.spaces["clock"]
    ends = []
    for carrier in outcome.scene.carriers.values():
        if carrier.stream.modality in MEDIA and carrier.stream.spaces.get("clock") == clock:
            seconds = carrier.clock_duration()
            if seconds is not None:
                ends.append(seconds + float(carrier.stream.options.get("offset", 0.0)))
    return max(ends, default=outcome.scene.clocks[clock].duration)
