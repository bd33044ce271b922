"""Whether a text names a class of things: as a word, in the singular or with a plural's ending."""

from __future__ import annotations

import re
from functools import lru_cache

from syncaug.words.lexicon import Lexicon

__all__ = ["mentions"]


def mentions(text: str, label: str, lexicon: Lexicon) -> bool:
    """Whether `label` stands in a text as a word; anywhere in it where words have no spaces."""
    if lexicon.is_unspaced:
        return label.lower() in text.lower()
    return bool(_pattern(label, lexicon.plurals).search(text))


@lru_cache(maxsize=256)
def _pattern(label: str, plurals: tuple[str, ...]) -> re.Pattern[str]:
    endings = "|".join(map(re.escape, plurals))
    return re.compile(rf"\b{re.escape(label)}(?:{endings})?\b", re.IGNORECASE)
