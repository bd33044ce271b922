"""Which texts are plainly not in the language that their stream declares, told by small words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from syncaug.lazy import pattern

__all__ = ["is_foreign", "is_small_word", "language_name"]

_FILE = Path(__file__).parent / "lexicons" / "languages.yaml"
_HAN = pattern(r"[\u3400-\u9fff]")
_NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "zh": "Chinese"}


class _Told(NamedTuple):
    """Small words of a language, and those of others: which open a text, and which it may hold."""

    own: frozenset[str]
    openers: frozenset[str]
    others: frozenset[str]


def language_name(code: str) -> str:
    """What messages call a language: its English name, or the code where it has none here."""
    return _NAMES.get(code, code)


def is_foreign(words: Sequence[str], language: str = "en") -> bool:
    """Whether a text of these words (in lower case, in order) is plainly not in a language.

    Marks and numbers among them are passed over. A language of whose small words nothing is known
    has no foreign texts.
    """
    told = _known(language)
    if language == "en":
        if not told.own.isdisjoint(words):
            return False
        listed = [word for word in words if word.isalpha()]
        if listed and all(map(_HAN.search, listed)):
            return True
        return len(listed) >= 3 and (
            listed[0] in told.openers or len(told.others.intersection(listed)) >= 2
        )
    letters = [word for word in words if word[0].isalpha()]
    if language == "zh":
        return len(letters) >= 2 and not any(map(_HAN.search, letters))
    if letters and told.own and all(map(_HAN.search, letters)):
        return True
    return len(told.others.intersection(letters)) >= len(told.own.intersection(letters)) + 2


def is_small_word(word: str, language: str) -> bool:
    """Whether a word in small letters is one of a language's articles, prepositions and such."""
    return word in _known(language).own


@cache
def _known(language: str) -> _Told:
    import yaml  # late: importing this package must stay cheap

    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    listed = {
        code: {name: frozenset(words.split()) for name, words in each.items()}
        for code, each in data.items()
    }
    own = listed.get(language, {})
    if language not in listed:
        return _Told(frozenset(), frozenset(), frozenset())
    if "others" in own:
        return _Told(own["words"], own["openers"], own["others"])
    others = frozenset[str]().union(*(each["words"] for each in listed.values()))
    return _Told(own["words"], frozenset(), others - own["words"] - own["shared"])
