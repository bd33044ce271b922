"""Spans of speech under time: where each is shown, what of it remains, which words go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

__all__ = ["in_order", "is_covered", "places_of", "showings", "spoken_part", "words_outside"]

_NEAR = 1e-6
"""Seconds within which two pieces of a result touch."""
_WORD = re.compile(r"\S+")

Span = tuple[float, float]
"""Start and end in seconds."""


def in_order(starts: Iterable[float]) -> bool:
    """Whether moments follow each other."""
    return all(one <= other for one, other in pairwise(starts))


def showings(span: Span, time: TimeMap, *, word: bool, min_visible: float) -> list[list[Segment]]:
    """Where a time map shows a span, each time as the pieces that touch there.

    Halves that a cut brings together are one. A single `word` remains where its middle is shown; a
    longer span where at least `min_visible` of its duration is.
    """
    runs = _runs(time.parts(*span))
    return [run for run in runs if _remains(span, run, word=word, min_visible=min_visible)]


def _runs(parts: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The pieces of a span that touch in the result and go on in the source, together."""
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


def _remains(span: Span, run: Sequence[Segment], *, word: bool, min_visible: float) -> bool:
    if word:
        return _shows((span[0] + span[1]) / 2.0, run)
    whole = span[1] - span[0]
    shown = sum(abs(part.last - part.first) for part in run)
    return whole <= 0.0 or shown >= min(1.0 - 1e-9, min_visible) * whole


def _shows(moment: float, parts: Iterable[Segment]) -> bool:
    """Whether pieces of a result show a moment of the source."""
    for part in parts:
        low, high = (part.first, part.last) if part.first < part.last else (part.last, part.first)
        if low - _NEAR <= moment <= high + _NEAR:
            return True
    return False


def places_of(time: TimeMap, within: Span, first: float, last: float) -> Span | None:
    """Where the result's span `within` speaks the source's [first, last], by the word's middle.

    None where it does not.
    """
    parts = [
        part
        for part in time.parts(first, last)
        if part.start >= within[0] - _NEAR and part.stop <= within[1] + _NEAR
    ]
    if not _shows((first + last) / 2.0, parts):
        return None
    return parts[0].start, parts[-1].stop


def spoken_part(within: Span, first: float, last: float) -> Span | None:
    """What of a word is spoken `within` a span, if its middle is."""
    if not within[0] <= (first + last) / 2.0 < within[1]:
        return None
    return max(first, within[0]), min(last, within[1])


def is_covered(moment: float, spans: Sequence[Span]) -> bool:
    """Whether a moment lies in one of the spans, which hold their starts and not their ends."""
    return any(start <= moment < stop for start, stop in spans)


def words_outside(text: str, span: Span, spans: Sequence[Span]) -> str:
    """A text without the words that are spoken in `spans`; as it is where none is.

    Words are taken to be spoken at the pace of their letters over the text's `span`; those whose
    middle lies in one of `spans` go. Lines without a word that is left go too.
    """
    lines: list[str] = []
    at = 0
    pace = (span[1] - span[0]) / len(text) if text else 0.0
    for line in text.split("\n"):
        words = list(_WORD.finditer(line))
        kept = [
            word.group()
            for word in words
            if not is_covered(span[0] + (at + (word.start() + word.end()) / 2.0) * pace, spans)
        ]
        if kept or not words:
            lines.append(line if len(kept) == len(words) else " ".join(kept))
        at += len(line) + 1
    return "\n".join(lines)
