"""Numbers that fit and mean something else than people of other tools expect: chances and units."""

from __future__ import annotations

import math
from collections.abc import Mapping

from syncaug.catalogue.transforms import transform
from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.values import Scope
from syncaug.plan.plan import Plan, Step
from syncaug.values.distributions import Bernoulli
from syncaug.values.interval import hull
from syncaug.values.value import Constant, Drawn, Value

__all__ = ["warn_of_chances", "warn_of_shares", "warn_of_units"]

_UNITS: Mapping[str, Mapping[str, str]] = {
    "depth": {"unit": "metres for one stored unit"},
    "joints": {"unit": "metres for one unit"},
    "disparity": {"step": "pixels for one stored unit"},
}
"""Modality -> its keys that say how much one unit is, with what they say."""
_KILOHERTZ = (8, 11, 12, 16, 22, 24, 32, 44, 48, 88, 96, 176, 192)
"""Usual rates of sound in kilohertz, which as numbers of samples a second are none."""
_IN_FULL = {11: 11025, 22: 22050, 44: 44100, 88: 88200, 176: 176400}
_MANY = 10.0
"""So many metres or pixels no unit has: it is how many units there are in one."""


def warn_of_units(plan: Plan, complaints: Complaints) -> None:
    """Warn of a unit that is probably how many stored units make one metre or pixel."""
    for stream in plan.streams:
        rate = stream.options.get("sample_rate")
        if stream.modality == "audio" and rate in _KILOHERTZ:
            complaints.add(
                "SA612",
                ("sample", stream.name, "sample_rate"),
                f"sample_rate: {rate} is in samples a second",
                hint=f"for {rate} kHz write {_IN_FULL.get(rate, rate * 1000)}",
                severity="warning",
            )
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


def warn_of_shares(step: Step, path: Path, scope: Scope, complaints: Complaints) -> None:
    """Warn of shares of a clock that are more than all of it."""
    if step.parameters.get("unit") != Constant("share"):
        return
    for name, parameter in transform(step.transform).parameters.items():
        value = step.parameters.get(name)
        if parameter.unit != "time" or value is None:
            continue
        most = hull(value.interval(scope)).high
        if most > 1.0:
            complaints.add(
                "SA612",
                (*path, "with", name),
                f"{name} up to {most:g} is more than the whole clock, which is 1",
                hint="for percent divide by 100; for seconds write unit: second",
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
