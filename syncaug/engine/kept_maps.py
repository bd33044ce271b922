"""Kept maps: a step of constants gives the same maps for every picture of one size.

Mirrors, resizes and fixed turns draw nothing but whether they happen. Their maps are made for the
first picture of a size, and are the very same for the next: maps are values that nobody changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.engine.state import State
from syncaug.engine.view import Reach, StepView
from syncaug.maps.plane import Size
from syncaug.plan.plan import Plan, Step
from syncaug.transforms import maps_of
from syncaug.transforms.view import Maps
from syncaug.values.value import Constant

__all__ = ["Keeper", "keeper_of"]

_BY_SIZE = frozenset({"flip", "rotate", "scale", "translate", "resize", "light", "colour"})
"""Transforms that ask for nothing but the planes, their sizes, and their cameras and bodies."""
_ASKED = frozenset({"camera", "imu", "joints", "messages"})
"""Modalities that are cameras and bodies, or know of sizes of their own."""
_SIZES = 64
"""How many sizes of pictures have their maps kept, for each step."""

Keeper = Callable[[Mapping[str, Any], State, Reach], Maps]


def keeper_of(step: Step, plan: Plan) -> Keeper | None:
    """What gives the maps of a step of constants; None of a step whose maps are made anew."""
    constants: dict[str, Any] = {}
    for name, value in dict(step.parameters).items():
        if not isinstance(value, Constant):
            return None
        constants[name] = value.value
    if step.transform not in _BY_SIZE or not _ASKED.isdisjoint(plan.index.modalities):
        return None
    maps = maps_of(step.transform)
    kept: dict[tuple[str, Size], Maps] = {}

    def keep(parameters: Mapping[str, Any], state: State, reach: Reach) -> Maps:
        totals = state.totals
        if len(totals) != 1 or parameters != constants:  # as of streams that stray, or draw weaker
            return maps(parameters, StepView(state, reach))
        ((plane, total),) = totals.items()
        if state.references.get(plane) not in reach.modalities:  # they have a size of their own
            return maps(parameters, StepView(state, reach))
        found = kept.get((plane, total[2]))
        if found is None:
            found = maps(parameters, StepView(state, reach))
            if len(kept) < _SIZES:
                kept[plane, total[2]] = found
        return found

    return keep
