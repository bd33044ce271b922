"""What texts of a conversation say of its pictures: placeholders, and mentions of one of several.

The spellings are data (`lexicons/chat.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

__all__ = [
    "Mention",
    "Placeholder",
    "governing",
    "masked",
    "mentions",
    "placeholders",
    "spellings",
    "tokens",
]

_TABLE = Path(__file__).with_name("lexicons") / "chat.yaml"
_SENTENCE = re.compile(r"(?<=[.!?;。！？；\n])\s*")
_CLAUSE = re.compile(
    r",|，|、|\b(?:and|while|whereas|but|und|während|aber|y|mientras|pero|et|mais)\b"
)


class Placeholder(NamedTuple):
    """What stands for a picture, `image` or `video`, in `text[start:end]`."""

    start: int
    end: int
    kind: str


class Mention(NamedTuple):
    """Where a text names one of several pictures.

    `picture` counts from 0, or from the end with -1; it is None where all are meant, or where the
    picture is named by its place among the others (`word` is where that stands).
    """

    start: int
    end: int
    picture: int | None
    word: tuple[int, int] | None = None


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, Any]:
    """The table of how conversations are written."""
    import yaml

    table: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text("utf-8"))
    return table


@lru_cache(maxsize=1)
def _patterns() -> Sequence[tuple[str, re.Pattern[str]]]:
    both = spellings()["placeholders"]
    return [(kind, re.compile(pattern)) for kind, listed in both.items() for pattern in listed]


@lru_cache(maxsize=1)
def _tokens() -> re.Pattern[str]:
    return re.compile(spellings()["tokens"])


def placeholders(text: str) -> list[Placeholder]:
    """What of a text stands for pictures, in order.

    >>> from syncaug.words.chat import placeholders
    >>> [found.kind for found in placeholders("<image>\\nWhat is left of <video>?")]
    ['image', 'video']
    """
    if "<" not in text and "[IMG]" not in text:
        return []
    found: list[Placeholder] = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < other.end and other.start < end for other in found):
                found.append(Placeholder(start, end, kind))
    return sorted(found)


def tokens(text: str) -> list[tuple[int, int]]:
    """Where a text holds tokens that are no words."""
    return [match.span() for match in _tokens().finditer(text)] if "<" in text else []


def masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with other letters in place of some words, and blanks in place of tokens.

    It has the same length, and what stands beside a token is a word as it was.
    """
    for start, end in spans:
        letter = "x" if text[start:end].isalpha() else " "
        text = text[:start] + letter * (end - start) + text[end:]
    return text


@lru_cache(maxsize=1)
def _mention_patterns() -> tuple[list[re.Pattern[str]], list[tuple[int, re.Pattern[str]]],
                                 list[re.Pattern[str]], re.Pattern[str]]:  # fmt: skip
    table = spellings()
    noun = f"(?:{table['nouns']})"
    numbers = [re.compile(p.replace("(?:NOUN)", noun)) for p in table["numbers"]]
    ordinals = [
        (index - 1 if index > 0 else index, re.compile(f"(?:{p}){table['between']}(?i:{noun})"))
        for index, p in table["ordinals"].items()
    ]
    among = [re.compile(p.replace("(?:NOUN)", f"(?i:{noun})s?")) for p in table["among"].values()]
    every = re.compile(f"(?:{table['every']}){table['between']}(?i:{noun})")
    return numbers, ordinals, among, every


def mentions(text: str) -> list[Mention]:
    """Where a text names one of several pictures, or all, in order.

    >>> from syncaug.words.chat import mentions
    >>> [found.picture for found in mentions("Image 1 shows a cat, the second picture a dog.")]
    [0, 1]
    """
    numbers, ordinals, among, every = _mention_patterns()
    found = [
        Mention(*match.span(), int(match.group(1)) - 1 if int(match.group(1)) else None)
        for pattern in numbers
        for match in pattern.finditer(text)
    ]
    for index, pattern in ordinals:
        found += [Mention(*match.span(), index) for match in pattern.finditer(text)]
    for pattern in among:
        for match in pattern.finditer(text):
            word = next(match.span(n) for n in range(1, pattern.groups + 1) if match.group(n))
            found.append(Mention(*match.span(), None, word))
    for match in every.finditer(text):
        if not any(m.start < match.end() and match.start() < m.end for m in found):
            found.append(Mention(*match.span(), None))
    return sorted(found, key=lambda mention: mention.start)


def governing(text: str, at: int, count: int, question: str = "") -> int | None:
    """Which of `count` pictures the words at a place of a text speak of; None where unclear.

    The clause with exactly one picture decides, then the sentence, then the nearest sentence
    before, then the question. A sentence that speaks of several, or of all, leaves it unclear.
    """
    known = _within(mentions(text), count)
    start, end = _around(text, at, _SENTENCE)
    inside = [m for m in known if start <= m.start < end]
    if inside:
        only = _only(inside)
        if only is not None:
            return only
        first, last = _around(text[start:end], at - start, _CLAUSE)
        return _only([m for m in inside if start + first <= m.start < start + last])
    before = [m for m in known if m.start < start]
    if before:
        first, last = _around(text, before[-1].start, _SENTENCE)
        return _only([m for m in before if first <= m.start < last])
    return _only(_within(mentions(question), count)) if question else None


def _within(found: Sequence[Mention], count: int) -> list[Mention]:
    """The mentions of pictures that there are; the last is counted from the front."""
    out = []
    for mention in found:
        picture = mention.picture
        if picture is None or picture < count:
            out.append(mention if picture != -1 else mention._replace(picture=count - 1))
    return out


def _only(found: Sequence[Mention]) -> int | None:
    """The one picture of some mentions; None where there are several or none."""
    indices = {mention.picture for mention in found}
    return indices.pop() if len(indices) == 1 else None


def _around(text: str, at: int, divider: re.Pattern[str]) -> tuple[int, int]:
    """The stretch between two dividers in which a place of a text lies."""
    start, end = 0, len(text)
    for match in divider.finditer(text):
        if match.end() <= at:
            start = match.end()
        elif match.start() > at:
            end = match.start()
            break
    return start, end
