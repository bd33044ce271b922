"""Noise that spares words: what a text says of colours and directions can be read afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.colours import colour_words
from syncaug.words.directions import direction_words
from syncaug.words.edits import Edit, apply_edits, move_span
from syncaug.words.lexicon import DEFAULT, Lexicon

__all__ = ["readings", "sparing"]

_Readings = list[tuple[int, int, str]]


def sparing(text: str, edits: Sequence[Edit], lexicon: Lexicon = DEFAULT) -> tuple[Edit, ...]:
    """Those of `edits`, misspellings of `text`, that leave every colour and direction readable.

    An edit goes where it touches such a word, where it makes one out of another ("lift" to
    "left"), or where a word beside it is needed to tell its sense ("left the room"). All other
    edits stay as they are.

    >>> from syncaug.words import Edit, sparing
    >>> sparing("a lift on the left", [Edit(2, 6, "lfit"), Edit(14, 18, "lfet")])
    (Edit(start=2, end=6, text='lfit'),)
    """
    before = readings(text, lexicon)
    kept = [
        edit
        for edit in edits
        if not any(edit.start < end and start < edit.end for start, end, _ in before)
    ]
    while kept:
        wanted = [(*move_span((start, end), kept), word) for start, end, word in before]
        found = readings(apply_edits(text, kept), lexicon)
        wrong = set(wanted) ^ set(found)
        if not wrong:
            break
        at = min(wrong)[0]
        kept.remove(min(kept, key=lambda edit: _distance(edit, kept, at)))
    return tuple(kept)


def readings(text: str, lexicon: Lexicon) -> _Readings:
    """Every word of a colour or a direction: where it stands, and the word."""
    colours = [(word.start, word.end, word.word) for word in colour_words(text, lexicon)]
    directions = [(word.start, word.end, word.word) for word in direction_words(text, lexicon)]
    return colours + directions


def _distance(edit: Edit, kept: Sequence[Edit], at: int) -> int:
    """How far from a place of the new text the replacement of an edit lies."""
    grown = sum(len(e.text) - (e.end - e.start) for e in kept if e.start < edit.start)
    start = edit.start + grown
    return max(start - at, at - (start + len(edit.text)), 0)
