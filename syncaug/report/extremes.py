"""Extremes: each step of a policy alone, at both ends of its ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from syncaug.plan.plan import Plan, Step, Variable
from syncaug.values.interval import Interval, Support
from syncaug.values.value import Drawn, Value

__all__ = ["ENDS", "extremes"]

ENDS = ("low end", "high end")

_SPREAD = 2.0
"""How many standard deviations from its mean the end of an unbounded normal distribution is."""
_FULL: Mapping[str, Support] = {
    "severity": Interval(1.0, 1.0),
    "progress": Interval(1.0, 1.0),
    "epoch": Interval(0.0, 0.0),
}
"""Where bounds that follow the policy's own variables are looked at."""
_KEPT = ("syncaug", "sample", "untouched", "seed")


def extremes(plan: Plan, policy: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """For each step of a plan and its policy: the step's name, the end, and a policy of it alone.

    What the step, its variables and the policy's draw stands at its low or high end; defaults stay
    drawn, and ranges that follow severity or progress are those of 1. The step always happens; its
    conditions and the checks are left out. A step in which nothing is drawn comes once, with no
    name of an end.
    """
    for raw, around in _steps(policy.get("steps", ()), ()):
        step = next(step for step in plan.walk() if step.name == raw["name"])
        outer = [one for one in plan.walk() if one.name in around]
        made = [_alone(plan, policy, raw, step, outer, end) for end in range(len(ENDS))]
        if made[0] == made[1]:
            yield step.name, "", made[0]
            continue
        for name, alone in zip(ENDS, made, strict=True):
            yield step.name, name, alone


def _alone(
    plan: Plan,
    policy: Mapping[str, Any],
    raw: Mapping[str, Any],
    step: Step,
    outer: Iterable[Step],
    end: int,
) -> dict[str, Any]:
    one = {key: deepcopy(raw[key]) for key in ("name", "uses", "with", "apply") if key in raw}
    given = one.get("with", {})
    given |= {name: _at(step.parameters[name], value, end)
              for name, value in given.items() if name in step.parameters}  # fmt: skip
    numbers: dict[str, int] = {}
    for call in step.calls:
        number = numbers.get(call.stream, 0)
        numbers[call.stream] = number + 1
        there = one["apply"][call.stream]
        there = there[number] if isinstance(there, list) else there
        if isinstance(there, dict):
            there |= {name: _at(call.parameters[name], value, end)
                      for name, value in there.items() if name in call.parameters}  # fmt: skip
    words = _named(one)
    variables = [variable for each in (*outer, step) for variable in each.variables]
    one["draw"] = _variables((each for each in variables if each.name in words), end)
    shared = (each for each in plan.variables if each.name in words)
    kept = {key: deepcopy(policy[key]) for key in _KEPT if key in policy}
    return {
        **kept,
        "name": f"{plan.name or 'policy'}: {step.name}",
        "draw": _variables(shared, end),
        "steps": [one],
    }


def _steps(
    raw: Any, around: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Every step that does something itself, and the names of the choices around it."""
    for step in raw:
        inner = step.get("one_of", step.get("some_of"))
        if inner is None:
            yield step, around
        else:
            steps = inner["steps"] if isinstance(inner, Mapping) else inner
            yield from _steps(steps, (*around, step["name"]))


def _named(data: Any) -> set[str]:
    """All words of some data: those of formulas, too."""
    if isinstance(data, Mapping):
        return {word for key, value in data.items() for word in (str(key), *_named(value))}
    if isinstance(data, list):
        return {word for value in data for word in _named(value)}
    spaced = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in str(data))
    return {str(data), *spaced.split()}


def _variables(variables: Iterable[Variable], end: int) -> dict[str, Any]:
    return {one.name: {"constant": _end_of(one.value, end)} for one in variables}


def _at(value: Value, raw: Any, end: int) -> Any:
    """What to write for a value that is drawn, at one of its ends; else what is written."""
    found = _end_of(value, end)
    return raw if found is None else found


def _end_of(value: Value, end: int) -> Any:
    """One end of all that is drawn at full strength; None for what follows a drawn variable."""
    if not isinstance(value, Drawn):
        return getattr(value, "value", None)
    if not value.variables <= set(_FULL):
        return None
    support = value.interval(_FULL)
    if not isinstance(support, Interval):
        numbers = all(isinstance(one, int | float) for one in support)
        return (min, max)[end](support) if numbers else tuple(support)[-end]
    bound = (support.low, support.high)[end]
    if abs(bound) == float("inf"):
        normal = value.distribution.as_json()["normal"]
        return normal["mean"] + (-_SPREAD, _SPREAD)[end] * normal["std"]
    return int(bound) if "integers" in value.distribution.as_json() else bound
