"""The least that a parameter of a step can be, whatever is drawn."""

from __future__ import annotations

import math

from syncaug.plan.plan import Plan
from syncaug.values.interval import Interval, Support, hull

__all__ = ["least"]

_SETTINGS = ("severity", "progress")
"""Variables from 0 to 1 that the caller sets."""


def least(plan: Plan, step: str, parameter: str) -> float:
    """The lower bound of a number; minus infinity where there is none, or no such parameter."""
    found = (one.parameters for one in plan.walk() if one.name == step)
    value = next(found, {}).get(parameter)
    if value is None:
        return -math.inf
    known: dict[str, Support] = {name: Interval(0.0, 1.0) for name in _SETTINGS}
    try:
        for variable in plan.variables:
            known[variable.name] = variable.value.interval(known)
        return hull(value.interval(known)).low
    except (KeyError, ValueError):  # what follows something that has no bounds
        return -math.inf
