"""Places that a text writes in a form that can follow its picture: boxes, points and outlines.

The forms are data (`lexicons/places.yaml`). What only looks like a place is found by
`coordinates.find_coordinates`; here its numbers are read, each with where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from syncaug.words.coordinates import bounded, is_listing, is_something_else

__all__ = ["Number", "Place", "find_places"]

_TABLE = Path(__file__).with_name("lexicons") / "places.yaml"
_NUMBER = r"-?(?:\d{1,5}(?:\.\d+)?|\.\d+)\s?(?:px|%)?"
_SEPARATOR = r"(?:\s*[,，]\s*|\s+)"
_FLAT = r"[\[(（][\s\d.,，、%px-]{1,2000}[\])）]"
_NESTED = rf"[\[(（]\s*(?:{_FLAT}\s*[,，]?\s*)+[\])）]"
_DEEP = rf"[\[(（]\s*(?:{_NESTED}\s*[,，]?\s*)+[\])）]"
_LIST = rf"(?:{_DEEP}|{_NESTED}|{_FLAT})"
_FREE = r"[\s\d.,，、()（）\[\]%px-]{1,4000}?"
_PARTS = re.compile(r"[\[(（]([^\[\]()（）]+)[\])）]")
_NUMBERS = re.compile(r"(?<![\w.])(-?(?:\d+(?:\.\d+)?|\.\d+))\s?(px|%)?")
_TOKENS = re.compile(r"<(?:loc_?)?(\d{1,4})()>")
_NAMED = re.compile(r"(?<=[=:\"'>\s])(-?(?:\d+(?:\.\d+)?|\.\d+))\s?(px|%)?")
_SIZES = {"box": 4, "point": 2}
_SUFFIXES = {"px": "pixels", "%": "percent"}
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[A-Za-z](?<![px%])")


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a place, as `text[start:end]` writes it, without its unit."""

    start: int
    end: int
    text: str

    @property
    def value(self) -> float:
        """What it says."""
        return float(self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """One box, point or outline of a text, whose form is `text[start:end]`.

    `shape` is `box` (four numbers), `point` (two) or `outline` (two for each corner). `order` is
    `xyxy`, `yxyx` or empty, and `unit` is `pixels`, `per_mille`, `percent`, `fraction`, the size of
    a grid as digits, or empty: where empty, the stream says it.
    """

    form: str
    shape: str
    start: int
    end: int
    numbers: tuple[Number, ...]
    order: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    shape: str
    pattern: re.Pattern[str]
    order: str
    unit: str
    several: bool
    bare: bool
    needs: frozenset[str]


@lru_cache(maxsize=1)
def _forms() -> tuple[_Form, ...]:
    import yaml

    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    return tuple(
        _Form(
            name,
            entry["shape"],
            re.compile(_pattern(entry["pattern"])),
            entry.get("order", ""),
            str(entry.get("unit", "")),
            entry.get("several", False),
            entry.get("bare", False),
            frozenset(entry.get("needs", "")),
        )
        for name, entry in table.items()
    )


def _pattern(text: str) -> str:
    for word, meaning in ((" SEP ", "SEP"), (" SEP", "SEP"), ("SEP ", "SEP")):
        text = text.replace(word, meaning)
    text = (
        text.replace("SEP", _SEPARATOR)
        .replace("LIST", _LIST)
        .replace("FREE", _FREE)
        .replace("NUM", _NUMBER)
    )
    return bounded(text)


def find_places(text: str) -> list[Place]:
    """All places of a text in forms that can follow, in the order of the text.

    >>> from syncaug.words.places import find_places
    >>> (place,) = find_places('{"bbox_2d": [60, 30, 90, 50]}')
    >>> place.shape, [number.value for number in place.numbers]
    ('box', [60.0, 30.0, 90.0, 50.0])
    """
    if not _DIGIT.search(text):
        return []
    letters = frozenset(text)
    taken: list[tuple[int, int]] = []
    found: list[Place] = []
    for form in _forms():
        if form.needs and letters.isdisjoint(form.needs):
            continue
        for match in form.pattern.finditer(text):
            start, end = match.span("at") if "at" in form.pattern.groupindex else match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            if form.several and is_listing(match.group(0)):
                continue
            if form.bare and is_something_else(text, *match.span()):
                continue
            places = list(_places(form, text, match))
            if places:
                taken.append((start, end))
                found += places
    return sorted(found, key=lambda place: place.start)


def _places(form: _Form, text: str, match: re.Match[str]) -> Iterator[Place]:
    """The places of one stretch of numbers; none where their count suits no place."""
    start, end = match.span("at") if "at" in form.pattern.groupindex else match.span()
    for shape, first, last in _parts(form.shape, text, start, end):
        held = text[first:last]
        reader = _TOKENS if _TOKENS.search(held) else _NUMBERS
        if reader is _NUMBERS and _LETTERS.search(held):
            reader = _NAMED
        found = list(reader.finditer(text, first, last))
        numbers = [Number(each.start(1), each.end(1), each.group(1)) for each in found]
        suffixes = {each.group(2) or "" for each in found}
        kind, size = _sized(shape, len(numbers))
        if not size or len(numbers) % size:
            return
        unit = _SUFFIXES.get(suffixes.pop(), form.unit) if len(suffixes) == 1 else form.unit
        for at in range(0, len(numbers), size):
            own = tuple(numbers[at : at + size])
            yield Place(form.name, kind, *match.span(), own, form.order, unit)


def _parts(shape: str, text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The stretches of some numbers in brackets that are read each by itself."""
    parts = [part.span() for part in _PARTS.finditer(text, start, end)]
    counts = {len(_NUMBERS.findall(text, *span)) for span in parts}
    if shape == "outline" and parts and counts != {2}:
        yield from ((shape, *span) for span in parts)  # a ring each
    elif shape in ("outline", "count") and len(parts) > 1 and counts == {2}:
        rings = _rings(text, parts)
        corners = shape == "count" and all(len(ring) == 2 for ring in rings)
        flat = text[start:end].lstrip("[(（ \n\t") == text[start:end][1:].lstrip()
        if corners and flat and len(rings) == 1:
            yield "box", parts[0][0], parts[-1][1]  # (x, y), (x, y)
        elif shape == "count":
            yield "point", start, end
        else:
            yield from (("outline", ring[0][0], ring[-1][1]) for ring in rings)
    elif shape == "count" and counts == {4}:
        yield "box", start, end
    else:
        yield shape, start, end


def _rings(text: str, parts: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Corners in the lists in which they stand: a bracket between two parts them."""
    rings = [[parts[0]]]
    for before, part in pairwise(parts):
        if re.search(r"[\])）]", text[before[1] : part[0]]):
            rings.append([])
        rings[-1].append(part)
    return rings


def _sized(shape: str, count: int) -> tuple[str, int]:
    """What so many numbers are, and how many of them are one place; 0 where they are none."""
    if shape == "count":
        shape = {2: "point", 4: "box"}.get(count, "outline")
    if shape == "outline":
        return shape, count if count >= 6 and count % 2 == 0 else 0
    return shape, _SIZES[shape]
