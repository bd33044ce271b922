"""Times inside a cue: words, chunks and spans below its own start and end, moved with its clock.

Transcripts keep the times of words in further keys of a cue. The forms of the tables here move;
any other value that holds times of the cue raises `UnmovableTimes`, so that none goes on stale.
Numbers that are no times (scores, colours, ids, counts of characters) pass untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["Mover", "UnmovableTimes", "retimed"]

Mover = Callable[[float, float], "tuple[float, float] | None"]
"""From a span of a cue to where it is after a change; None where it is no longer spoken."""

_SPANS = (
    *(("start", "end", 1.0), ("start", "stop", 1.0), ("begin", "end", 1.0), ("begin", "stop", 1.0)),
    *(("start_time", "end_time", 1.0), ("startTime", "endTime", 1.0), ("from", "to", 1.0)),
    *(("onset", "offset", 1.0), ("t0", "t1", 1.0), ("start_s", "end_s", 1.0)),
    *(("start_sec", "end_sec", 1.0), ("start_seconds", "end_seconds", 1.0)),
    *(("start_ms", "end_ms", 1000.0), ("startMs", "endMs", 1000.0)),
)
"""Keys of a span's two ends, and how many of their unit are a second."""
_LENGTHS = {
    **dict.fromkeys(("duration", "dur", "duration_s", "duration_sec", "duration_seconds"), 1.0),
    **dict.fromkeys(("length", "len", "length_s", "length_seconds"), 1.0),
    **dict.fromkeys(("duration_ms", "durationMs", "length_ms"), 1000.0),
}
"""Keys that repeat how long a span is, and their unit."""
_PAIRS = frozenset({"timestamp", "timestamps", "time", "times", "time_span", "span", "interval"})
"""Keys of one pair of seconds, or of a list of pairs."""

_TIME = re.compile(
    r"(?:^|_)(?:times?|timestamps?|starts?|begins?|ends?|stops?|onsets?|offsets?|t[01]"
    r"|durations?|dur|seconds|secs?|ms|millis\w*)(?:_|$)"
)
_PLAIN = re.compile(
    r"(?:^|_)(?:scores?|conf|confidences?|probs?|probabilit\w+|logprobs?|colou?rs?|rgb|bbox\w*"
    r"|box(?:es)?|pos|positions?|points?|embeddings?|features?|vectors?|weights?|ids?|speakers?"
    r"|channels?|temperature|style|pitch|f0|energy|volume|loudness|tokens?)(?:_|$)"
)
_CHARACTERS = frozenset({"entities", "ents", "mentions", "tags", "offset_mapping", "char_offsets"})
"""Keys of what is counted in characters of the text."""
_WRITTEN = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?[.,]\d{1,3}$")
_MILLISECONDS = re.compile(r"(?:_ms|Ms|_millis\w*)$")
_MOMENTS = frozenset({"time", "timestamp", "begin", "stop", "onset", "t0", "t1"})
_MOMENTS |= {"start_time", "end_time", "startTime", "endTime", "begin_time", "stop_time"}
"""Keys whose whole numbers are seconds too."""
_NEAR = 1.0
"""Seconds by which an inner time may lie beyond its cue and still be one of it."""
_EXACT = 0.05


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
        for first, last, unit in _SPANS:
            if first in entry and last in entry and not {first, last} & done:
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
            if key in _PAIRS and _is_pair(value):
                out[key] = type(value)(self._pair(tuple(value), 1.0, key))
                span = value[0], self.span[1] if value[1] is None else value[1]
                new = out[key][0], self.new[1] if out[key][1] is None else out[key][1]
            elif key not in _LENGTHS:
                out[key] = self._value(str(key), value)
        for key in _LENGTHS.keys() & entry.keys():
            out[key] = self._length(key, entry[key], span, new)
        return out

    def _length(
        self,
        key: str,
        value: Any,
        span: tuple[float, float] | None,
        new: tuple[float, float] | None,
    ) -> Any:
        if not _is_number(value):
            return value
        unit = _LENGTHS[key]
        if span is not None and new is not None:
            if abs(value / unit - (span[1] - span[0])) <= 1e-3 + 0.01 * (span[1] - span[0]):
                return _like(value, (new[1] - new[0]) * unit)
        if key.startswith("len"):
            return value  # of something else, such as letters
        raise UnmovableTimes(key)

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
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()
        timely = bool(_TIME.search(name))
        if isinstance(value, str):
            if (timely or name in ("from", "to")) and _WRITTEN.match(value):
                raise UnmovableTimes(key)
            return value
        if name in _CHARACTERS or value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return self._mapping(key, value)
        if _is_number(value):
            return self._moment(key, float(value), value) if timely else value
        if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            return self._items(key, value)
        if not isinstance(value, list | tuple | np.ndarray) or not len(value):
            return value
        if timely or (not _PLAIN.search(name) and self._are_spans(value)):
            return self._list(key, value)
        return value

    def _mapping(self, key: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = [item for item in value.values() if isinstance(item, list | tuple)]
        named = any(first in value and last in value for first, last, _ in _SPANS)
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

    def _counts_letters(self, item: Mapping[str, Any]) -> bool:
        """Whether start and end of an item are places in the text."""
        start, end = item.get("start"), item.get("end")
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
        if not _TIME.search(key.lower()) or not (
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
        unit = 1000.0 if _MILLISECONDS.search(key) else 1.0
        if not self._inside(second / unit, second / unit, _EXACT):
            return value
        if unit == 1.0 and key not in _MOMENTS and not isinstance(value, float | np.floating):
            return value  # it counts
        moved = self.move(second / unit, second / unit)
        if moved is None:
            raise UnmovableTimes(key)
        return _like(value, moved[0] * unit)

    def _are_spans(self, rows: Iterable[Any]) -> bool:
        """Whether rows of an unnamed kind hold spans of the cue, one after the other."""
        before = -np.inf
        count = 0
        for row in rows:
            start = next(_span_starts(row, self), None)
            if start is None or start < before - _EXACT:
                return False
            before, count = start, count + 1
        return count > 0


def _span_starts(row: Any, inner: _Inner) -> Iterator[float]:
    """Starts of two neighbouring floats of a row that are a span of the cue."""
    if not isinstance(row, list | tuple | np.ndarray):
        return
    for start, end in pairwise(row):
        if isinstance(start, float | np.floating) and isinstance(end, float | np.floating):
            if start < end and inner._inside(float(start), float(end), _EXACT):
                yield float(start)


def _starts_alone(item: Mapping[str, Any]) -> bool:
    """Whether an item has one end of a span without the other."""
    firsts = [key for key, _, _ in _SPANS if _is_number(item.get(key))]
    return bool(firsts) and not any(first in item and last in item for first, last, _ in _SPANS)


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
