"""All checks of a plan, made on one outcome after the other: the cheap ones first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.checks import check_spec
from syncaug.catalogue.encoders import external_one_by_one, one_by_one
from syncaug.checks.measure import Encoder, Measure, Outcome
from syncaug.engine.state import State
from syncaug.plan.plan import Plan
from syncaug.unread import readable

__all__ = ["Measured", "Measuring"]

Measured = tuple[dict[str, float], dict[str, Mapping[str, float]], tuple[str, ...]]
"""Each check's number, the numbers that it is made of, and what those say that failed."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A check of a plan: its key in the record, its function and its options."""

    key: str
    measure: Callable[[Mapping[str, Any], Outcome], Measure]
    options: Mapping[str, Any]


class Measuring:
    """The checks of a plan with their functions, which are looked up once.

    A check is cheap where all that it reads of this plan's streams is cheap to carry: words, boxes,
    keypoints, cameras, and what planes and clocks met. All others are costly.
    """

    __slots__ = ("_cheap", "_costly", "_encoders", "_order")

    def __init__(self, plan: Plan, encoders: Mapping[str, Encoder]) -> None:
        from syncaug.checks import measure_of

        dear = {s.modality for s in plan.streams if s.framed or not s.spec.cheap}
        cheap: list[_Prepared] = []
        costly: list[_Prepared] = []
        for key, check in plan.keyed_checks():
            prepared = _Prepared(key, measure_of(check.name), check.options)
            (costly if check_spec(check.name).reads & dear else cheap).append(prepared)
        self._cheap, self._costly = tuple(cheap), tuple(costly)
        self._order = tuple(key for key, _ in plan.keyed_checks())
        named = {c.options["encoder"] for c in plan.checks if "encoder" in c.options}
        self._encoders = {
            name: one_by_one(encoders[name]) if name in encoders else external_one_by_one(name)
            for name in named
        }

    def __bool__(self) -> bool:
        return bool(self._order)

    def __call__(
        self, before: Mapping[str, Any], after: Mapping[str, Any], state: State
    ) -> Measured:
        """What the checks measure on one outcome; costly ones only where no cheap one fails."""
        cheap = self.cheap(before, after, state)
        if cheap[-1] or not self._costly:
            return cheap
        return self.together(cheap, self.costly(before, after, state))

    def cheap(self, before: Mapping[str, Any], after: Mapping[str, Any], state: State) -> Measured:
        """What the cheap checks measure; `after` needs to hold only the streams that are cheap."""
        return _measured(self._cheap, self._outcome(before, after, state))

    def costly(self, before: Mapping[str, Any], after: Mapping[str, Any], state: State) -> Measured:
        """What all other checks measure; `after` holds every stream."""
        return _measured(self._costly, self._outcome(before, after, state))

    def _outcome(
        self, before: Mapping[str, Any], after: Mapping[str, Any], state: State
    ) -> Outcome:
        """What checks look at: streams that are still in their files are read then."""
        return Outcome(readable(before), readable(after), state, self._encoders)

    def together(self, cheap: Measured, costly: Measured) -> Measured:
        """Both as one, in the plan's order."""
        if not (self._cheap and self._costly):
            return cheap if self._cheap else costly
        measures = {**cheap[0], **costly[0]}
        parts = {**cheap[1], **costly[1]}
        failed = sorted(
            (*cheap[2], *costly[2]), key=lambda said: self._order.index(said.partition(":")[0])
        )
        return (
            {key: measures[key] for key in self._order},
            {key: parts[key] for key in self._order if key in parts},
            tuple(failed),
        )


def _measured(prepared: tuple[_Prepared, ...], outcome: Outcome) -> Measured:
    measures: dict[str, float] = {}
    parts: dict[str, Mapping[str, float]] = {}
    failed: list[str] = []
    for check in prepared:
        result = check.measure(check.options, outcome)
        measures[check.key] = result.value
        if result.parts:
            parts[check.key] = result.parts
        if not result.passed:
            failed.append(f"{check.key}: {result.text}")
    return measures, parts, tuple(failed)
