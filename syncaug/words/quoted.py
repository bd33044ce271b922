"""Directions and colours of a text and of the strings that it quotes as values, such as labels.

A label in JSON, an attribute of a tag and an argument of a call are texts of their own: what stands
around them says nothing of their words, but the question that they answer does. Names such as
"left_hand" are read by their words. Keys of JSON follow where they are names of one side, or where
the text has the other side as a key, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from syncaug.words.asked import questions_of_values
from syncaug.words.colours import recolour_edits
from syncaug.words.directions import (
    DirectionWord,
    UnmovableDirection,
    direction_edits,
    direction_words,
)
from syncaug.words.edits import Edit, apply_edits
from syncaug.words.identifiers import names_a_side, respelled, spelled
from syncaug.words.json_texts import Key, keys_of, quoted_values
from syncaug.words.key_names import key_names
from syncaug.words.lexicon import DEFAULT, Lexicon
from syncaug.words.speaking import asked_before, asks_for_writing
from syncaug.words.symmetry import SIDES, Symmetry
from syncaug.words.tokens import in_case_of

__all__ = ["direction_edits_all", "direction_words_all", "recolour_edits_all"]


_SIDE = re.compile("left|right|top|bottom", re.IGNORECASE)
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
_EDGE = re.compile("(?:^|_)(?:x|y|px|min|max|edge|margin|padding|pos)(?:_|$)|[a-z](?:X|Y|Px)$")
_OTHER_LETTER = {"l": "r", "r": "l", "L": "R", "R": "L"}


def direction_words_all(
    text: str, lexicon: Lexicon = DEFAULT, **options: Any
) -> list[DirectionWord]:
    """The direction words of a text and of its quoted values, by their places in the text."""
    found = direction_words(text, lexicon, **options)
    spans = quoted_values(text)
    keys = keys_of(text)
    if not spans and not keys:
        return found
    out = [word for word in found if _is_outside(word.start, word.end, spans)]
    asked = questions_of_values(text, keys, options.get("question", ""))
    for start, end in spans:
        value = text[start:end]
        said = spelled(value)
        options = {**options, "question": asked(start)}
        for word in direction_words(said or value, lexicon, **options):
            if said:
                out.append(replace(word, start=start, end=end))
            else:
                out.append(replace(word, start=word.start + start, end=word.end + start))
    return sorted(out, key=lambda word: word.start)


def direction_edits_all(
    text: str, symmetry: Symmetry, lexicon: Lexicon = DEFAULT, **options: Any
) -> list[Edit]:
    """The edits that make directions true after a symmetry, in quoted values and keys too.

    Raises UnmovableDirection as `direction_edits` does.
    """
    whole = direction_edits(text, symmetry, lexicon, **options)
    spans = quoted_values(text)
    keys = keys_of(text)
    if not spans and not keys:
        return whole
    asked = questions_of_values(text, keys, options.pop("question", ""))

    def edits_of(part: str, question: str = "") -> Sequence[Edit]:
        return direction_edits(part, symmetry, lexicon, question=question, **options)

    _require_counts(text, keys, symmetry)
    named = [(key.start, key.end) for key in keys]
    whole = [edit for edit in whole if _is_outside(edit.start, edit.end, named)]
    edits = _with_values(whole, text, spans, edits_of, asked)
    edits += _letter_edits(text, keys, symmetry)
    return sorted(edits + _key_edits(text, keys, symmetry, edits_of))


def recolour_edits_all(
    text: str, degrees: float, lexicon: Lexicon = DEFAULT, *, question: str = "", **options: Any
) -> list[Edit]:
    """The edits that move colours on the wheel, in quoted values too.

    A text that answers a `question` is read with it. Raises AmbiguousColour as `recolour_edits`
    does.
    """

    def edits_of(part: str, question: str = "") -> Sequence[Edit]:
        if question and asks_for_writing(question, part):
            return []
        start = len(asked := asked_before(question))
        return [
            Edit(edit.start - start, edit.end - start, edit.text)
            for edit in recolour_edits(asked + part, degrees, lexicon, **options)
            if edit.start >= start
        ]

    whole = edits_of(text, question)
    spans = quoted_values(text)
    if not spans:
        return list(whole)
    asked = questions_of_values(text, keys_of(text), question)
    brands = [span for span in spans if _is_brand(text[slice(*span)])]
    spans = [span for span in spans if span not in brands]
    return _with_values(whole, text, spans, edits_of, asked)


class _EditsOf(Protocol):
    """The edits of a part of a text that answers a question."""

    def __call__(self, part: str, question: str = "") -> Sequence[Edit]: ...


def _with_values(
    whole: Sequence[Edit],
    text: str,
    spans: Sequence[tuple[int, int]],
    edits_of: _EditsOf,
    asked: Callable[[int], str],
) -> list[Edit]:
    """The edits of a text outside of its quoted values, and those of each value by itself.

    `asked` tells the question that the value at a place answers.
    """
    out = [edit for edit in whole if _is_outside(edit.start, edit.end, spans)]
    for start, end in spans:
        for edit in _value_edits(text[start:end], edits_of, asked(start)):
            out.append(Edit(edit.start + start, edit.end + start, edit.text))
    return sorted(out)


def _value_edits(value: str, edits_of: _EditsOf, question: str = "") -> Sequence[Edit]:
    """The edits of a value: of its words, which in a name are told by underscores or capitals."""
    said = spelled(value)
    if not said:
        return edits_of(value, question)
    new = apply_edits(said, edits_of(said))
    return [] if new == said else [Edit(0, len(value), respelled(new, value))]


def _is_brand(name: str) -> bool:
    """Whether a name begins with a capital and has others inside: "RedBull" is no colour."""
    return name[:1].isupper() and "_" not in name and bool(spelled(name))


def _require_counts(text: str, keys: Sequence[Key], symmetry: Symmetry) -> None:
    """Raise UnmovableDirection where `{"row": 2}` counts from another side afterwards."""
    known = key_names()
    for key in keys:
        name = text[key.start : key.end]
        side = known.counting.get(name.lower(), "")
        if side and text[key.value : key.value + 2].strip("\"'")[:1].isdigit():
            if symmetry.side(side) != side:
                raise UnmovableDirection(name, key.start, counted=side)


def _letter_edits(text: str, keys: Sequence[Key], symmetry: Symmetry) -> list[Edit]:
    """The edits of `{"side": "L"}` and its like."""
    out = []
    known = key_names()
    for key in keys:
        at = key.value + 1
        if not symmetry.mirrored or text[key.start : key.end].lower() not in known.one_sided:
            continue
        other = _OTHER_LETTER.get(text[at : at + 1], "")
        if other and text[at + 1 : at + 2] == text[key.value]:
            out.append(Edit(at, at + 1, other))
    return out


def _key_edits(
    text: str,
    keys: Sequence[Key],
    symmetry: Symmetry,
    edits_of: _EditsOf,
) -> list[Edit]:
    """The edits of keys: names of one side, and sides whose counterpart is a key as well.

    Sides whose numbers are edges of a box are places, and no keys of things.
    """
    out: list[Edit] = []
    known = key_names()
    within: dict[int, set[str]] = {}
    for key in keys:
        within.setdefault(key.object, set()).add(text[key.start : key.end].lower())
    for key in keys:
        name = text[key.start : key.end]
        if not _SIDE.search(name):
            continue
        beside = within[key.object]
        if not (names_a_side(name) or _OPPOSITE.get(name.lower(), "") in beside):
            continue
        numeral = text[key.value].isdigit() or text[key.value] in "-."
        across = known.across.get(name.lower(), frozenset())
        if numeral and (_EDGE.search(name) or not beside.isdisjoint(across)):
            continue
        if new := symmetry.side(name.lower()) if name.lower() in SIDES else "":
            if new != name.lower():
                out.append(Edit(key.start, key.end, in_case_of(name, new)))
            continue
        for edit in _value_edits(name, edits_of):
            out.append(Edit(edit.start + key.start, edit.end + key.start, edit.text))
    return out


def _is_outside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return not any(start < last and first < end for first, last in spans)
