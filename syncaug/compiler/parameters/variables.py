"""Variables: what `draw:` declares, and the ones that every policy has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.values import compile_distribution
from syncaug.plan.plan import Variable
from syncaug.values.distributions import Constant as ConstantDistribution
from syncaug.values.interval import Interval, Support, UnboundedError
from syncaug.values.value import Drawn, Value

__all__ = ["RESERVED", "declare", "of_steps"]

RESERVED: Mapping[str, Support] = {
    "severity": Interval(0.0, 1.0),
    "progress": Interval(0.0, 1.0),
    "epoch": Interval(0.0, float("inf")),
}
"""Variables that every policy has: the strength asked for, the training's progress, the epoch."""


def of_steps(steps: Any) -> dict[str, str]:
    """The variables that single steps declare, however deep in choices, each with its step."""
    out: dict[str, str] = {}
    for step in steps:
        out |= dict.fromkeys(step.get("draw") or (), str(step.get("name")))
        for inner in (step.get("one_of"), step.get("some_of")):
            inside = inner.get("steps", ()) if isinstance(inner, Mapping) else inner
            out |= of_steps(inside or ())
    return out


def declare(
    draw: Mapping[str, Any],
    scope: dict[str, Support],
    step: str,
    path: Path,
    complaints: Complaints,
) -> tuple[Variable, ...]:
    """The variables of one `draw:`, each added to `scope` with all that it can be."""
    variables: list[Variable] = []
    reserved = dict(RESERVED)
    for name, raw in draw.items():
        if name in RESERVED:
            complaints.add(
                "SA408",
                (*path, name),
                f"{name!r} is given to every policy and cannot be drawn",
                hint="choose another name",
                key=True,
            )
            scope.pop(name, None)
            complaints.leave_out(name)
            continue
        distribution = compile_distribution(
            raw, reserved, (*path, name), complaints, drawn={*draw, *scope}
        )
        if distribution is None:
            complaints.leave_out(name)
            continue
        address = f"{step}.draw.{name}" if step else name
        value: Value = (
            distribution
            if isinstance(distribution, ConstantDistribution)
            else Drawn(distribution, address)
        )
        try:
            scope[name] = value.interval(reserved)
        except UnboundedError as error:
            complaints.add("SA405", (*path, name), str(error))
            complaints.leave_out(name)
            continue
        variables.append(Variable(name, address, value))
    return tuple(variables)
