"""A text as words and marks with their places, normalised so that patterns can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

__all__ = [
    "PUNCTUATION",
    "SENTENCE_END",
    "SENTENCE_START",
    "Tokens",
    "article_for",
    "in_case_of",
    "tokenize",
]

_TOKEN = re.compile(r"(\w+(?:['’](?![sS]\b)\w+)*|['’][sS]\b|[^\w\s])")
# Addresses, tags and file names are not prose: nothing in them is a candidate.
_PROTECTED = re.compile(
    r"(?:https?://|www\.)\S+|[@#]\w+|\w[\w.+-]{0,60}@\w[\w.-]*"
    r"|\b[\w./-]{1,120}\.(?:jpe?g|png|gif|webp|mp4|wav|mp3|txt|html?|py|json|csv|ya?ml)\b",
    re.IGNORECASE,
)
SENTENCE_END = frozenset({"", ".", "!", "?", ":", ";", ")", "]", '"', "”", "…"})
SENTENCE_START = frozenset(
    {"", ".", "!", "?", ":", ";", "(", "[", '"', "“", "‘", "'", "«", "…", "•", "*"}
)
PUNCTUATION = SENTENCE_END | SENTENCE_START | frozenset(",-–—/'’&|")


@dataclass(slots=True)
class Tokens:
    """The words and marks of a text.

    `keys` are the words in lower case with plain apostrophes, numbers as "0", with `pad` empty keys
    before and after; token i of the text is `keys[pad + i]` and lies at `starts[i]:ends[i]`.
    """

    text: str
    pad: int
    keys: list[str]
    starts: list[int]
    ends: list[int]

    def raw(self, index: int) -> str:
        """Token `index` as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def opens_sentence(self, index: int) -> bool:
        """Whether a sentence or a line starts with this token."""
        if self.keys[self.pad + index - 1] in SENTENCE_START:
            return True
        return "\n" in self.text[self.ends[index - 1] : self.starts[index]]


def tokenize(text: str, *, pad: int) -> Tokens:
    """The tokens of a text, with `pad` empty keys at both ends."""
    lowered = text.lower()
    parts = _TOKEN.split(text)  # gap, token, gap, token, ..., gap
    offsets = list(accumulate(map(len, parts)))
    starts, ends = offsets[:-1:2], offsets[1::2]
    if len(lowered) == len(text):
        tokens = [lowered[start:end] for start, end in zip(starts, ends, strict=True)]
    else:  # a letter whose lower case is two letters would shift the rest
        tokens = [part.lower() for part in parts[1::2]]
    if "’" in text:
        tokens = [token.replace("’", "'") for token in tokens]
    if any(map(str.isdigit, tokens)):
        tokens = ["0" if token.isdigit() else token for token in tokens]
    if "/" in text or "@" in text or "#" in text or "." in text[:-1]:
        for match in _PROTECTED.finditer(text):
            for index, start in enumerate(starts):
                if match.start() <= start < match.end():
                    tokens[index] = "\0"
    edge = [""] * pad
    return Tokens(text, pad, edge + tokens + edge, starts, ends)


def in_case_of(model: str, word: str) -> str:
    """`word` with capitals as in `model`: LEFT, Left or left."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def article_for(word: str) -> str:
    """The indefinite article before a colour or direction word, by its first letter."""
    return "an" if word[:1].lower() in "aeiou" else "a"
