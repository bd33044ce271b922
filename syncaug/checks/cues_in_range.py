"""Cues lie within their clock, and end after they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.language.timed_text import TimedTextCarrier

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The most seconds by which a cue begins before or ends after what is heard and seen.

    That lasts as long as the longest sampled stream of the clock, and without one as the clock.
    """
    parts: dict[str, float] = {}
    said = ""
    for carrier in outcome.carriers(TimedTextCarrier, options.get("stream", "")):
        end = outcome.clock_end(carrier.stream.spaces["clock"])
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
