"""Which arm of an ablation a plan is, and which of its streams go together in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from syncaug.plan.step import Step
from syncaug.plan.stream import Stream

__all__ = ["ALONE", "INDEPENDENT", "JITTERED", "NONE", "STRICT", "Ablation", "units_of"]

NONE, ALONE, INDEPENDENT, JITTERED, STRICT = "none", "alone", "independent", "jittered", "strict"
"""The arms, from no augmentation to all streams by one draw."""

_TIES = ("boxes", "text", "encodes")
"""The options by which a stream is of another one: phrases, and vectors that encoders make."""


@dataclass(frozen=True, slots=True)
class Ablation:
    """An arm of an ablation.

    `units` are the streams that steps reach, those that go together in one tuple; all in it share
    one draw in every arm. `streams` are those that are augmented where the arm is `alone`.
    `amount` is how far, from 0 (strict) to 1 (independent), streams stray where it is `jittered`.
    """

    arm: str
    units: tuple[tuple[str, ...], ...]
    streams: tuple[str, ...] = ()
    amount: float = 0.0

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"arm": self.arm, "units": [list(unit) for unit in self.units]}
        if self.streams:
            out["streams"] = list(self.streams)
        return {**out, "amount": self.amount} if self.arm == JITTERED else out


def units_of(
    streams: Sequence[Stream], steps: Iterable[Step], together: Iterable[Sequence[str]] = ()
) -> tuple[tuple[str, ...], ...]:
    """The streams that steps reach, in the order of the sample, those that go together as one.

    Rows of one group, phrases and what they are phrases of, vectors and what they are vectors of,
    and streams that `together` names.
    """
    reached = {name for step in _walk(steps) for name, kinds in step.streams.items() if kinds}
    reached |= {call.stream for step in _walk(steps) for call in step.calls if not call.keeps}
    names = [stream.name for stream in streams]
    root = {name: name for name in names}
    groups: dict[str, str] = {}

    def leader(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    def tie(one: str, other: str) -> None:
        first, second = sorted((leader(one), leader(other)), key=names.index)
        root[second] = first

    for stream in streams:
        if stream.rows:
            tie(groups.setdefault(stream.rows, stream.name), stream.name)
        for option in _TIES:
            named = stream.options.get(option)
            for other in (named,) if isinstance(named, str) else tuple(named or ()):
                if other in root:
                    tie(other, stream.name)
    for tied in together:
        for name in tied[1:]:
            tie(tied[0], name)
    units: dict[str, list[str]] = {}
    for name in names:
        units.setdefault(leader(name), []).append(name)
    return tuple(tuple(unit) for unit in units.values() if not reached.isdisjoint(unit))


def _walk(steps: Iterable[Step]) -> Iterable[Step]:
    for step in steps:
        yield step
        yield from _walk(step.steps)
