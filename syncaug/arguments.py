"""What is given to a call beside the sample, as Python's own numbers and texts."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.errors import ArgumentError, SampleError
from syncaug.limits import LARGEST, RESULTS, WORKERS

__all__ = [
    "column_of",
    "key_of",
    "place_of",
    "results_of",
    "rows_of",
    "seed_of",
    "share_of",
    "whole_of",
    "workers_of",
]


def column_of(name: str, given: Iterable[Any] | None, count: int) -> list[Any]:
    """What runs beside the samples of a batch; None for each where nothing was given."""
    if given is None:
        return [None] * count
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise SampleError(
            name,
            what="argument",
            expected=f"{count} of them, one for each sample",
            came=f"{given!r}",
        )
    column = list(given)
    if len(column) != count:
        raise SampleError(
            name,
            what="argument",
            expected=f"{count} of them, one for each sample",
            came=f"{len(column)}",
        )
    return column


def rows_of(samples: Any) -> list[Any]:
    """The samples of a batch."""
    single = isinstance(samples, Mapping)
    if single or not isinstance(samples, Iterable):
        raise SampleError(
            "samples",
            what="argument",
            expected="a list of samples",
            came="one mapping" if single else f"{type(samples).__name__} {samples!r}",
            hint="Write [sample]." if single else "",
        )
    return list(samples)


def key_of(name: str, value: Any) -> str | int:
    """A key as Python's own text or integer, so that numpy's draw the same."""
    if isinstance(value, str) and value:
        return str(value)
    return whole_of(name, value, "a text or an integer")


def seed_of(value: Any) -> int:
    """A seed as Python's own integer, so that numpy's draw the same. Raises ArgumentError."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ArgumentError("seed", expected="an integer", came=f"{type(value).__name__} {value!r}")
    return operator.index(value)


def whole_of(
    name: str, value: Any, expected: str, least: float = -math.inf, most: float = math.inf
) -> int:
    """An integer as Python's own, so that numpy's integers draw the same."""
    if type(value) is not int:
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise SampleError(
                name, what="argument", expected=expected, came=f"{type(value).__name__} {value!r}"
            )
        try:
            value = operator.index(value)
        except (TypeError, ValueError):  # arrays have the method, and most are no integer
            came = f"{type(value).__name__} {value!r}"[:80]
            raise SampleError(name, what="argument", expected=expected, came=came) from None
    if value < least:
        raise SampleError(name, what="argument", expected=expected, came=f"{value}")
    if value > most:
        raise SampleError(name, what="argument", expected=expected, came=f"{value:,}")
    return value  # type: ignore[no-any-return]


def place_of(
    name: str, value: Any, expected: str = "an integer from 0 on", *, most: int = LARGEST
) -> int:
    """An epoch, a view or an attempt as Python's own integer, no later than records can hold."""
    number = whole_of(name, value, expected, least=0)
    if number > most:
        raise SampleError(
            name, what="argument", expected=f"an integer from 0 to {most}", came=f"{number}"
        )
    return number


def results_of(name: str, value: Any, what: str, least: int = 1) -> int:
    """How many results there are of one sample; no more than lie in memory together."""
    expected = f"{what}, an integer from {least} to {RESULTS:,}"
    return whole_of(name, value, expected, least=least, most=RESULTS)


def workers_of(name: str, value: Any, what: str, least: int = 1) -> int:
    """How many threads or processes work side by side; no more than a machine can start."""
    expected = f"{what}, an integer from {least} to {WORKERS:,}"
    return whole_of(name, value, expected, least=least, most=WORKERS)


def share_of(name: str, value: Any) -> float:
    """A number in 0..1. Raises ValueError for any other, TypeError for what is none."""
    if not hasattr(value, "__float__"):
        raise TypeError(f"{name}: expected a number from 0 to 1; got {type(value).__name__}")
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name}: expected a number from 0 to 1; got {value!r}")
    return float(value)
