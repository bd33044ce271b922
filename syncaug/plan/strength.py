"""Strength: a draw carried out more weakly, its parameters moved towards what changes nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.transforms import transform
from syncaug.plan.plan import Plan, Step

__all__ = ["Neutral", "neutrals", "shrinks", "weakened"]

Neutral = tuple[float, str]
"""The value of a parameter that changes nothing, and the scale on which others approach it."""


def neutrals(step: Step) -> dict[str, Neutral]:
    """For each parameter of a step's transform that can be weakened, its neutral value."""
    if not step.transform:
        return {}
    return {
        name: (parameter.neutral, parameter.scale)
        for name, parameter in transform(step.transform).parameters.items()
        if parameter.neutral is not None and name in step.parameters
    }


def shrinks(plan: Plan) -> bool:
    """Whether any step of the plan can be weakened."""
    return any(neutrals(step) for step in plan.walk())


def weakened(
    values: Mapping[str, Any], neutral: Mapping[str, Neutral], strength: float
) -> dict[str, Any]:
    """The values at a share of their strength; what has no neutral value stays as it is.

    On a linear scale the distance from neutral shrinks, on a logarithmic one its logarithm, on
    the scale of decibels the amplitude.
    """
    return {
        name: _weaker(value, *neutral[name], strength) if name in neutral else value
        for name, value in values.items()
    }


def _weaker(value: Any, neutral: float, scale: str, strength: float) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    if scale == "decibel":
        return min(neutral, value - 20.0 * math.log10(strength))
    if scale == "log":
        return neutral * (value / neutral) ** strength
    weaker = neutral + (value - neutral) * strength
    return round(weaker) if isinstance(value, int) and isinstance(neutral, int) else weaker
