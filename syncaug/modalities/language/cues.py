"""Cues: texts in time. What a map of time or a blanked span leaves of them, and of their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from syncaug.kernels.cue_marks import with_moved_marks
from syncaug.kernels.cue_time import in_order, is_covered, places_of, showings, words_outside
from syncaug.kernels.inner_times import Mover, UnmovableTimes, retimed
from syncaug.maps.time import TimeMap
from syncaug.modalities.language.wording import Wording
from syncaug.words import Edit

__all__ = ["Cue", "blanked", "moved", "put"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A text in time; `source` is the entry of the sample, whose other keys it keeps."""

    start: float
    end: float
    wording: Wording
    source: Mapping[str, Any]

    @property
    def span(self) -> tuple[float, float]:
        """Start and end in seconds."""
        return self.start, self.end

    @property
    def middle(self) -> float:
        """The moment by which a single word counts as spoken."""
        return (self.start + self.end) / 2.0

    @property
    def is_word(self) -> bool:
        """Whether it is a single word, as in word timings."""
        return len(self.wording.text.split()) <= 1


def moved(cues: Sequence[Cue], time: TimeMap, min_visible: float) -> list[Cue]:
    """The cues where the time map shows them, each as often as it does.

    Halves of a cue that a cut brings together are one cue. A single word is kept where its middle
    is shown; a longer cue where at least `min_visible` of its duration is. The result is in the
    order of its starts if the cues were; others keep their order.
    """
    ordered = in_order(cue.start for cue in cues)
    out: list[Cue] = []
    for cue in cues:
        for run in showings(cue.span, time, word=cue.is_word, min_visible=min_visible):
            place = run[0].start, run[-1].stop
            marks = with_moved_marks(cue.source, cue.span, run)
            move = partial(places_of, time, place)
            source = retimed(marks, cue.span, cue.wording.text, move, place)
            out.append(Cue(*place, cue.wording.again(), source))
    if ordered:
        out.sort(key=lambda cue: cue.start)
    return out


def put(cue: Cue, start: float, end: float, move: Mover) -> Cue:
    """The cue at other times, with the times that it holds inside. Raises UnmovableTimes."""
    source = retimed(cue.source, cue.span, cue.wording.text, move, (start, end))
    return replace(cue, start=start, end=end, source=source)


def blanked(cues: Sequence[Cue], spans: Sequence[tuple[float, float]]) -> list[Cue]:
    """The cues without the words that are spoken in the spans.

    A single word goes if its middle lies in one. The words of a longer cue are taken to be spoken
    at the pace of its letters; those whose middle lies in a span go, and a cue without words goes.
    """
    out: list[Cue] = []
    for cue in cues:
        if cue.is_word:
            if not is_covered(cue.middle, spans):
                out.append(cue)
            continue
        text = cue.wording.text
        left = words_outside(text, cue.span, spans)
        if not left.strip():
            continue
        if left != text:
            cue = _without(cue, spans)
            cue.wording.edit([Edit(0, len(text), left)])
        out.append(cue)
    return out


def _without(cue: Cue, spans: Sequence[tuple[float, float]]) -> Cue:
    """The cue without the inner words of the spans; nothing moved, so what is unclear may stay."""

    def stays(first: float, last: float) -> tuple[float, float] | None:
        return None if is_covered((first + last) / 2.0, spans) else (first, last)

    try:
        return put(cue, cue.start, cue.end, stays)
    except UnmovableTimes:
        return cue
