"""Two captions as one that says which picture lies where.

What goes before each is data (`lexicons/halves.yaml`). Each caption keeps every letter: a direction
in it is one in its own half.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from syncaug.words.edits import Edit
from syncaug.words.fusion import Joined
from syncaug.words.lexicon import DEFAULT, Lexicon
from syncaug.words.quoted import direction_words_all

__all__ = ["beside"]

_TABLE = Path(__file__).with_name("lexicons") / "halves.yaml"
_ENDS = (".", "!", "?", "。", "！", "？", ";", ":")
_FIRST = ("left", "top")


@lru_cache(maxsize=1)
def _openings() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    import yaml

    table: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(_TABLE.read_text("utf-8"))
    return table


def beside(own: str, partner: str, sides: tuple[str, str], lexicon: Lexicon = DEFAULT) -> Joined:
    """The edits of the own caption after which it tells of both, each on its side.

    A character at place i of `partner` lies at i + `shift` in the result. An empty caption is not
    told of. Raises KeyError where the language is not in the table.

    >>> from syncaug.words import apply_edits
    >>> apply_edits("A cat.", beside("A cat.", "A dog runs", ("right", "left")).edits)
    'On the left: A dog runs. On the right: A cat.'
    """
    words = _openings()[lexicon.language.split("-")[0]]
    kind = "half" if any(direction_words_all(text, lexicon) for text in (own, partner)) else "side"
    mine, theirs = (words[kind][side] for side in sides)
    gap = "" if words[kind]["left"].endswith("：") else " "
    core = own.rstrip()
    if not partner.strip():
        return Joined([Edit(0, 0, mine)] if core else [], 0)
    said = partner.strip()
    lead = len(partner) - len(partner.lstrip())
    if not core:
        return Joined([Edit(0, len(own), theirs + said)], len(theirs) - lead)
    if sides[0] in _FIRST:
        tail = _end(core) + gap + theirs
        shift = len(mine) + len(core) + len(tail) - lead
        return Joined([Edit(0, 0, mine), Edit(len(core), len(own), tail + said)], shift)
    return Joined([Edit(0, 0, theirs + said + _end(said) + gap + mine)], len(theirs) - lead)


def _end(text: str) -> str:
    """What ends a caption before another; nothing where it ends by itself."""
    if text.endswith(_ENDS):
        return ""
    return "。" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "."
