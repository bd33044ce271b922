"""What cues say in a span of time: word by word, at the pace of their letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from syncaug.modalities.cues import Cue, blanked

__all__ = ["joined_cues", "spoken_within"]


def spoken_within(cues: Sequence[Cue], start: float, stop: float) -> list[Cue]:
    """Copies of the cues with the words that are spoken in [start, stop), cut to it."""
    near = [cue for cue in cues if cue.end > start and cue.start < stop]
    copies = [replace(cue, wording=cue.wording.again()) for cue in near]
    left = blanked(copies, [(-math.inf, start), (stop, math.inf)])
    return [replace(c, start=max(c.start, start), end=min(c.end, stop)) for c in left]


def joined_cues(
    own: Sequence[Cue], partner: Sequence[Cue], shift: float, notes: dict[str, Any]
) -> list[Cue]:
    """Both samples' cues, the partner's later by `shift`; in time's order if the own ones were."""
    came = [
        replace(c, start=c.start + shift, end=c.end + shift, wording=c.wording.again())
        for c in partner
    ]
    for cue in came:
        cue.wording.notes = notes
    both = [*own, *came]
    if all(one.start <= other.start for one, other in pairwise(own)):
        both.sort(key=lambda cue: cue.start)
    return both
