"""Tabular numbers: what is known of the whole sample, or of each of its rows; no map changes them.

In a group of rows (`rows: NAME`) the stream has an entry for each row: a number, a list or a
mapping of numbers, or None. They are handed out as they came, and join the partner's in a mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mix import Mix
from syncaug.modalities.annotations.rows import Bools, Numbers
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.pairs import joined, note_mix, require_equal
from syncaug.plan.plan import Stream

__all__ = ["TabularCarrier"]


_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


@dataclass(frozen=True, slots=True)
class TabularRules:
    """The declared `columns`; without any, what a sample holds. `rowed`: of each row of a group."""

    columns: tuple[str, ...]
    rowed: bool = False


class TabularCarrier(Carrier):
    """Numbers in a list, an array or a mapping by name, handed on as they came.

    A missing number is NaN or None.
    """

    __slots__ = ()
    rules: TabularRules

    @classmethod
    def rules_of(cls, stream: Stream) -> TabularRules:
        return TabularRules(tuple(stream.options.get("columns") or ()), bool(stream.rows))

    def read(self, value: Any) -> Any:
        if not self.rules.rowed:
            self._require_numbers(value)
            return value
        bare = isinstance(value, np.ndarray) and value.ndim == 0
        if bare or not isinstance(value, list | tuple | np.ndarray):
            raise self.fail("a list or an array with an entry for each row", describe(value))
        for row in value:
            if row is not None:
                single = isinstance(row, _NUMBERS) and not isinstance(row, np.timedelta64)
                self._require_numbers([row] if single else row)
        return value

    def _require_numbers(self, value: Any) -> None:
        """Raise SampleError unless a value holds the numbers that are declared."""
        columns = self.rules.columns
        names = f": {', '.join(columns)}" if columns else ""
        expected = f"{len(columns) or 'one or more'} numbers{names}"
        if isinstance(value, Mapping):
            missing = [name for name in columns if name not in value]
            if missing:
                raise self.fail(expected, f"a mapping without {missing[0]!r}")
            numbers = [value[name] for name in columns or value]
        elif isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1):
            numbers = list(value)
        else:
            raise self.fail(expected, describe(value))
        if columns and len(numbers) != len(columns):
            raise self.fail(expected, f"{len(numbers)}")
        for number in numbers:
            fits = isinstance(number, _NUMBERS) and not isinstance(number, np.timedelta64)
            if number is not None and not fits:
                raise self.fail(expected, describe(number), "A missing number is NaN or None.")

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Weight the numbers against the partner's; what either lacks is missing.

        Whole numbers become floats. A mapping keeps what is no column.
        """
        note_mix(self.notes, mix)
        if self.rules.rowed:
            self.add_rows(partner)
            return
        names = self._names(self.data)
        require_equal(self.stream.name, "columns", names, self._names(partner.data))
        own, other = _numbers(self.data, names), _numbers(partner.data, names)
        mixed = own * (1.0 - mix.weight) + other * mix.weight
        if isinstance(self.data, np.ndarray):
            floats = self.data.dtype.kind == "f"
            self.data = mixed.astype(self.data.dtype) if floats else mixed
            return
        numbers = [None if number != number else number for number in mixed.tolist()]
        if isinstance(self.data, Mapping):
            self.data = {**self.data, **dict(zip(names, numbers, strict=True))}
        else:
            self.data = type(self.data)(numbers)

    # Rows of a group

    def row_count(self) -> int:
        return len(self.data)

    def alive_rows(self) -> Bools:
        return np.ones(len(self.data), dtype=bool)

    def add_rows(self, partner: Carrier) -> None:
        own, theirs = self.data, partner.data
        if isinstance(own, np.ndarray) and np.shape(own)[1:] != np.shape(theirs)[1:]:
            if len(own) and len(theirs):
                own_shape, other = np.shape(own)[1:], np.shape(theirs)[1:]
                require_equal(self.stream.name, "rows of the shape", own_shape, other)
            own = own if len(own) else np.empty((0, *np.shape(theirs)[1:]), own.dtype)
        self.data = joined(own, theirs)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        return {self.stream.name: plural_key(self.data, kept)}

    def _names(self, value: Any) -> list[Any]:
        return list(self.rules.columns) or list(
            value if isinstance(value, Mapping) else range(len(value))
        )


def _numbers(value: Any, names: list[Any]) -> NDArray[np.float64]:
    """Numbers in the order of their names; NaN where one is missing."""
    numbers = [value[name] for name in names] if isinstance(value, Mapping) else value
    return np.array([np.nan if n is None else float(n) for n in numbers])
