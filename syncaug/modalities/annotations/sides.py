"""Sides of rows and classes: what `sides:` of a stream makes of them in a mirror."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

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
            return _BY_NAME if rule == "swap" else _KEPT
        pairs = [pair for one, other in rule["swap"] for pair in ((one, other), (other, one))]
        return Sides(False, dict(pairs))

    @property
    def swaps(self) -> bool:
        """Whether anything trades places."""
        return self.by_name or bool(self.pairs)

    def other(self, value: Any) -> Any:
        """The value of the other side; one of neither side stays as it is.

        What lies in a list, a tuple or a mapping's values is looked at as well, and bytes are read.
        """
        if isinstance(value, list | tuple):
            others = (self.other(each) for each in value)
            return type(value)(*others) if hasattr(value, "_fields") else type(value)(others)
        if isinstance(value, Mapping):
            return {key: self.other(each) for key, each in value.items()}
        if isinstance(value, bytes):
            return _encoded(self.other(_decoded(value)), value)
        if isinstance(value, bool | np.bool_):
            return value
        if self.by_name:
            if not isinstance(value, str):
                return value
            from syncaug.body_sides import swapped_name

            return swapped_name(str(value))
        if isinstance(value, str | int | np.integer):
            other = self.pairs.get(value, value)
            return type(value)(other) if isinstance(value, np.integer) else other
        if isinstance(value, float | np.floating) and float(value).is_integer():
            return type(value)(self.pairs.get(int(value), value))
        return value

    def swapped(self, values: Any) -> Any:
        """A list, tuple or array of values, each of the other side, in the same form."""
        if not isinstance(values, np.ndarray):
            return type(values)(self.other(value) for value in values)
        if values.dtype.names:
            columns = {name: self.swapped(values[name]) for name in values.dtype.names}
            out = np.empty(values.shape, [(name, column.dtype) for name, column in columns.items()])
            for name, column in columns.items():
                out[name] = column
            return out
        flat = [self.other(value) for value in values.ravel()]
        if values.dtype.kind == "O":
            out = np.empty(len(flat), dtype=object)
            out[:] = flat
        elif values.dtype.kind in "US":
            made = np.array(flat, dtype=values.dtype.kind)
            out = made.astype(np.result_type(made, values))
        else:
            out = np.array(flat, dtype=values.dtype)
        return out.reshape(values.shape)


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _encoded(value: str, like: bytes) -> bytes:
    return type(like)(value.encode("utf-8", "surrogateescape"))


_PLAIN, _NUMBERS = {str}, {int, float, bool}
_NESTED = (list, tuple, np.ndarray, Mapping)
_BY_NAME, _KEPT = Sides(True, {}), Sides(False, {})


def texts_of(values: Any) -> Iterable[str]:
    """The texts in a list, tuple, array or mapping's values, however deep; bytes are read.

    The same text may be told once or several times.
    """
    if type(values) is list and set(map(type, values)) == _PLAIN:  # as nearly all are
        return dict.fromkeys(values)
    return _texts_of(values)


def _texts_of(values: Any) -> Iterator[str]:
    if isinstance(values, np.ndarray):
        values = values.ravel().tolist() if values.dtype.kind in "USOV" else ()
    elif not isinstance(values, list) and isinstance(values, Mapping):
        values = values.values()
    kinds = set(map(type, values))
    if kinds == _PLAIN:
        values = dict.fromkeys(values)
    elif kinds <= _NUMBERS:
        return
    for value in values:
        if isinstance(value, str):
            yield str(value)
        elif isinstance(value, bytes):
            yield _decoded(value)
        elif isinstance(value, _NESTED):
            yield from _texts_of(value)


def sides_message(names: Iterable[str], advice: str) -> str:
    """The warning about names of sides of which nothing is decided; empty without such names."""
    from syncaug.body_sides import sided

    found = sided(names)
    if not found:
        return ""
    return f"{found!r} names a side, and a step of this policy mirrors; {advice}"
