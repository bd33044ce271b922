"""Where two values of a stream differ first: type, dtype, shape, or a place and what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_difference"]

_SHOWN = 60
"""Characters of a value that a message shows."""


def first_difference(expected: Any, came: Any) -> str:
    """The first difference in words, `expected ..., came ...`; empty where there is none.

    >>> first_difference({"rows": [1, 2]}, {"rows": [1, 3]})
    "at ['rows'][1]: expected 2, came 3"
    """
    return _difference(expected, came, "")


def _difference(one: Any, other: Any, place: str) -> str:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if list(one) != list(other):
            return _told(place, "entries", list(one), list(other))
        found = (_difference(one[name], other[name], f"{place}[{name!r}]") for name in one)
        return next((words for words in found if words), "")
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            return _told(place, "length", len(one), len(other))
        pairs = enumerate(zip(one, other, strict=True))
        found = (_difference(a, b, f"{place}[{index}]") for index, (a, b) in pairs)
        return next((words for words in found if words), "")
    first, second = _array(one), _array(other)
    if first is not None and second is not None:
        return _of_arrays(first, second, place)
    if type(one) is not type(other):
        return _told(place, "type", type(one).__name__, type(other).__name__)
    same = one == other or (one != one and other != other)
    return "" if same is True else _told(place, "", one, other)


def _array(value: Any) -> NDArray[Any] | None:
    """Arrays, and what becomes one without a copy of another meaning: tensors and pictures."""
    if isinstance(value, np.ndarray):
        return value
    return np.asarray(value) if hasattr(value, "__array_interface__") else None


def _of_arrays(one: NDArray[Any], other: NDArray[Any], place: str) -> str:
    if one.dtype != other.dtype:
        return _told(place, "dtype", one.dtype, other.dtype)
    if one.shape != other.shape:
        return _told(place, "shape", one.shape, other.shape)
    unlike = _unlike(one, other)
    count = int(unlike.sum())
    if not count:
        return ""
    at = np.unravel_index(int(np.argmax(unlike)), unlike.shape) if unlike.ndim else ()
    where = f"{place}{[int(index) for index in at]}" if at else place
    told = _told(where, "", one[at], other[at])
    apart = ""
    if one.dtype.kind in "biuf":
        least, most = one.astype(np.float64), other.astype(np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = f", by {np.nanmax(np.abs(least - most)[unlike], initial=0.0):.6g} at most"
    return f"{told} ({count:,} of {unlike.size:,} values differ{apart})"


def _unlike(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values differ in their bytes; -0.0 is not 0.0, and NaN is itself."""
    if one.dtype.hasobject or not one.dtype.itemsize:
        return np.array(one != other)
    shape = (*one.shape, one.dtype.itemsize)
    first, second = (
        np.ascontiguousarray(array).reshape(-1).view(np.uint8).reshape(shape)
        for array in (one, other)
    )
    return np.asarray((first != second).any(axis=-1))


def _told(place: str, what: str, expected: Any, came: Any) -> str:
    where = " ".join(part for part in (f"at {place}" if place else "", what) if part)
    told = f"expected {_shown(expected)}, came {_shown(came)}"
    return f"{where}: {told}" if where else told


def _shown(value: Any) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    text = plain if isinstance(plain, np.dtype) else repr(plain)
    return str(text) if len(str(text)) <= _SHOWN else f"{str(text)[:_SHOWN]}..."
