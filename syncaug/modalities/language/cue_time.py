"""Cues under time: where each is shown, which are dropped, and what a blanked span takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from syncaug.maps.time import Segment, TimeMap
from syncaug.modalities.language.cue_marks import with_moved_marks
from syncaug.modalities.language.inner_times import Mover, UnmovableTimes, retimed
from syncaug.modalities.language.wording import Wording
from syncaug.words import Edit

__all__ = ["Cue", "blanked", "moved", "put"]

_NEAR = 1e-6
"""Seconds within which two pieces of a result touch."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A text in time; `source` is the entry of the sample, whose other keys it keeps."""

    start: float
    end: float
    wording: Wording
    source: Mapping[str, Any]

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
    ordered = all(one.start <= other.start for one, other in pairwise(cues))
    out: list[Cue] = []
    for cue in cues:
        for run in _runs(time.parts(cue.start, cue.end)):
            if _remains(cue, run, min_visible):
                start, end = run[0].start, run[-1].stop
                marks = with_moved_marks(cue.source, (cue.start, cue.end), run)
                copy = replace(cue, wording=cue.wording.again(), source=marks)
                out.append(put(copy, start, end, partial(_spoken, time, start, end)))
    if ordered:
        out.sort(key=lambda cue: cue.start)
    return out


def _runs(parts: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The pieces of a cue that touch in the result and go on in the source, together."""
    run: list[Segment] = []
    for part in parts:
        if run and not _goes_on(run[-1], part):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _goes_on(one: Segment, other: Segment) -> bool:
    if other.start - one.stop > _NEAR:
        return False
    if one.last < one.first or other.last < other.first:
        return other.last <= one.first and other.first <= one.last + _NEAR
    return other.first >= one.last - _NEAR


def _remains(cue: Cue, run: Sequence[Segment], min_visible: float) -> bool:
    if cue.is_word:
        spans = (sorted((part.first, part.last)) for part in run)
        return any(low - _NEAR <= cue.middle <= high + _NEAR for low, high in spans)
    whole = cue.end - cue.start
    shown = sum(abs(part.last - part.first) for part in run)
    return whole <= 0.0 or shown >= min(1.0 - 1e-9, min_visible) * whole


def put(cue: Cue, start: float, end: float, move: Mover) -> Cue:
    """The cue at other times, with the times that it holds inside. Raises UnmovableTimes."""
    span = cue.start, cue.end
    source = retimed(cue.source, span, cue.wording.text, move, (start, end))
    return replace(cue, start=start, end=end, source=source)


def _spoken(
    time: TimeMap, start: float, end: float, first: float, last: float
) -> tuple[float, float] | None:
    """Where the result's [start, end] speaks the source's [first, last], by the word's middle."""
    middle = (first + last) / 2.0
    parts = [
        part
        for part in time.parts(first, last)
        if part.start >= start - _NEAR and part.stop <= end + _NEAR
    ]
    spans = (sorted((part.first, part.last)) for part in parts)
    if not any(low - _NEAR <= middle <= high + _NEAR for low, high in spans):
        return None
    return parts[0].start, parts[-1].stop


def blanked(cues: Sequence[Cue], spans: Sequence[tuple[float, float]]) -> list[Cue]:
    """The cues without the words that are spoken in the spans.

    A single word goes if its middle lies in one. The words of a longer cue are taken to be spoken
    at the pace of its letters; those whose middle lies in a span go, and a cue without words goes.
    """
    out: list[Cue] = []
    for cue in cues:
        if cue.is_word:
            if not _covered(cue.middle, spans):
                out.append(cue)
            continue
        text = cue.wording.text
        lines = [(line, _left(cue, start, line, spans)) for start, line in _lines(text)]
        left = "\n".join(now for before, now in lines if now or not before.strip())
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
        return None if _covered((first + last) / 2.0, spans) else (first, last)

    try:
        return put(cue, cue.start, cue.end, stays)
    except UnmovableTimes:
        return cue


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _left(cue: Cue, start: int, line: str, spans: Sequence[tuple[float, float]]) -> str:
    """One line of a cue, which begins at a letter, without the words spoken in the spans."""
    pace = (cue.end - cue.start) / len(cue.wording.text)
    words = list(_WORD.finditer(line))
    kept = [
        word
        for word in words
        if not _covered(cue.start + (start + (word.start() + word.end()) / 2.0) * pace, spans)
    ]
    return line if len(kept) == len(words) else " ".join(word.group() for word in kept)


def _covered(moment: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start <= moment < stop for start, stop in spans)
