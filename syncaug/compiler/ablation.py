"""The arm of an ablation that a policy is: `ablation:` as the plan holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.plan.ablation import ALONE, JITTERED, Ablation, units_of
from syncaug.plan.step import Step

__all__ = ["compile_ablation"]

_AMOUNT = 0.1


def compile_ablation(raw: Any, steps: Sequence[Step], declared: Declared) -> Ablation | None:
    """The arm, or None where the policy is none."""
    if raw is None:
        return None
    path: Path = ("ablation",)
    tied: list[Sequence[str]] = []
    for index, names in enumerate(raw.get("together", ())):
        where = (*path, "together", index)
        known = [declared.known(name, (*where, at)) for at, name in enumerate(names)]
        if known and all(known):
            tied.append(names)
    units = units_of(tuple(declared.streams.values()), steps, tied)
    chosen = _streams(raw, units, path, declared)
    amount = float(raw.get("amount", _AMOUNT)) if raw["arm"] == JITTERED else 0.0
    if "amount" in raw and raw["arm"] != JITTERED:
        declared.complaints.add(
            "SA216",
            (*path, "amount"),
            f"amount says nothing of the arm {raw['arm']!r}",
            hint="remove it, or write arm: jittered",
            key=True,
        )
    return Ablation(raw["arm"], units, chosen, amount)


def _streams(
    raw: Mapping[str, Any],
    units: Sequence[tuple[str, ...]],
    path: Path,
    declared: Declared,
) -> tuple[str, ...]:
    """The streams that the arm `alone` augments, with those that go together with them."""
    named = raw.get("streams", ())
    complaints = declared.complaints
    if raw["arm"] != ALONE:
        if named:
            complaints.add(
                "SA216",
                (*path, "streams"),
                f"streams says nothing of the arm {raw['arm']!r}",
                hint="remove it, or write arm: alone",
                key=True,
            )
        return ()
    reached = [name for unit in units for name in unit]
    if not named:
        complaints.add(
            "SA202",
            (*path, "arm"),
            "the arm 'alone' needs 'streams'",
            expected="the streams that are augmented",
            hint=f"write streams: [{reached[0]}]" if reached else "",
        )
    for index, name in enumerate(named):
        where = (*path, "streams", index)
        if declared.known(name, where) and name not in reached:
            complaints.unknown("SA306", where, "stream that a step reaches", name, reached)
    wanted = set(named)
    return tuple(name for unit in units if not wanted.isdisjoint(unit) for name in unit)
