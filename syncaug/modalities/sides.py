"""Sides of rows and classes: what `sides:` of a stream makes of them in a mirror."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from syncaug.words.body_sides import sided, swapped_name

__all__ = ["Sides", "sides_message", "texts_of"]


@dataclass(frozen=True, slots=True)
class Sides:
    """What trades places: all names that name a side, or declared pairs of names or numbers."""

    by_name: bool
    pairs: Mapping[Any, Any]

    @staticmethod
    def of(options: Mapping[str, Any], default: str = "keep") -> Sides:
        """The rule that a stream's options give; the default where they say nothing."""
        rule = options.get("sides", default)
        if isinstance(rule, str):
            return Sides(rule == "swap", {})
        pairs = [pair for one, other in rule["swap"] for pair in ((one, other), (other, one))]
        return Sides(False, dict(pairs))

    @property
    def swaps(self) -> bool:
        """Whether anything trades places."""
        return self.by_name or bool(self.pairs)

    def other(self, value: Any) -> Any:
        """The value of the other side; one of neither side stays as it is."""
        if isinstance(value, bool | np.bool_):
            return value
        if self.by_name:
            return swapped_name(str(value)) if isinstance(value, str) else value
        if isinstance(value, str | int | np.integer):
            other = self.pairs.get(value, value)
            return type(value)(other) if isinstance(value, np.integer) else other
        return value

    def swapped(self, values: Any) -> Any:
        """A list, tuple or array of values, each of the other side, in the same form."""
        entries = [self.other(value) for value in values]
        if not isinstance(values, np.ndarray):
            return type(values)(entries)
        if values.dtype.kind == "O" or values.ndim != 1:
            out = values.copy()
            if values.ndim == 1:
                out[:] = entries
            return out
        if values.dtype.kind == "U":
            return np.array(entries, dtype=np.result_type(np.array(entries, dtype="U"), values))
        return np.array(entries, dtype=values.dtype)


def texts_of(values: Any) -> Iterable[str]:
    """The entries of a list or array that are texts."""
    if isinstance(values, np.ndarray) and values.dtype.kind not in "UO":
        return ()
    return (str(value) for value in values if isinstance(value, str))


def sides_message(names: Iterable[str], advice: str) -> str:
    """The warning about names of sides of which nothing is decided; empty without such names."""
    found = sided(names)
    if not found:
        return ""
    return f"{found!r} names a side, and a step of this policy mirrors; {advice}"
