"""Coordinates that a text writes: boxes, points, location tokens, as models and people do.

The spellings are data (`lexicons/coordinates.yaml`). Numbers that speak of something else - counts,
dates, times, scores, sizes, prices, citations, lists of years - are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["Coordinates", "bounded", "find_coordinates", "is_listing", "is_something_else"]

_FOLDER = Path(__file__).with_name("lexicons")
_NUMBER = r"-?(?:\d{1,5}(?:\.\d+)?|\.\d+)\s?(?:px|%)?"
_DIGIT = re.compile(r"\d")
_FIGURE = re.compile("[0-9]")
_HINT = re.compile(r"[<\[(（【=:]|\d[\s,，]{1,3}\.?\d|[xX]\s{1,2}\d")
"""What every spelling has beside numbers: a mark, or two of them in a row."""
_PAIR = re.compile(r"[(（\[]\s{0,24}-?[\d.]+\s?(?:px|%)?\s{0,24}[,，、]\s{0,24}-?[\d.]")
_NUMBERS = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_YEARS = range(1500, 2101)
_BEFORE = 32
"""How many characters before a bracket are looked at."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """One place of a text that holds coordinates: the characters, their spelling, who writes so.

    `fractions` are parts of the picture's size, which a new size alone leaves true.
    """

    start: int
    text: str
    spelling: str
    models: str
    fractions: bool


@dataclass(frozen=True, slots=True)
class _Spelling:
    name: str
    models: str
    pattern: re.Pattern[str]
    fractions: bool
    several: bool
    bare: bool
    needs: frozenset[str]
    pair: bool


@lru_cache(maxsize=1)
def _spellings() -> tuple[_Spelling, ...]:
    import yaml

    table = yaml.safe_load((_FOLDER / "coordinates.yaml").read_text("utf-8"))
    return tuple(
        _Spelling(
            name,
            entry["models"],
            re.compile(bounded(entry["pattern"].replace("NUM", _NUMBER))),
            entry.get("fractions", False),
            entry.get("several", False),
            entry.get("bare", False),
            frozenset(entry.get("needs", "")),
            entry.get("pair", False),
        )
        for name, entry in table.items()
    )


def bounded(pattern: str) -> str:
    """The pattern with runs of blanks bounded, so that no text makes it slow."""
    for every, few in ((r"\s*", r"\s{0,24}"), (r"\s+", r"\s{1,24}"), (r"[ \t]+", r"[ \t]{1,24}")):
        pattern = pattern.replace(every, few)
    return pattern


def find_coordinates(text: str) -> list[Coordinates]:
    """All coordinates of a text, in the order of the text; spellings may overlap."""
    digit = _FIGURE if text.isascii() else _DIGIT
    if not digit.search(text) or not _HINT.search(text):
        return []
    letters, paired = frozenset(text), bool(_PAIR.search(text))
    found = [
        Coordinates(
            match.start(),
            match.group(0),
            spelling.name,
            spelling.models,
            spelling.fractions or _are_fractions(match.group(0)),
        )
        for spelling in _spellings()
        if not spelling.needs or not letters.isdisjoint(spelling.needs)
        if paired or not spelling.pair
        for match in spelling.pattern.finditer(text)
        if not (spelling.several and is_listing(match.group(0)))
        and not (spelling.bare and is_something_else(text, *match.span()))
    ]
    return sorted(found, key=lambda each: each.start)


def _are_fractions(text: str) -> bool:
    numbers = _NUMBERS.findall(text)
    return any("." in n for n in numbers) and all(0.0 <= float(n) <= 1.0 for n in numbers)


@lru_cache(maxsize=1)
def _others() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words before and behind a bracket whose numbers are something else."""
    import yaml

    table = yaml.safe_load((_FOLDER / "numbers.yaml").read_text("utf-8"))
    before, after = ("|".join(table[key]) for key in ("before", "after"))
    return (
        re.compile(rf"(?i:\b(?:{before})\b)\s?(?:is|are|was|were|of|=|:)?[\s\[(]*$"),
        re.compile(rf"(?i:\s{{0,2}}(?:{after})(?!\w))"),
    )


def is_something_else(text: str, start: int, end: int) -> bool:
    """Whether a word beside brackets `text[start:end]` says that their numbers are no place."""
    before, after = _others()
    if before.search(text[max(0, start - _BEFORE) : start]) is not None:
        return True
    return after.match(text, end) is not None


def is_listing(text: str) -> bool:
    """Whether bare numbers are years, count, or have commas between their thousands."""
    if re.search(r",\s", text) and re.search(r"\d,\d{3}\b", text):
        return True
    numbers = _NUMBERS.findall(text)
    if any("." in number for number in numbers):
        return False
    whole = [int(number) for number in numbers]
    if all(number in _YEARS for number in whole):
        return True
    if len(whole) > 5 and (len(whole) % 2 or whole == sorted(whole)):
        return True
    return whole == list(range(whole[0], whole[0] + len(whole)))
