"""Counting records, one after the other, in memory that does not grow with their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from syncaug.draw import UNMET, AugmentationCoordinator, Draw, StepDraw
from syncaug.errors import RecordError
from syncaug.record.held import plan_of
from syncaug.record.model import ACCEPTED, Record
from syncaug.record.summary.course import Course
from syncaug.record.summary.distinct import Distinct
from syncaug.record.summary.labels import Label, drawn
from syncaug.record.summary.refusals import Refusals
from syncaug.record.summary.values import Values

if TYPE_CHECKING:
    from syncaug.plan.plan import Plan

__all__ = ["Drawn", "PolicyTally", "Tally"]

_SKIPS = 100
"""So many messages about skipped samples are kept."""
_SEEDS = 16
"""So many different seeds are told by name."""


class Drawn:
    """What became of the values of one kind of draw.

    `accepted` were carried out as they were drawn, `weakened` at less than their strength, and
    `refused` not at all, or not at their full strength.
    """

    __slots__ = ("accepted", "refused", "weakened")

    def __init__(self) -> None:
        self.accepted, self.weakened, self.refused = Values(), Values(), Values()

    def merge(self, other: Drawn) -> None:
        """Count what another has counted."""
        for name in self.__slots__:
            getattr(self, name).merge(getattr(other, name))


class PolicyTally:
    """The records of one policy under one `with_sync`."""

    def __init__(self, first: Record) -> None:
        self.name = str(first.policy.get("name", ""))
        self.fingerprint, self.sync = first.fingerprint, first.sync
        self.outcomes: Counter[str] = Counter()
        self.attempts: Counter[int] = Counter()
        self.refusals = Refusals()
        self.draws: dict[Label, Drawn] = {}
        self.conditions: dict[str, Counter[str]] = {}
        self.keys, self.partners = Distinct(), Distinct()
        self.course = Course()
        self.mixed = 0
        self.seeds: Counter[int] = Counter()
        self.epochs = first.draw.epoch, first.draw.epoch
        self.uncompared = ""
        self._first = first
        self._plan: Plan | None = None
        self._coordinator: AugmentationCoordinator | None = None

    @property
    def plan(self) -> Plan | None:
        """The plan of the records; None where it cannot be loaded, as `uncompared` says."""
        if self._plan is None and not self.uncompared:
            try:
                self._plan = plan_of(self._first)
            except RecordError as error:
                self.uncompared = str(error)
        return self._plan

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_coordinator": None}  # it is made again where it is needed

    def add(self, record: Record) -> None:
        """Count one record of the same policy."""
        draw, accepted = record.draw, record.outcome == ACCEPTED
        self.outcomes[record.outcome] += 1
        self.attempts[len(record.attempts)] += 1
        for attempt in record.attempts:
            for said in attempt.failed:
                self.refusals.add(said)
        self.keys.add(draw.key)
        self.course.add(record)
        self.epochs = min(self.epochs[0], draw.epoch), max(self.epochs[1], draw.epoch)
        if draw.seed in self.seeds or len(self.seeds) < _SEEDS:
            self.seeds[draw.seed] += 1
        if record.partner is not None:
            self.mixed += 1
            self.partners.add(record.partner.get("key") or "")
        if accepted:
            kind = "accepted" if draw.strength == 1.0 else "weakened"
            self._count(draw, _unmet(draw.steps), kind)
            self._conditions(draw.steps)
        if not accepted or len(record.attempts) > 1:
            unmet = _unmet(draw.steps)
            for refused in self._refused(record):
                self._count(refused, unmet, "refused")

    def merge(self, other: PolicyTally) -> None:
        """Count what another tally of the same policy has counted."""
        self.outcomes.update(other.outcomes)
        self.attempts.update(other.attempts)
        self.refusals.merge(other.refusals)
        self.keys.merge(other.keys)
        self.course.merge(other.course)
        self.partners.merge(other.partners)
        self.mixed += other.mixed
        self.seeds.update(other.seeds)
        self.epochs = min(self.epochs[0], other.epochs[0]), max(self.epochs[1], other.epochs[1])
        for label, counted in other.draws.items():
            self.draws.setdefault(label, Drawn()).merge(counted)
        for step, decided in other.conditions.items():
            self.conditions.setdefault(step, Counter()).update(decided)

    def _count(self, draw: Draw, unmet: frozenset[Any], kind: str) -> None:
        draws = self.draws
        for name, value in draw.variables.items():
            label = Label("", "variable", name)
            if label not in draws:
                draws[label] = Drawn()
            getattr(draws[label], kind).add(value)
        for step in draw.steps:
            for label, value in drawn(step, unmet):
                if label not in draws:
                    draws[label] = Drawn()
                getattr(draws[label], kind).add(value)

    def _conditions(self, steps: tuple[StepDraw, ...]) -> None:
        for step in _all(steps):
            if step.when:
                self.conditions.setdefault(step.name, Counter())[step.when] += 1

    def _refused(self, record: Record) -> Iterator[Draw]:
        """The draws of a record that were not carried out as they are, at their full strength.

        A draw is a pure function of its address, so that they are drawn once more.
        """
        plan = self.plan
        if plan is None:
            return
        if self._coordinator is None:
            self._coordinator = AugmentationCoordinator(plan, sync=self.sync)
        draw, count = record.draw, len(record.attempts)
        again = 1 if plan.on_fail.shrink else count - (record.outcome == ACCEPTED)
        for attempt in range(again):
            yield self._coordinator.draw(
                seed=draw.seed,
                key=draw.key,
                epoch=draw.epoch,
                attempt=attempt,
                severity=draw.severity,
                progress=draw.progress,
                view=draw.view,
            )


class Tally:
    """Counts records of any number of policies; tallies of parts of a run merge into one."""

    def __init__(self) -> None:
        self.policies: dict[tuple[str, str], PolicyTally] = {}
        self.skipped = 0
        self.skips: list[str] = []

    def add(self, record: Record) -> None:
        """Count one record."""
        place = record.fingerprint, record.sync
        if place not in self.policies:
            self.policies[place] = PolicyTally(record)
        self.policies[place].add(record)

    def skip(self, reason: str) -> None:
        """Count a sample of which there is no record: it could not be read, or no draw was good."""
        self.skipped += 1
        if len(self.skips) < _SKIPS:
            self.skips.append(reason)

    @property
    def refused(self) -> bool:
        """Whether any draw was refused."""
        return any(
            number > 1 or outcome != ACCEPTED
            for policy in self.policies.values()
            for number, outcome in product(policy.attempts, policy.outcomes)
        )

    def merge(self, other: Tally) -> None:
        """Count what another tally has counted."""
        for place, counted in other.policies.items():
            if place in self.policies:
                self.policies[place].merge(counted)
            else:
                self.policies[place] = counted
        self.skipped += other.skipped
        self.skips = [*self.skips, *other.skips][:_SKIPS]


def _unmet(steps: tuple[StepDraw, ...]) -> frozenset[tuple[str, tuple[str, ...]]]:
    """The steps that the sample did not meet the condition of."""
    return frozenset((step.name, step.only) for step in _all(steps) if step.when == UNMET)


def _all(steps: tuple[StepDraw, ...]) -> Iterator[StepDraw]:
    for step in steps:
        yield step
        if step.steps:
            yield from _all(step.steps)
