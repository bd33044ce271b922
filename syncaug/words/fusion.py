"""Fusion: two captions as one sentence, and clauses that must not speak of directions.

fused = join("A black dog lies on the left.", "An orange cat walks.")
apply_edits(own, fused.edits)      # "A black dog lies on the left; an orange cat walks."
"""

from __future__ import annotations

import re
from typing import NamedTuple

from syncaug.words.directions import direction_words
from syncaug.words.edits import Edit, apply_edits
from syncaug.words.grammar import grammar
from syncaug.words.languages import is_small_word
from syncaug.words.lexicon import DEFAULT, Lexicon

__all__ = ["Joined", "join", "without_directions"]

_PLAIN = ("determiners", "possessives", "pronouns", "adjectives")
"""Kinds of words that begin a sentence with a capital and go on in one without."""
_WIDE = "。！？"
"""Marks that end a sentence in a script without spaces."""
_SEVERAL = re.compile(r"[.!?]\s+\S")
_FIRST = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"[^.;!?]+[.;!?]*\s*")
_BEFORE = re.compile(
    r"\s*,?\s*\b(?:on|in|at|to|towards?|from|near)\s+(?:the|its|his|her|their)\s+"
    r"(?:(?:far|very|extreme)\s+)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[-\s](?:hand|most))?(?:\s+(?:side|half|part|corner|edge|end|third))?"
    r"(?:\s+(?:of|in)\s+(?:the|this)\s+(?:image|picture|photo|photograph|frame|scene|view|shot))?"
    r"(?=\s*(?:[,.;!?]|$|and\b|while\b|as\b))",
    re.IGNORECASE,
)


class Joined(NamedTuple):
    """What makes one text of two: edits of the first, and the way of the second's characters."""

    edits: list[Edit]
    shift: int


def join(own: str, partner: str, source: str = "", language: str = "en") -> Joined:
    """Two captions as one: the second goes on after a semicolon, or, where either of them has
    several sentences, as sentences of their own.

    `source` is the text that `partner` was made of: a word that it writes small is no name. Both
    are in one `language`.
    A character at place i of `partner` lies at i + `shift` in the result.
    """
    core = own.rstrip()
    mark = core[-1:] if core[-1:] in ".!?" + _WIDE else ""
    said = partner.strip()
    lead = len(partner) - len(partner.lstrip())
    if mark and mark in _WIDE:
        between, end = "", ""
    elif mark in ("!", "?") or _SEVERAL.search(core) or _SEVERAL.search(said):
        between, end = (" " if mark else ". "), ""
        said = said[:1].upper() + said[1:]
    else:
        core = core.rstrip(".;, ")
        between, end = "; ", mark
        said = said.rstrip(".;, ")
        first = _FIRST.match(said)
        if first and _is_plain(first.group(), source, language):
            said = said[0].lower() + said[1:]
        if said[-1:] in ("!", "?"):
            end = ""
    tail = Edit(len(core), len(own), between + said + end)
    return Joined([tail], len(core) + len(between) - lead)


def _is_plain(word: str, source: str, language: str) -> bool:
    """Whether a word has its capital only from the sentence that it begins."""
    if len(word) > 1 and word.isupper():
        return False
    known, small = grammar(), word.lower()
    if language != "en":
        return is_small_word(small, language)
    if any(known.has(name, small) for name in _PLAIN) or small in known.prepositions:
        return True
    return small in known.numbers or re.search(rf"\b{small}\b", source) is not None


def without_directions(text: str, lexicon: Lexicon = DEFAULT) -> str:
    """What a text says without directions; empty where nothing is left.

    "on the left" and its like go from their clause; a clause that needs its direction word, as in
    "to the left of the dog" or "above", goes as a whole, as does every one of another language.
    """
    said = [_undirected(clause, lexicon) for clause in _CLAUSE.findall(text)]
    clauses = [clause for clause in said if clause.strip()]
    left = "".join(clauses).strip()
    if not left:
        return ""
    if left.endswith((";", ",")):
        left = left[:-1] + (text.rstrip()[-1:] if text.rstrip()[-1:] in ".!?" else "")
    return left[:1].upper() + left[1:] if text[:1].isupper() else left


def _undirected(clause: str, lexicon: Lexicon) -> str:
    edits: list[Edit] = []
    for word in direction_words(clause, lexicon):
        before = _BEFORE.search(clause[: word.start])
        after = _AFTER.match(clause, word.end)
        if before is None or after is None:
            return ""
        if edits and before.start() < edits[-1].end:
            return ""
        edits.append(Edit(before.start(), after.end(), ""))
    return apply_edits(clause, edits)
