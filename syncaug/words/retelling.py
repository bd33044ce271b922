"""A text in other words that somebody wrote: the edits that lead there, around what is grounded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syncaug.words.edits import Edit

__all__ = ["CannotRetell", "retelling_edits"]


class CannotRetell(ValueError):
    """The other text does not say what is grounded in the first."""


def retelling_edits(text: str, other: str, spans: Sequence[tuple[int, int]]) -> tuple[Edit, ...]:
    """The edits of `text` that make it `other`.

    What stands in `spans` is said in both, in one order, so that the spans move along; capitals may
    differ. Raises CannotRetell where it is not.
    """
    edits: list[Edit] = []
    at = taken = 0
    for start, end in _outermost(spans):
        pattern = rf"(?<!\w){re.escape(text[start:end])}(?!\w)"
        found = re.compile(pattern, re.IGNORECASE).search(other, taken)
        if found is None:
            raise CannotRetell(
                f"the paraphrase {other[:60]!r} does not say {text[start:end]!r}, or says it "
                "earlier than the text does"
            )
        edits += _changed(text, (at, start), other[taken : found.start()])
        edits += _changed(text, (start, end), found.group())
        at, taken = end, found.end()
    return (*edits, *_changed(text, (at, len(text)), other[taken:]))


def _outermost(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other, in order; those that overlap are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _changed(text: str, span: tuple[int, int], other: str) -> tuple[Edit, ...]:
    return () if text[slice(*span)] == other else (Edit(*span, other),)
