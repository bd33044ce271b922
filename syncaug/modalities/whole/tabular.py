"""Tabular numbers: what is known of the whole sample; no map changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mix import Mix
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.pairs import note_mix, require_equal
from syncaug.plan.plan import Stream

__all__ = ["TabularCarrier"]


_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


@dataclass(frozen=True, slots=True)
class TabularRules:
    """The declared `columns`; without any, what a sample holds."""

    columns: tuple[str, ...]


class TabularCarrier(Carrier):
    """Numbers in a list, an array or a mapping by name, handed on as they came.

    A missing number is NaN or None.
    """

    __slots__ = ()
    rules: TabularRules

    @classmethod
    def rules_of(cls, stream: Stream) -> TabularRules:
        return TabularRules(tuple(stream.options.get("columns") or ()))

    def read(self, value: Any) -> Any:
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
        return value

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Weight the numbers against the partner's; what either lacks is missing.

        Whole numbers become floats. A mapping keeps what is no column.
        """
        note_mix(self.notes, mix)
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

    def _names(self, value: Any) -> list[Any]:
        return list(self.rules.columns) or list(
            value if isinstance(value, Mapping) else range(len(value))
        )


def _numbers(value: Any, names: list[Any]) -> NDArray[np.float64]:
    """Numbers in the order of their names; NaN where one is missing."""
    numbers = [value[name] for name in names] if isinstance(value, Mapping) else value
    return np.array([np.nan if n is None else float(n) for n in numbers])
