"""What cues say in a span of time: word by word, at the pace of their letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

from syncaug.modalities.language.cue_marks import with_shifted_marks
from syncaug.modalities.language.cue_time import Cue, blanked, put

__all__ = ["joined_cues", "spoken_within"]


def spoken_within(cues: Sequence[Cue], start: float, stop: float) -> list[Cue]:
    """Copies of the cues with the words that are spoken in [start, stop), cut to it."""
    near = [cue for cue in cues if cue.end > start and cue.start < stop]
    copies = [replace(cue, wording=cue.wording.again()) for cue in near]
    left = blanked(copies, [(-math.inf, start), (stop, math.inf)])
    return [
        put(c, max(c.start, start), min(c.end, stop), partial(_within, start, stop)) for c in left
    ]


def _within(start: float, stop: float, first: float, last: float) -> tuple[float, float] | None:
    """What of a word is spoken in [start, stop), if its middle is."""
    if not start <= (first + last) / 2.0 < stop:
        return None
    return max(first, start), min(last, stop)


def joined_cues(
    own: Sequence[Cue], partner: Sequence[Cue], shift: float, notes: dict[str, Any]
) -> list[Cue]:
    """Both samples' cues, the partner's later by `shift`; in time's order if the own ones were."""

    def later(first: float, last: float) -> tuple[float, float]:
        return first + shift, last + shift

    copies = [
        replace(c, wording=c.wording.again(), source=with_shifted_marks(c.source, shift))
        for c in partner
    ]
    came = [put(c, c.start + shift, c.end + shift, later) for c in copies]
    for cue in came:
        cue.wording.notes = notes
    both = [*own, *came]
    if all(one.start <= other.start for one, other in pairwise(own)):
        both.sort(key=lambda cue: cue.start)
    return both
