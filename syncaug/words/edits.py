"""Edits of a text: replaced spans, and where other spans of it lie afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["Edit", "apply_edits", "move_span"]


class Edit(NamedTuple):
    """Replace `text[start:end]` of the old text by `text`.

    >>> from syncaug.words import Edit, apply_edits
    >>> apply_edits("a cat", [Edit(2, 5, "dog")])
    'a dog'
    """

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit made; all other characters stay as they are.

    The edits may come in any order; `ValueError` when two overlap or one leaves the text.

    >>> from syncaug.words import Symmetry, apply_edits, direction_edits
    >>> text = "a cat on the left"
    >>> apply_edits(text, direction_edits(text, Symmetry(mirrored=True)))
    'a cat on the right'
    """
    if not edits:
        return text
    parts, at = [], 0
    for edit in sorted(edits):
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} overlaps another edit or leaves a text of length {len(text)}")
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def move_span(span: tuple[int, int], edits: Iterable[Edit]) -> tuple[int, int]:
    """Where `span` (start, end) of the old text lies in the new text.

    A span that an edit cuts into grows to hold the edit's whole replacement. A pure insertion at
    the edge of a span stays outside it. An edit beside the span only shifts it.

    >>> from syncaug.words import Edit, move_span
    >>> move_span((11, 14), [Edit(2, 6, "right")])  # "a left and cat"
    (12, 15)
    """
    start, end = span
    new_start, new_end = start, end
    for edit in sorted(edits):
        if edit.start >= end and edit.end > end:
            break
        growth = len(edit.text) - (edit.end - edit.start)
        if edit.end <= start:
            new_start += growth
            new_end += growth
            continue
        if edit.start >= end:
            break
        if edit.start < start:
            new_start -= start - edit.start
        new_end += growth
        if edit.end > end:
            new_end += edit.end - end
    return new_start, new_end
