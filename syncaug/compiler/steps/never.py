"""Conditions that no draw and no sample meets: a misspelt value, a bound beyond all draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.policy.slips import as_expected
from syncaug.policy.suggest import suggest
from syncaug.values.interval import Interval, Support

__all__ = ["warn_of_absence", "warn_of_never"]

_EQUAL = ("is", "not", "in")
_MANY = 16
"""Up to so many values are listed."""


def warn_of_absence(name: str, path: Path, complaints: Complaints) -> None:
    """Warn of a step that waits for samples without a stream that each sample must have."""
    _warn(
        complaints,
        (*path, "absent"),
        f"no sample lacks {name!r}, and the step is never taken",
        hint=f"declare optional: true of {name!r} if samples may lack it",
    )


def warn_of_never(
    item: Mapping[str, Any], support: Support, path: Path, complaints: Complaints
) -> None:
    """Warn of what a condition asks and its variable never is; `support` is all that it can be."""
    name = item["var"]
    for test in _EQUAL:
        asked = item.get(test, ()) if test == "in" else [item[test]] if test in item else ()
        for place, value in enumerate(asked):
            if not _can_be(value, support):
                where = (*path, test, place) if test == "in" else (*path, test)
                never = f"{name!r} is never {_shown(value)}"
                _warn(complaints, where, never, expected=_all(support), hint=_near(value, support))
    bounds = [test for test in ("above", "below") if test in item]
    if not bounds or _has_between(support, item):
        return
    asked = " and ".join(f"{test} {item[test]:g}" for test in bounds)
    message = f"{name!r} is never {asked}"
    _warn(complaints, (*path, bounds[0]), message, expected=_all(support))


def _warn(
    complaints: Complaints, path: Path, message: str, *, expected: str = "", hint: str = ""
) -> None:
    complaints.add("SA624", path, message, expected=expected, hint=hint, severity="warning")


def _can_be(value: Any, support: Support) -> bool:
    if not isinstance(support, Interval):
        return any(value == one for one in support)
    return isinstance(value, int | float) and support.contains(value)


def _has_between(support: Support, item: Mapping[str, Any]) -> bool:
    """Whether a variable can lie above and below what is asked; both bounds are left out."""
    above, below = item.get("above", -math.inf), item.get("below", math.inf)
    if not isinstance(support, Interval):
        numbers = [one for one in support if isinstance(one, int | float)]
        return len(numbers) < len(support) or any(above < one < below for one in numbers)
    if support.is_point:
        return bool(above < support.low < below)
    return bool(above < support.high and support.low < below and above < below)


def _all(support: Support) -> str:
    """All that a variable can be, in words."""
    if isinstance(support, Interval):
        if math.isinf(support.high):
            return f"a number from {support.low:g} on"
        return f"a number from {support.low:g} to {support.high:g}"
    words = (one if isinstance(one, str) else _shown(one) for one in support)
    return f"one of {', '.join(words)}" if len(support) <= _MANY else ""


def _near(value: Any, support: Support) -> str:
    """What was meant by a value, as a hint."""
    words: Sequence[Any] = () if isinstance(support, Interval) else support
    truth = as_expected(value, "true or false")
    if truth and set(words) <= {True, False}:
        return truth
    same = next((one for one in words if str(one).lower() == str(value).lower()), None)
    if same is not None:
        return f"write {_shown(same)}"
    return suggest(value, [one for one in words if isinstance(one, str)])


def _shown(value: Any) -> str:
    """A value as a policy writes it: a word that is no number without quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else repr(value)
