"""Which values inside a cue are times of it, told by their keys, their types and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from syncaug.kernels.cue_keys import (
    LENGTH,
    LENGTHS,
    MARKS,
    MOMENTS,
    NUMERAL,
    PAIRS,
    PLAIN,
    RATES,
    SPANS,
    SPOKEN,
    TIME,
    WRITTEN,
)

__all__ = [
    "EXACT",
    "NEAR",
    "CueSpan",
    "holds_mappings",
    "holds_numbers",
    "is_float",
    "is_length",
    "is_number",
    "is_pair",
    "is_rate",
    "like",
    "names_times",
    "snake",
    "spans_of",
    "starts_alone",
]

NEAR = 1.0
"""Seconds by which an inner time may lie beyond its cue and still be one of it."""
EXACT = 0.05
"""The same for numbers that no key calls times."""
_ENDS = frozenset(key for first, last, _ in SPANS for key in (first, last))
_KNOWN = _ENDS | PAIRS | MOMENTS
_NUMBERS = (int, float, np.number)
_TRUTHS = (bool, np.bool_)
_NAMES = 256
"""How many names of keys are kept as they were read: the words of a transcript have the same."""


@dataclass(frozen=True, slots=True)
class CueSpan:
    """Where a cue is, in seconds, and what it says: what tells its times from other numbers."""

    span: tuple[float, float]
    text: str

    def inside(self, start: float, end: float, margin: float) -> bool:
        """Whether seconds lie in the cue, or no more than `margin` beyond."""
        return self.span[0] - margin <= start <= end <= self.span[1] + margin

    def is_written(self, value: str) -> bool:
        """Whether a text is a moment or a span as they are written."""
        if NUMERAL.match(value):
            return self.inside(float(value), float(value), EXACT)
        return bool(WRITTEN.match(value))

    def listed(self, name: str, value: Any) -> bool:
        """Whether a list holds times: by its name, or by numbers that are the cue's, in order."""
        if names_times(name):
            return True
        if self.is_own_span(value):
            return True
        if PLAIN.search(name):
            return False
        if self.are_spans(value, whole=bool(SPOKEN.search(name))):
            return True
        return self.are_moments(value, 1 if MARKS.search(name) else 2)

    def have_spans(self, items: Iterable[Any]) -> bool:
        """Whether mappings hold spans of the cue under keys that are not known."""
        rows: list[list[float]] = []
        for item in items:
            if not isinstance(item, Mapping) or _KNOWN & item.keys():
                return False
            names = {key: snake(str(key)) for key, value in item.items() if is_float(value)}
            rows.append([item[key] for key, name in names.items() if not PLAIN.search(name)])
        return max((max(row, default=0.0) for row in rows), default=0.0) > 1.0 and self.are_spans(
            rows
        )

    def counts_letters(self, item: Mapping[str, Any]) -> bool:
        """Whether start and end of an item are places in the text."""
        start, end = item.get("start"), item.get("end")
        if {"start_offset", "end_offset"} <= item.keys():
            start, end = item["start_offset"], item["end_offset"]
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            return False
        piece = self.text[start:end]
        said = [value for value in item.values() if isinstance(value, str)]
        return bool(piece) and any(value.strip().lower() == piece.strip().lower() for value in said)

    def is_own_span(self, value: Any) -> bool:
        """Whether a pair of floats repeats where the cue is."""
        return (
            len(value) == 2
            and all(map(is_float, value))
            and value[0] < value[1]
            and max(abs(value[0] - self.span[0]), abs(value[1] - self.span[1])) < 1e-3
        )

    def are_moments(self, rows: Any, fewest: int) -> bool:
        """Whether a list of an unnamed kind holds moments of the cue, one after the other.

        They stand alone, at least three of them, or in rows beside what happens then.
        """
        found: list[float] = []
        for row in rows:
            floats = [row] if is_float(row) else []
            if isinstance(row, list | tuple) and len(row) == 2:
                floats = [cell for cell in row if is_float(cell)]
                if len(floats) != 1 or not any(isinstance(cell, str) for cell in row):
                    return False
            if len(floats) != 1:
                return False
            found.append(float(floats[0]))
        alone = len(found) > 0 and is_float(rows[0])
        if len(found) < (fewest + 1 if alone and fewest > 1 else fewest) or max(found) <= 1.0:
            return False
        return all(self.inside(moment, moment, EXACT) for moment in found) and all(
            one < other for one, other in pairwise(found)
        )

    def are_spans(self, rows: Iterable[Any], *, whole: bool = False) -> bool:
        """Whether rows of an unnamed kind hold spans of the cue, one after the other."""
        before = -np.inf
        count = 0
        for row in rows:
            start = next(_span_starts(row, self, whole), None)
            if start is None or start < before - EXACT:
                return False
            before, count = start, count + 1
        return count > 0


def _span_starts(row: Any, inner: CueSpan, whole: bool) -> Iterator[float]:
    """Starts of two neighbouring floats of a row that are a span of the cue; `whole`: or ints."""
    if not isinstance(row, list | tuple | np.ndarray):
        return
    is_one = is_number if whole else is_float
    for start, end in pairwise(row):
        if is_one(start) and is_one(end):
            if start < end and inner.inside(float(start), float(end), EXACT):
                yield float(start)


def holds_mappings(value: Any) -> bool:
    """Whether a value is a list with mappings in it."""
    return isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value)


@lru_cache(maxsize=_NAMES)
def snake(key: str) -> str:
    """A key in snake case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


@lru_cache(maxsize=_NAMES)
def names_times(name: str) -> bool:
    """Whether a key in snake case is one of times."""
    return bool(TIME.search(name))


def spans_of(entry: Mapping[str, Any]) -> tuple[tuple[str, str, float], ...]:
    """The spans of which a mapping has both ends, and their units."""
    return _spans_of(tuple(filter(_ENDS.__contains__, entry)))


@lru_cache(maxsize=_NAMES)
def _spans_of(ends: tuple[str, ...]) -> tuple[tuple[str, str, float], ...]:
    return tuple(each for each in SPANS if each[0] in ends and each[1] in ends)


def is_length(key: Any, value: Any) -> bool:
    """Whether a value is a number under a name of lengths."""
    return is_number(value) and (key in LENGTHS or bool(LENGTH.search(snake(str(key)))))


def is_rate(key: Any, value: Any) -> bool:
    """Whether a value is a number under a name of rates: words_per_minute."""
    return is_number(value) and bool(RATES.search(snake(str(key))))


def is_float(value: Any) -> bool:
    """Whether a value is a float of Python or numpy."""
    return isinstance(value, float | np.floating)


def holds_numbers(value: Any) -> bool:
    """Whether a value is a number, or a list or an array with one in it."""
    if isinstance(value, list | tuple | np.ndarray):
        return any(is_number(each) for each in np.ravel(np.asarray(value, dtype=object)).tolist())
    return is_number(value)


def starts_alone(item: Mapping[str, Any]) -> bool:
    """Whether an item has one end of a span without the other."""
    if spans_of(item):
        return False
    return any(is_number(item.get(key)) for key, _, _ in SPANS)


def is_pair(value: Any) -> bool:
    """Whether a value is two numbers, of which the second may be None."""
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and is_number(value[0])
        and (value[1] is None or is_number(value[1]))
    )


def is_number(value: Any) -> bool:
    """Whether a value is a number of Python or numpy, and no boolean."""
    return isinstance(value, _NUMBERS) and not isinstance(value, _TRUTHS)


def like(value: Any, number: float) -> Any:
    """A number in the type that came; whole ones stay whole where nothing is lost."""
    if isinstance(value, np.floating):
        return type(value)(number)
    if isinstance(value, int | np.integer) and float(number).is_integer():
        return type(value)(number)
    return float(number)
