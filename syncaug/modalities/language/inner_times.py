"""Times inside a cue: words, chunks and spans below its own start and end, moved with its clock.

Transcripts keep the times of words in further keys of a cue. The forms of the tables here move;
any other value that holds times of the cue raises `UnmovableTimes`, so that none goes on stale.
Numbers that are no times (scores, colours, ids, counts of characters) pass untouched.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from syncaug.modalities.language.cue_keys import (
    CHARACTERS,
    COUNTED,
    LENGTH,
    LENGTHS,
    MARKS,
    MILLISECONDS,
    MOMENTS,
    NUMERAL,
    PAIRS,
    PLAIN,
    SPANS,
    SPOKEN,
    TABLES,
    TICKS,
    TIME,
    TRANSCRIPT,
    WRITTEN,
)

__all__ = ["Mover", "UnmovableTimes", "retimed"]

Mover = Callable[[float, float], "tuple[float, float] | None"]
"""From a span of a cue to where it is after a change; None where it is no longer spoken."""

_NEAR = 1.0
"""Seconds by which an inner time may lie beyond its cue and still be one of it."""
_EXACT = 0.05
_CONTAINERS = (list, tuple, set, frozenset, deque, np.ndarray)
_PLAIN = (*_CONTAINERS, Mapping, str, bytes, bool, int, float, np.generic, type(None))


class UnmovableTimes(ValueError):
    """A cue holds times in a form that cannot be moved; `key` says where."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def retimed(
    entry: Mapping[str, Any],
    span: tuple[float, float],
    text: str,
    move: Mover,
    new: tuple[float, float],
) -> Mapping[str, Any]:
    """A cue's entry with its inner times moved; `span` is the cue's own, `new` where it goes.

    Its `start`, `end` and `text` stay as they are. Inner spans that are no longer spoken go from
    their list; those without times stay in their place. Raises UnmovableTimes.
    """
    if entry.keys() <= {"start", "end", "text"}:
        return entry
    try:
        return _Inner(span, text, move, new).cue(entry)
    except RecursionError:
        deep = max(entry, key=lambda key: isinstance(entry[key], Mapping | list | tuple))
        raise UnmovableTimes(deep) from None


class _Gone(Exception):
    """What is looked at is no longer spoken."""


@dataclass(frozen=True, slots=True)
class _Inner:
    span: tuple[float, float]
    text: str
    move: Mover
    new: tuple[float, float]

    def cue(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        own = {key: entry[key] for key in ("start", "end", "text")}
        further = {key: value for key, value in entry.items() if key not in own}
        return {**entry, **self._keys(further, self.span, self.new)}

    def _keys(
        self,
        entry: Mapping[str, Any],
        span: tuple[float, float] | None,
        new: tuple[float, float] | None,
    ) -> dict[str, Any]:
        """All keys of a mapping; `span` is how long it lasts, where its own keys do not say it."""
        out = dict(entry)
        done: set[str] = set()
        for first, last, unit in SPANS:
            if first in entry and last in entry and not {first, last} & done:
                if first in ("s", "in") and not (
                    _is_float(entry[first]) and _is_float(entry[last])
                ):
                    continue  # a season and an episode, a door
                done |= {first, last}
                if entry[first] is None and entry[last] is None:
                    continue
                moved = self._pair((entry[first], entry[last]), unit, f"{first} and {last}")
                span = entry[first] / unit, (entry[last] or self.span[1] * unit) / unit
                new = moved[0] / unit, (moved[1] or self.new[1] * unit) / unit
                out[first], out[last] = moved
        for key, value in entry.items():
            if key in done:
                continue
            if key in PAIRS and _is_pair(value):
                out[key] = type(value)(self._pair(tuple(value), 1.0, key))
                span = value[0], self.span[1] if value[1] is None else value[1]
                new = out[key][0], self.new[1] if out[key][1] is None else out[key][1]
            elif not _is_length(key, value):
                out[key] = self._value(str(key), value)
        for key, value in entry.items():
            if key not in done and _is_length(key, value):
                out[key] = self._length(str(key), value, span, new)
        if {"start_offset", "end_offset"} <= entry.keys() and not self._counts_letters(entry):
            raise UnmovableTimes("start_offset")  # counted in frames, of Wav2Vec2 and NeMo
        return out

    def _length(
        self,
        key: str,
        value: Any,
        span: tuple[float, float] | None,
        new: tuple[float, float] | None,
    ) -> Any:
        unit = LENGTHS.get(key, 1000.0 if MILLISECONDS.search(key) else 1.0)
        if span is not None and new is not None:
            before, after = span[1] - span[0], new[1] - new[0]
            if abs(value / unit - before) <= 1e-3 + 0.01 * before:
                return _like(value, after * unit)
            if abs(after - before) < 1e-9:
                return value  # time goes on at its pace
            if key not in LENGTHS and value / unit > before:
                if isinstance(value, int) and self._inside_length(value / TICKS, before):
                    raise UnmovableTimes(key)
                return value  # of something longer than the cue
        if key.startswith("len"):
            return value  # of something else, such as letters
        raise UnmovableTimes(key)

    @staticmethod
    def _inside_length(seconds: float, length: float) -> bool:
        return 0.01 <= seconds <= length + _NEAR

    def _pair(self, pair: tuple[Any, Any], unit: float, key: str) -> tuple[Any, Any]:
        """Two ends of a span, moved; the second may be open."""
        start, end = pair
        if not _is_number(start) or not (end is None or _is_number(end)):
            raise UnmovableTimes(key)
        last = self.span[1] if end is None else end / unit
        if not self._inside(start / unit, last, _NEAR):
            raise UnmovableTimes(key)
        moved = self.move(start / unit, last)
        if moved is None:
            raise _Gone
        return _like(start, moved[0] * unit), None if end is None else _like(end, moved[1] * unit)

    def _inside(self, start: float, end: float, margin: float) -> bool:
        return self.span[0] - margin <= start <= end <= self.span[1] + margin

    def _value(self, key: str, value: Any) -> Any:
        name = _snake(key)
        timely = bool(TIME.search(name))
        if isinstance(value, str):
            named = timely or name in ("from", "to", "in", "out", "tc_in", "tc_out")
            if (named and self._is_written(value)) or TRANSCRIPT.match(value):
                raise UnmovableTimes(key)
            return value
        if TABLES.search(name) and isinstance(value, list | tuple) and value:
            raise UnmovableTimes(key)
        if COUNTED.search(name) and _holds_numbers(value):
            raise UnmovableTimes(key)
        if name in CHARACTERS or value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return self._mapping(key, value)
        if _is_number(value):
            return self._moment(key, float(value), value) if timely else value
        if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            return self._items(key, value)
        if isinstance(value, list | tuple) and any(map(_holds_mappings, value)):
            return type(value)(self._value(key, each) for each in value)
        if not isinstance(value, _CONTAINERS):
            return self._object(key, name, value)
        if isinstance(value, set | frozenset | deque) and value:
            if self._listed(name, sorted(value, key=repr)):
                raise UnmovableTimes(key)
            return value
        if not isinstance(value, list | tuple | np.ndarray):
            return value
        if (isinstance(value, np.ndarray) and value.ndim == 0) or not len(value):
            return value
        if isinstance(value, np.ndarray) and value.dtype.names:
            if timely or self._are_spans(value.ravel().tolist()):
                raise UnmovableTimes(key)
            return value
        for item in value if isinstance(value, list | tuple) else ():
            if not isinstance(item, _PLAIN):
                self._object(key, name, item)
        return self._list(key, value) if self._listed(name, value) else value

    def _object(self, key: str, name: str, value: Any) -> Any:
        """A tensor or an object of another library; one that holds times cannot be moved."""
        if hasattr(value, "__array__"):
            array = np.asarray(value)
            timely = bool(TIME.search(name)) and array.dtype.kind in "iufmM"
            if timely if array.ndim == 0 else self._listed(name, array):
                raise UnmovableTimes(key)
        elif not callable(value) and getattr(value, "__dict__", None):
            fields = dict(vars(value))
            try:
                moves = any(
                    new is not fields[k] for k, new in self._keys(fields, None, None).items()
                )
            except (_Gone, UnmovableTimes):
                moves = True
            if moves:
                raise UnmovableTimes(key)
        return value

    def _is_written(self, value: str) -> bool:
        if NUMERAL.match(value):
            return self._inside(float(value), float(value), _EXACT)
        return bool(WRITTEN.match(value))

    def _listed(self, name: str, value: Any) -> bool:
        """Whether a list holds times: by its name, or by numbers that are the cue's, in order."""
        if TIME.search(name):
            return True
        if self._is_own_span(value):
            return True
        if PLAIN.search(name):
            return False
        if self._are_spans(value, whole=bool(SPOKEN.search(name))):
            return True
        return self._are_moments(value, 1 if MARKS.search(name) else 2)

    def _mapping(self, key: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = [item for item in value.values() if isinstance(item, list | tuple)]
        named = any(first in value and last in value for first, last, _ in SPANS)
        if not named and len(rows) == len(value) and self._are_spans(rows):
            raise UnmovableTimes(key)
        try:
            return self._keys(value, None, None)
        except _Gone:
            raise UnmovableTimes(key) from None
        except UnmovableTimes:
            raise UnmovableTimes(key) from None

    def _items(self, key: str, items: list[Any] | tuple[Any, ...]) -> Any:
        """Words, chunks or the like; those that are no longer spoken go."""
        kept: list[Any] = []
        if self._have_spans(items):
            raise UnmovableTimes(key)
        for item in items:
            if not isinstance(item, Mapping) or self._counts_letters(item):
                kept.append(item)
                continue
            try:
                if _starts_alone(item):
                    raise UnmovableTimes(key)
                kept.append(self._keys(item, None, None))
            except _Gone:
                continue
            except UnmovableTimes:
                raise UnmovableTimes(key) from None
        return type(items)(kept)

    def _have_spans(self, items: Iterable[Any]) -> bool:
        """Whether mappings hold spans of the cue under keys that are not known."""
        known = {key for first, last, _ in SPANS for key in (first, last)} | PAIRS | MOMENTS
        rows: list[list[float]] = []
        for item in items:
            if not isinstance(item, Mapping) or known & item.keys():
                return False
            names = {key: _snake(str(key)) for key, value in item.items() if _is_float(value)}
            rows.append([item[key] for key, name in names.items() if not PLAIN.search(name)])
        return max((max(row, default=0.0) for row in rows), default=0.0) > 1.0 and self._are_spans(
            rows
        )

    def _counts_letters(self, item: Mapping[str, Any]) -> bool:
        """Whether start and end of an item are places in the text."""
        start, end = item.get("start"), item.get("end")
        if {"start_offset", "end_offset"} <= item.keys():
            start, end = item["start_offset"], item["end_offset"]
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            return False
        piece = self.text[start:end]
        said = [value for value in item.values() if isinstance(value, str)]
        return bool(piece) and any(value.strip().lower() == piece.strip().lower() for value in said)

    def _list(self, key: str, value: Any) -> Any:
        """Bare moments or pairs under a name of times: moved, if all of them remain."""
        try:
            numbers = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise UnmovableTimes(key) from None
        if not TIME.search(_snake(key)) or not (
            numbers.ndim == 1 or (numbers.ndim == 2 and numbers.shape[1] == 2)
        ):
            raise UnmovableTimes(key)
        if isinstance(value, np.ndarray) and value.dtype.kind != "f":
            raise UnmovableTimes(key)
        rows = numbers if numbers.ndim == 2 else np.stack([numbers, numbers], axis=1)
        moved: list[tuple[float, float]] = []
        for start, end in rows.tolist():
            place = self.move(start, end) if self._inside(start, end, _NEAR) else None
            if place is None:
                raise UnmovableTimes(key)
            moved.append(place)
        places = np.array(moved) if numbers.ndim == 2 else np.array(moved)[:, 0]
        if isinstance(value, np.ndarray):
            return places.astype(value.dtype)
        if numbers.ndim == 1:
            return type(value)(places.tolist())
        return type(value)(
            type(row)(place) for row, place in zip(value, places.tolist(), strict=True)
        )

    def _moment(self, key: str, second: float, value: Any) -> Any:
        """A number under a name of times: one of the cue's moments moves, others are none of it."""
        unit = 1000.0 if MILLISECONDS.search(key) else 1.0
        if not self._inside(second / unit, second / unit, _EXACT):
            ticks = second / TICKS if key.lower() == "offset" else 0.0
            if ticks >= 0.01 and self._inside(ticks, ticks, _EXACT):
                raise UnmovableTimes(key)
            return value
        if unit == 1.0 and key not in MOMENTS and not isinstance(value, float | np.floating):
            return value  # it counts
        moved = self.move(second / unit, second / unit)
        if moved is None:
            raise UnmovableTimes(key)
        return _like(value, moved[0] * unit)

    def _is_own_span(self, value: Any) -> bool:
        """Whether a pair of floats repeats where the cue is."""
        return (
            len(value) == 2
            and all(map(_is_float, value))
            and value[0] < value[1]
            and max(abs(value[0] - self.span[0]), abs(value[1] - self.span[1])) < 1e-3
        )

    def _are_moments(self, rows: Any, fewest: int) -> bool:
        """Whether a list of an unnamed kind holds moments of the cue, one after the other.

        They stand alone, at least three of them, or in rows beside what happens then.
        """
        found: list[float] = []
        for row in rows:
            floats = [row] if _is_float(row) else []
            if isinstance(row, list | tuple) and len(row) == 2:
                floats = [cell for cell in row if _is_float(cell)]
                if len(floats) != 1 or not any(isinstance(cell, str) for cell in row):
                    return False
            if len(floats) != 1:
                return False
            found.append(float(floats[0]))
        alone = len(found) > 0 and _is_float(rows[0])
        if len(found) < (fewest + 1 if alone and fewest > 1 else fewest) or max(found) <= 1.0:
            return False
        return all(self._inside(moment, moment, _EXACT) for moment in found) and all(
            one < other for one, other in pairwise(found)
        )

    def _are_spans(self, rows: Iterable[Any], *, whole: bool = False) -> bool:
        """Whether rows of an unnamed kind hold spans of the cue, one after the other."""
        before = -np.inf
        count = 0
        for row in rows:
            start = next(_span_starts(row, self, whole), None)
            if start is None or start < before - _EXACT:
                return False
            before, count = start, count + 1
        return count > 0


def _span_starts(row: Any, inner: _Inner, whole: bool) -> Iterator[float]:
    """Starts of two neighbouring floats of a row that are a span of the cue; `whole`: or ints."""
    if not isinstance(row, list | tuple | np.ndarray):
        return
    is_one = _is_number if whole else _is_float
    for start, end in pairwise(row):
        if is_one(start) and is_one(end):
            if start < end and inner._inside(float(start), float(end), _EXACT):
                yield float(start)


def _holds_mappings(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value)


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


def _is_length(key: Any, value: Any) -> bool:
    return _is_number(value) and (key in LENGTHS or bool(LENGTH.search(_snake(str(key)))))


def _is_float(value: Any) -> bool:
    return isinstance(value, float | np.floating)


def _holds_numbers(value: Any) -> bool:
    if isinstance(value, list | tuple | np.ndarray):
        return any(_is_number(each) for each in np.ravel(np.asarray(value, dtype=object)).tolist())
    return _is_number(value)


def _starts_alone(item: Mapping[str, Any]) -> bool:
    """Whether an item has one end of a span without the other."""
    firsts = [key for key, _, _ in SPANS if _is_number(item.get(key))]
    return bool(firsts) and not any(first in item and last in item for first, last, _ in SPANS)


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and _is_number(value[0])
        and (value[1] is None or _is_number(value[1]))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)


def _like(value: Any, number: float) -> Any:
    """A number in the type that came; whole ones stay whole where nothing is lost."""
    if isinstance(value, np.floating):
        return type(value)(number)
    if isinstance(value, int | np.integer) and float(number).is_integer():
        return type(value)(number)
    return float(number)
