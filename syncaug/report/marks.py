"""Marks: which words of a text changed, where they stand."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from syncaug.report.figures import Piece

__all__ = ["mark_changes"]

_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_SAME_SHARE = 0.4
"""Texts of equally many words, of which at least this share stayed, are compared place by place."""


def mark_changes(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, with the words that differ marked; joined, the pieces are the texts."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) == len(new):
        differ = {
            index for index, pair in enumerate(zip(old, new, strict=True)) if len(set(pair)) > 1
        }
        if len(differ) <= (1 - _SAME_SHARE) * len(old):
            return _pieces(before, differ), _pieces(after, differ)
    gone: set[int] = set()
    come: set[int] = set()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            gone.update(range(old_start, old_end))
            come.update(range(new_start, new_end))
    return _pieces(before, gone), _pieces(after, come)


def _pieces(text: str, marked: set[int]) -> tuple[Piece, ...]:
    """The text cut at its marked words."""
    pieces: list[Piece] = []
    end = 0
    for index, match in enumerate(_WORD.finditer(text)):
        if index in marked:
            if match.start() > end:
                pieces.append(Piece(text[end : match.start()]))
            pieces.append(Piece(match.group(), True))
            end = match.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)
