"""Numbers that fit and mean something else than people of other tools expect: chances and units."""

from __future__ import annotations

import math
from collections.abc import Mapping

from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Plan, Step
from syncaug.values.distributions import Bernoulli
from syncaug.values.value import Drawn, Value

__all__ = ["warn_of_chances", "warn_of_units"]

_UNITS: Mapping[str, Mapping[str, str]] = {
    "depth": {"unit": "metres for one stored unit"},
    "joints": {"unit": "metres for one unit"},
    "disparity": {"step": "pixels for one stored unit"},
}
"""Modality -> its keys that say how much one unit is, with what they say."""
_MANY = 10.0
"""So many metres or pixels no unit has: it is how many units there are in one."""


def warn_of_units(plan: Plan, complaints: Complaints) -> None:
    """Warn of a unit that is probably how many stored units make one metre or pixel."""
    for stream in plan.streams:
        for key, says in _UNITS.get(stream.modality, {}).items():
            unit = stream.options.get(key, 0.0)
            if isinstance(unit, int | float) and unit >= _MANY:
                complaints.add(
                    "SA612",
                    ("sample", stream.name, key),
                    f"{key}: {unit:g} is {says}",
                    hint=f"for {unit:g} in one write {1.0 / unit:.6g}",
                    severity="warning",
                )


def warn_of_chances(step: Step, path: Path, complaints: Complaints) -> None:
    """Warn of a choice whose steps have chances that add up to 1: shares of the choice.

    albumentations' OneOf takes them so; here `p` is asked after the choice.
    """
    chances = [chance for inner in step.steps if (chance := _chance(inner.gate)) is not None]
    if step.kind != "one_of" or len(chances) < max(len(step.steps), 2):
        return
    total = math.fsum(chances)
    unlike = any(inner.weight != 1.0 for inner in step.steps)
    if math.isclose(total, 1.0, abs_tol=0.011) and max(chances) < 1.0 and not unlike:
        shown = ", ".join(f"{chance:g}" for chance in chances)
        complaints.add(
            "SA612",
            (*path, "one_of"),
            f"p: {shown} is asked after the choice, which takes each step alike: often nothing is "
            "done",
            hint="for shares of the choice write weight: in the place of p:",
            severity="warning",
        )


def _chance(gate: Value) -> float | None:
    """The chance of a step that a policy gives as a number below 1; None without one."""
    drawn = gate.distribution if isinstance(gate, Drawn) else None
    chance = drawn.p if isinstance(drawn, Bernoulli) else None
    return float(chance) if isinstance(chance, int | float) else None
