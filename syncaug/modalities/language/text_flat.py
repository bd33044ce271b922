"""One caption as a function: its words of direction after a mirror and a turn."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any

from syncaug.maps.plane import PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import mirror_and_turn
from syncaug.words import Lexicon, Symmetry, apply_edits, direction_edits
from syncaug.words.coordinates import find_coordinates
from syncaug.words.languages import is_foreign
from syncaug.words.quoted import direction_edits_all, direction_words_all

__all__ = ["SHORT", "flat_text"]

_SENTENCE = re.compile("[A-Z]?[a-z ,.;!?-]*")
"""A sentence of small words: it writes no coordinates, no names of programs and no JSON."""
_TEXTS = 4096
"""How many texts it is kept of how they are read: they come again in each epoch."""
SHORT = 24
"""Characters up to which a text may be an answer that only its question makes clear."""


def flat_text(rules: WordRules) -> FlatLane | None:
    """The functions of a text alone; None where it writes places, or answers another.

    Tones that reach it are of light: they leave all words true.
    """
    leave_below = rules.tilt.leave_below + 1e-9
    lexicon, compass, keeps = rules.lexicon, rules.compass, rules.coordinates == "keep"
    if rules.places is not None or rules.answers:
        return None
    seen = lru_cache(maxsize=_TEXTS)(partial(_seen, lexicon))

    def carry(
        text: Any, plane: PlaneMap | None, tone: ToneMap | None, world: WorldMap | None
    ) -> Any:
        if plane is None:
            return text
        is_sentence, doubtful = seen(text)
        if not (is_sentence or keeps) and find_coordinates(text):
            return None
        a, b, _, c, d, *_ = plane.numbers  # it is affine
        mirrors, angle = mirror_and_turn(a, b, c, d)
        quarters = round(angle / 90.0)
        rest = angle - 90.0 * quarters
        if mirrors and doubtful:
            return None
        if abs(rest) > leave_below and direction_words_all(text, lexicon, compass=compass):
            return None
        if not mirrors and quarters % 4 == 0:
            return text
        symmetry = Symmetry.of(mirrors, quarters)
        edits_of = direction_edits if is_sentence else direction_edits_all
        edits = edits_of(text, symmetry, lexicon, compass=compass)
        return apply_edits(text, edits) if edits else text

    return FlatLane(str, None, carry)


def _seen(lexicon: Lexicon, text: str) -> tuple[bool, bool]:
    """Whether a text is a sentence of small words, and whether its sides may be none in a mirror.

    They may be none where it is short, as answers are, or in another language.
    """
    foreign = is_foreign(lexicon.writing.cut(text), lexicon.language)
    return _SENTENCE.fullmatch(text) is not None, len(text) <= SHORT or foreign
