"""Times inside a cue: words, chunks and spans below its own start and end, moved with its clock.

Transcripts keep the times of words in further keys of a cue. The forms of the tables here move;
any other value that holds times of the cue raises `UnmovableTimes`, so that none goes on stale.
Numbers that are no times (scores, colours, ids, counts of characters) pass untouched.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from syncaug.kernels.cue_keys import (
    CHARACTERS,
    COUNTED,
    PAIRS,
    SAID,
    TABLES,
    TRANSCRIPT,
)
from syncaug.kernels.inner_forms import (
    holds_mappings,
    holds_numbers,
    is_float,
    is_length,
    is_number,
    is_pair,
    is_rate,
    names_times,
    snake,
    spans_of,
    starts_alone,
)
from syncaug.kernels.inner_values import Gone, Mover, MovingSpan, UnmovableTimes

__all__ = ["Mover", "UnmovableTimes", "retimed"]

_CONTAINERS = (list, tuple, set, frozenset, deque, np.ndarray)
_PLAIN = (*_CONTAINERS, Mapping, str, bytes, bool, int, float, np.generic, type(None))


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
    if SAID.search(text):
        raise UnmovableTimes("text")
    if entry.keys() <= {"start", "end", "text"}:
        return entry
    try:
        return _Inner(span, text, move, new).cue(entry)
    except RecursionError:
        deep = max(entry, key=lambda key: isinstance(entry[key], Mapping | list | tuple))
        raise UnmovableTimes(deep) from None


@dataclass(frozen=True, slots=True)
class _Inner(MovingSpan):
    """The further keys of one cue on their way."""

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
        for first, last, unit in spans_of(entry):
            if not {first, last} & done:
                if first in ("s", "in") and not (is_float(entry[first]) and is_float(entry[last])):
                    continue  # a season and an episode, a door
                done |= {first, last}
                if entry[first] is None and entry[last] is None:
                    continue
                moved = self.pair((entry[first], entry[last]), unit, f"{first} and {last}")
                span = entry[first] / unit, (entry[last] or self.span[1] * unit) / unit
                new = moved[0] / unit, (moved[1] or self.new[1] * unit) / unit
                out[first], out[last] = moved
        for key, value in entry.items():
            if key in done:
                continue
            if key in PAIRS and is_pair(value):
                out[key] = type(value)(self.pair(tuple(value), 1.0, key))
                span = value[0], self.span[1] if value[1] is None else value[1]
                new = out[key][0], self.new[1] if out[key][1] is None else out[key][1]
            elif is_rate(key, value):
                out[key] = self.rate(str(key), value)
            elif not is_length(key, value):
                out[key] = self._value(str(key), value)
        for key, value in entry.items():
            if key not in done and is_length(key, value):
                out[key] = self.length(str(key), value, span, new)
        if {"start_offset", "end_offset"} <= entry.keys() and not self.counts_letters(entry):
            raise UnmovableTimes("start_offset")  # counted in frames, of Wav2Vec2 and NeMo
        return out

    def _value(self, key: str, value: Any) -> Any:
        name = snake(key)
        timely = names_times(name)
        if isinstance(value, str):
            named = timely or name in ("from", "to", "in", "out", "tc_in", "tc_out")
            if (named and self.is_written(value)) or TRANSCRIPT.match(value):
                raise UnmovableTimes(key)
            return value
        if TABLES.search(name) and isinstance(value, list | tuple) and value:
            raise UnmovableTimes(key)
        if COUNTED.search(name) and holds_numbers(value):
            raise UnmovableTimes(key)
        if name in CHARACTERS or value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return self._mapping(key, value)
        if is_number(value):
            return self.moment(key, float(value), value) if timely else value
        if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            return self._items(key, value)
        if isinstance(value, list | tuple) and any(map(holds_mappings, value)):
            return type(value)(self._value(key, each) for each in value)
        if not isinstance(value, _CONTAINERS):
            return self._object(key, name, value)
        if isinstance(value, set | frozenset | deque) and value:
            if self.listed(name, sorted(value, key=repr)):
                raise UnmovableTimes(key)
            return value
        if not isinstance(value, list | tuple | np.ndarray):
            return value
        if (isinstance(value, np.ndarray) and value.ndim == 0) or not len(value):
            return value
        if isinstance(value, np.ndarray) and value.dtype.names:
            if timely or self.are_spans(value.ravel().tolist()):
                raise UnmovableTimes(key)
            return value
        for item in value if isinstance(value, list | tuple) else ():
            if not isinstance(item, _PLAIN):
                self._object(key, name, item)
        return self.row(key, value) if self.listed(name, value) else value

    def _object(self, key: str, name: str, value: Any) -> Any:
        """A tensor or an object of another library; one that holds times cannot be moved."""
        if hasattr(value, "__array__"):
            array = np.asarray(value)
            timely = names_times(name) and array.dtype.kind in "iufmM"
            if timely if array.ndim == 0 else self.listed(name, array):
                raise UnmovableTimes(key)
        elif not callable(value) and getattr(value, "__dict__", None):
            fields = dict(vars(value))
            try:
                moves = any(
                    new is not fields[k] for k, new in self._keys(fields, None, None).items()
                )
            except (Gone, UnmovableTimes):
                moves = True
            if moves:
                raise UnmovableTimes(key)
        return value

    def _mapping(self, key: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = [item for item in value.values() if isinstance(item, list | tuple)]
        if not spans_of(value) and len(rows) == len(value) and self.are_spans(rows):
            raise UnmovableTimes(key)
        try:
            return self._keys(value, None, None)
        except Gone:
            raise UnmovableTimes(key) from None
        except UnmovableTimes:
            raise UnmovableTimes(key) from None

    def _items(self, key: str, items: list[Any] | tuple[Any, ...]) -> Any:
        """Words, chunks or the like; those that are no longer spoken go."""
        kept: list[Any] = []
        if self.have_spans(items):
            raise UnmovableTimes(key)
        # Whole seconds may happen to be the places of a word: only where all are, they are meant.
        spans = [item for item in items if isinstance(item, Mapping) and any(spans_of(item))]
        letters = all(map(self.counts_letters, spans))
        for item in items:
            if not isinstance(item, Mapping) or (letters and self.counts_letters(item)):
                kept.append(item)
                continue
            try:
                if starts_alone(item):
                    raise UnmovableTimes(key)
                kept.append(self._keys(item, None, None))
            except Gone:
                continue
            except UnmovableTimes:
                raise UnmovableTimes(key) from None
        return type(items)(kept)
