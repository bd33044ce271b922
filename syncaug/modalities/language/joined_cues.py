"""What cues say in a span of time: word by word, at the pace of their letters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from syncaug.kernels.cue_marks import with_shifted_marks
from syncaug.kernels.cue_time import in_order, spoken_part
from syncaug.modalities.language.cues import Cue, blanked, put

__all__ = ["joined_cues", "spoken_within"]


def spoken_within(cues: Sequence[Cue], start: float, stop: float) -> list[Cue]:
    """Copies of the cues with the words that are spoken in [start, stop), cut to it."""
    near = [cue for cue in cues if cue.end > start and cue.start < stop]
    copies = [replace(cue, wording=cue.wording.again()) for cue in near]
    left = blanked(copies, [(-math.inf, start), (stop, math.inf)])
    part = partial(spoken_part, (start, stop))
    return [put(c, max(c.start, start), min(c.end, stop), part) for c in left]


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
    if in_order(cue.start for cue in own):
        both.sort(key=lambda cue: cue.start)
    return both
