"""Bearings by other names: hours of a clock and points of the compass, after a symmetry."""

from __future__ import annotations

import re

from syncaug.words.symmetry import Symmetry
from syncaug.words.tokens import Tokens

__all__ = ["is_named", "is_place_name", "turned_hour", "turned_points"]

_POINTS = {"north": "top", "east": "right", "south": "bottom", "west": "left"}
"""Points of the compass as sides of a map that has north at its top."""
_NAMES = {side: point for point, side in _POINTS.items()}
_POINT = re.compile("|".join(_POINTS))
_SHORT = re.compile(r"\b(?:[ns][ew]?|[ew])\b")
_IN_FULL = {point[0]: point for point in _POINTS}
_OF = frozenset({"of", "de", "d'", "du", "del"})
_SAID_ORDER = ("top", "bottom", "right", "left")
_HOURS = (
    *("twelve", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten", "eleven"),
)


def turned_points(words: str, symmetry: Symmetry) -> str:
    """Points of the compass after a symmetry of their map: "south-west" mirrored is "south-east".

    Of two points the one of north and south comes first, as they are said; an axis has no
    direction: "east-west" stays.
    """
    if _SHORT.search(words):
        return _SHORT.sub(lambda match: _turned_letters(match[0], symmetry), words)
    sides = [_POINTS[point] for point in _POINT.findall(words)]
    turned = [symmetry.side(side) for side in sides]
    if sorted(turned) == sorted(sides):
        return words
    turned.sort(key=_SAID_ORDER.index)
    names = iter(_NAMES[side] for side in turned)
    return _POINT.sub(lambda _: next(names), words)


def _turned_letters(letters: str, symmetry: Symmetry) -> str:
    in_full = turned_points(" ".join(_IN_FULL[letter] for letter in letters), symmetry)
    return "".join(point[0] for point in in_full.split())


def turned_hour(hour: str, symmetry: Symmetry) -> str:
    """The hour, a word or a number from 1 to 12, at which a dial shows it after a symmetry.

    Anything else comes back as it is.
    """
    spelt = hour in _HOURS
    if not spelt and not (hour.isdecimal() and 1 <= int(hour) <= 12):
        return hour
    number = _HOURS.index(hour) if spelt else int(hour)
    turned = ((-number if symmetry.mirrored else number) - 3 * symmetry.quarters) % 12
    return _HOURS[turned] if spelt else str(turned or 12)


def is_named(tokens: Tokens, at: int) -> bool:
    """Whether a word has a capital inside of a sentence that is not in capitals throughout."""
    raw = tokens.raw(at)
    return raw[:1].isupper() and not raw.isupper() and not tokens.opens_sentence(at)


def is_place_name(tokens: Tokens, first: int, last: int) -> bool:
    """Whether points of the compass, tokens `first`..`last`, are part of a name: "West Street".

    A capital inside a sentence makes a name, and so does one that they are "of": "west of England".
    """
    if tokens.text.isupper():
        return False
    word = tokens.raw(first)
    short = len(word) <= 2 and word.isupper()  # "the NE corner"
    if word[:1].isupper() and not short and not tokens.opens_sentence(first):
        return True
    count = len(tokens.starts)
    after = last + 1
    if after < count and tokens.raw(after)[:1].isupper():
        return True
    for of in (after, after + 1):  # "north of Paris", "the south side of Chicago"
        if tokens.keys[tokens.pad + of] in _OF and of + 1 < count:
            return tokens.raw(of + 1)[:1].isupper()
    return False
