"""Tabular numbers: what is known of the whole sample; no map changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.modalities.carrier import Carrier, describe

__all__ = ["TabularCarrier"]


class TabularCarrier(Carrier):
    """Numbers in a list, an array or a mapping by name, handed on as they came.

    A missing number is NaN or None.
    """

    __slots__ = ()

    def read(self, value: Any) -> Any:
        columns = tuple(self.stream.options.get("columns") or ())
        names = f": {', '.join(columns)}" if columns else ""
        expected = f"{len(columns) or 'one or more'} numbers{names}"
        if isinstance(value, Mapping):
            missing = [name for name in columns if name not in value]
            if missing:
                raise self.fail(expected, f"a mapping without {missing[0]!r}")
            numbers = [value[name] for name in columns or value]
        elif isinstance(value, list | tuple | np.ndarray) and np.ndim(value) == 1:
            numbers = list(value)
        else:
            raise self.fail(expected, describe(value))
        if columns and len(numbers) != len(columns):
            raise self.fail(expected, f"{len(numbers)}")
        for number in numbers:
            if number is not None and not isinstance(number, bool | int | float | np.generic):
                raise self.fail(expected, describe(number))
        return value
