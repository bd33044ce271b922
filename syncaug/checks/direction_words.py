"""What a text says lies left or right, top or bottom, lies there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.maps.plane import Size
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.language.text_forms import texts_of
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.words import Lexicon, direction_words
from syncaug.words.tokens import PAD

__all__ = ["measure", "spoken"]

_MARKS = frozenset(",;:.!?，；：。！？")
"""Marks between clauses."""
_SIDES = {"left": (0, -1), "right": (0, 1), "top": (1, -1), "bottom": (1, 1)}
"""Axis and sign of each side, y down."""

Boxes = NDArray[np.float64]
Said = Mapping[int, list[tuple[str, bool]]]
"""For each box: what is said of its side, and whether it is true."""


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The share of true statements about sides that are still true.

    A statement is a direction word in one clause with a phrase that is grounded to a box: the first
    such phrase of the clause. It is true where the box lies on that side of the picture's middle,
    or of the middle of the other boxes that came with it. Statements that were not true before do
    not count.
    """
    parts: dict[str, float] = {}
    said = ""
    for text, phrases, boxes in _grounded(outcome, options.get("stream", "")):
        plane = outcome.plane(_plane(boxes))
        own = np.zeros(len(outcome.before[boxes.stream.name]), dtype=bool)
        first = boxes.corners_in(outcome.before[boxes.stream.name], plane.source)
        last = boxes.corners_in(outcome.after[boxes.stream.name], plane.size)
        texts = zip(
            text.named(),
            _texts(outcome.before, text, phrases),
            _texts(outcome.after, text, phrases),
            strict=True,
        )
        for (name, _), old, new in texts:
            before = _said(*old, first, plane.source, own, text.rules.lexicon)
            after = _said(*new, last, plane.size, boxes.rows < 0, text.rules.lexicon)
            verdicts = [
                (true, f"box {index} is said to be {side}")
                for index, statements in before.items()
                if all(true for _, true in statements)
                for side, true in _later(after, boxes, index)
            ]
            if verdicts:
                parts[name] = sum(true for true, _ in verdicts) / len(verdicts)
                said = said or next((what for true, what in verdicts if not true), "")
    if not parts:
        return Measure.nothing("no true statement about the side of a grounded box")
    least = min(parts.values())
    passed = least >= options["min_share"]
    return Measure(least, passed, "" if passed else f"{said}, and is not", parts)


def _plane(boxes: BoxesCarrier) -> str:
    return boxes.stream.spaces["plane"]


def _grounded(
    outcome: Outcome, stream: str
) -> Iterator[tuple[TextCarrier, PhrasesCarrier, BoxesCarrier]]:
    for phrases in outcome.carriers(PhrasesCarrier):
        text, boxes = phrases.text, phrases.boxes
        if text is not None and boxes is not None and stream in ("", text.stream.name):
            yield text, phrases, boxes


def _later(after: Said, boxes: BoxesCarrier, index: int) -> Sequence[tuple[str, bool]]:
    """What is said now of a box of the original; nothing of one that is gone."""
    place = np.flatnonzero(boxes.rows == index)
    return after.get(int(place[0]), ()) if place.size else ()


def _texts(
    sample: Mapping[str, Any], text: TextCarrier, phrases: PhrasesCarrier
) -> Iterator[tuple[str, Sequence[str | None]]]:
    """Each text of a sample with its phrases."""
    name, told = text.stream.name, sample[phrases.stream.name]
    lists = told if text.is_several else [told]
    return zip(texts_of(name, sample[name]), lists, strict=True)


def _said(
    words: str,
    phrases: Sequence[str | None],
    places: Boxes,
    size: Size,
    partners: NDArray[np.bool_],
    lexicon: Lexicon,
) -> Said:
    """Every statement of a text about the side of one of the boxes, which lie at `places`.

    `partners` says of each box whether it came from a partner.
    """
    found: dict[int, list[tuple[str, bool]]] = {}
    said = list(spoken(words, phrases))
    for start, end in _clauses(words, lexicon):
        grounded = [(at, index) for at, stop, index in said if start <= at and stop <= end]
        if not grounded:
            continue
        _, index = min(grounded)
        for word in direction_words(words, lexicon):
            if word.side not in _SIDES or word.own or word.relational:
                continue  # a relation needs two phrases to be judged
            if start <= word.start < end:
                true = _lies(places, index, word.side, size, partners)
                found.setdefault(index, []).append((word.side, true))
    return found


def spoken(text: str, phrases: Sequence[str | None]) -> Iterator[tuple[int, int, int]]:
    """Where each phrase begins and ends, and its index; the same one twice is said twice."""
    taken: dict[str, int] = {}
    for index, phrase in enumerate(phrases):
        if phrase:
            at = text.find(phrase, taken.get(phrase, 0))
            at = text.find(phrase) if at < 0 else at
            if at >= 0:
                taken[phrase] = at + len(phrase)
                yield at, at + len(phrase), index


def _clauses(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    tokens = lexicon.writing.locate(text, PAD)
    start = 0
    for index, (at, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        key = tokens.keys[PAD + index]
        if key in _MARKS or key in lexicon.directions.joints:
            yield start, at
            start = end
    yield start, len(text)


def _lies(boxes: Boxes, index: int, side: str, size: Size, partners: NDArray[np.bool_]) -> bool:
    axis, sign = _SIDES[side]
    middles = (boxes[:, axis] + boxes[:, axis + 2]) / 2
    company = partners == partners[index]
    company[index] = False
    others = middles[company]
    limits = [(size[axis] - 1) / 2, *([float(others.mean())] if len(others) else [])]
    return any(sign * (middles[index] - limit) > 0 for limit in limits)
