"""What changes in meaning between two plans: streams, steps, ranges, reach, and which draws stay.

A draw is placed by its address: while the address and the seed stay, a sample's random number
stays, whatever else the policy does. So a wider range moves a value, and a step that is added moves
no value of any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.plan.plan import Plan, Step

__all__ = ["Change", "Difference", "difference"]

Place = tuple[str, ...]
_Facts = Mapping[Place, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: where (steps, tint, with, hue), and what was there and is, None for nothing.

    The values are those of the plans' `as_json()`.
    """

    where: Place
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes between two plans.

    `draws` counts addresses of random numbers: those that `stay` with what is drawn, those that are
    `mapped` to other values by another range or distribution, `new` ones and those that are `gone`.
    With another seed all that stay are other numbers.
    """

    changes: tuple[Change, ...]
    draws: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same_seed: bool = True


def difference(old: Plan, new: Plan) -> Difference:
    """What changes in meaning from `old` to `new`; names of policies and descriptions do not."""
    changes = list(_changes(_facts(old), _facts(new)))
    before, after = _order(old), _order(new)
    common = set(before) & set(after)
    first, second = ([name for name in names if name in common] for names in (before, after))
    if first != second:
        changes.append(Change(("order",), first, second))
    return Difference(tuple(changes), _draws(old, new), old.seed == new.seed)


def _changes(old: _Facts, new: _Facts) -> Iterator[Change]:
    gone = [where for where in old if where not in new]
    for where in (*gone, *new):
        before, after = old.get(where), new.get(where)
        # A part of what is new or gone as a whole is no change of its own.
        wholes = (where[:length] for length in range(1, len(where)))
        if before != after and not any((whole in old) != (whole in new) for whole in wholes):
            yield Change(where, before, after)


def _facts(plan: Plan) -> _Facts:
    """Place in the policy -> what it says there, as plain data."""
    facts: dict[Place, Any] = {("seed",): plan.seed, ("fuse",): plan.fuse}
    facts["on_fail",] = plan.on_fail.as_json()
    if plan.ablation is not None:
        facts["ablation",] = plan.ablation.as_json()
    for stream in plan.streams:
        facts["sample", stream.name] = stream.modality
        options = {"optional": stream.optional, **stream.spaces, **stream.options}
        facts |= {("sample", stream.name, key): value for key, value in options.items()}
    facts |= {("untouched", name): "untouched" for name in plan.untouched}
    for variable in plan.variables:
        facts["draw", variable.name] = variable.value.as_json()
    for step, choice in _walk(plan.steps, ""):
        facts |= _of_step(step, choice)
    for key, check in plan.keyed_checks():
        facts["checks", key] = check.name
        facts |= {("checks", key, name): value for name, value in check.options.items()}
    return facts


def _of_step(step: Step, choice: str) -> _Facts:
    where = ("steps", step.name)
    facts: dict[Place, Any] = {
        where: step.transform or step.kind,
        (*where, "inside"): choice,
        (*where, "p"): step.gate.as_json(),
        (*where, "when"): [condition.as_json() for condition in step.conditions],
        (*where, "weight"): step.weight,
        (*where, "sync"): step.sync.as_json(),
        (*where, "partner"): step.partner,
    }
    if step.count is not None:
        facts[*where, "count"] = step.count.as_json()
    for variable in step.variables:
        facts[*where, "draw", variable.name] = variable.value.as_json()
    for name, value in step.parameters.items():
        facts[*where, "with", name] = value.as_json()
    numbers: dict[str, int] = {}
    for call in step.calls:
        number = numbers.get(call.stream, 0)
        numbers[call.stream] = number + 1
        place = (*where, "apply", call.stream + (f"[{number}]" if number else ""))
        facts[place] = call.operation or (f"follows {call.leader}" if call.leader else "keep")
        facts |= {(*place, name): value.as_json() for name, value in call.parameters.items()}
    facts |= {(*where, "reaches", name): list(kinds) for name, kinds in step.streams.items()}
    return facts


def _walk(steps: Iterable[Step], choice: str) -> Iterator[tuple[Step, str]]:
    for step in steps:
        yield step, choice
        yield from _walk(step.steps, step.name)


def _order(plan: Plan) -> list[str]:
    return [step.name for step in plan.walk()]


def _draws(old: Plan, new: Plan) -> Mapping[str, tuple[str, ...]]:
    before, after = dict(_drawn(_facts(old).values())), dict(_drawn(_facts(new).values()))
    both = [address for address in after if address in before]
    return {
        "stay": tuple(address for address in both if before[address] == after[address]),
        "mapped": tuple(address for address in both if before[address] != after[address]),
        "new": tuple(address for address in after if address not in before),
        "gone": tuple(address for address in before if address not in after),
    }


def _drawn(facts: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The address of every number that is drawn, and its distribution."""
    for fact in facts:
        if isinstance(fact, Mapping):
            if "draw" in fact and "address" in fact:
                yield str(fact["address"]), fact["draw"]
            yield from _drawn(fact.values())
        elif isinstance(fact, list):
            yield from _drawn(fact)
