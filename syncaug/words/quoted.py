"""Directions and colours of a text and of the strings that it quotes as values, such as labels.

A label in JSON, an attribute of a tag and an argument of a call are texts of their own: what stands
around them says nothing of their words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from syncaug.words.colours import recolour_edits
from syncaug.words.directions import DirectionWord, direction_edits, direction_words
from syncaug.words.edits import Edit
from syncaug.words.json_texts import quoted_values
from syncaug.words.lexicon import DEFAULT, Lexicon
from syncaug.words.symmetry import Symmetry

__all__ = ["direction_edits_all", "direction_words_all", "recolour_edits_all"]


def direction_words_all(
    text: str, lexicon: Lexicon = DEFAULT, **options: Any
) -> list[DirectionWord]:
    """The direction words of a text and of its quoted values, by their places in the text."""
    found = direction_words(text, lexicon, **options)
    spans = quoted_values(text)
    if not spans:
        return found
    out = [word for word in found if _is_outside(word.start, word.end, spans)]
    for start, end in spans:
        for word in direction_words(text[start:end], lexicon, **_alone(options)):
            out.append(replace(word, start=word.start + start, end=word.end + start))
    return sorted(out, key=lambda word: word.start)


def direction_edits_all(
    text: str, symmetry: Symmetry, lexicon: Lexicon = DEFAULT, **options: Any
) -> list[Edit]:
    """The edits that make directions true after a symmetry, in quoted values too.

    Raises UnmovableDirection as `direction_edits` does.
    """
    whole = direction_edits(text, symmetry, lexicon, **options)
    spans = quoted_values(text)
    if not spans:
        return whole
    options = _alone(options)
    return _with_values(
        whole, text, spans, lambda part: direction_edits(part, symmetry, lexicon, **options)
    )


def recolour_edits_all(
    text: str, degrees: float, lexicon: Lexicon = DEFAULT, **options: Any
) -> list[Edit]:
    """The edits that move colours on the wheel, in quoted values too.

    Raises AmbiguousColour as `recolour_edits` does.
    """
    whole = recolour_edits(text, degrees, lexicon, **options)
    spans = quoted_values(text)
    if not spans:
        return list(whole)
    options = _alone(options)
    return _with_values(
        whole, text, spans, lambda part: recolour_edits(part, degrees, lexicon, **options)
    )


def _with_values(
    whole: Sequence[Edit],
    text: str,
    spans: Sequence[tuple[int, int]],
    edits_of: Callable[[str], Sequence[Edit]],
) -> list[Edit]:
    """The edits of a text outside of its quoted values, and those of each value by itself."""
    out = [edit for edit in whole if _is_outside(edit.start, edit.end, spans)]
    for start, end in spans:
        for edit in edits_of(text[start:end]):
            out.append(Edit(edit.start + start, edit.end + start, edit.text))
    return sorted(out)


def _alone(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a value, which answers no question by itself."""
    return {key: value for key, value in options.items() if key != "question"}


def _is_outside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return not any(start < last and first < end for first, last in spans)
