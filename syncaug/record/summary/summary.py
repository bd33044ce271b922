"""The summary: what tallies have counted, beside what policies declare, with its warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.record.model import ACCEPTED, Record
from syncaug.record.summary.course import Stage, drops_as_json
from syncaug.record.summary.labels import CHANCE, CHOICE, Label, chance_of, declared, told
from syncaug.record.summary.skew import skew_of
from syncaug.record.summary.tally import Drawn, PolicyTally, Tally
from syncaug.record.summary.values import Values
from syncaug.values.value import Constant

__all__ = ["DrawRow", "PolicySummary", "StepRow", "Summary", "summarize", "summary_of"]

_OFTEN = 0.5
"""The share of refused draws from which on a policy is warned of."""


@dataclass(frozen=True, slots=True)
class DrawRow:
    """One kind of draw: what the policy declares, and what was carried out of it.

    `drawn` also counts what was refused; `varies` says that the two may differ. A `constant` is
    declared as one value.
    """

    label: Label
    declared: str
    accepted: Values
    drawn: Values
    varies: bool
    constant: bool

    def as_json(self) -> dict[str, Any]:
        out = {**self.label.as_json(), "declared": self.declared, **self.accepted.as_json()}
        return out | ({"drawn": self.drawn.as_json()} if self.varies else {})


@dataclass(frozen=True, slots=True)
class StepRow:
    """How often a step came up, was applied, and had its condition on the sample met or not.

    `p` is a number, or what it follows in words; `when` is the step's own condition in words.
    """

    name: str
    drawn: int
    applied: int
    p: float | str
    when: str
    met: int
    unmet: int

    def as_json(self) -> dict[str, Any]:
        share = self.applied / self.drawn if self.drawn else None
        out = {"step": self.name, "drawn": self.drawn, "applied": self.applied, "share": share}
        conditions = {"met": self.met, "unmet": self.unmet} if self.met + self.unmet else {}
        return {**out, "p": self.p, **({"when": self.when} if self.when else {}), **conditions}


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """The records of one policy.

    `tries` counts draws, `refused` those of them that were refused; `attempts` maps how many draws
    a result took to how many results took so many. `course` are the levels and the dropped streams
    by epochs, and `whole` those of all epochs.
    """

    name: str
    fingerprint: str
    sync: str
    seeds: tuple[int, ...]
    epochs: tuple[int, int]
    samples: int
    exact: bool
    outcomes: Mapping[str, int]
    attempts: Mapping[int, int]
    tries: int
    refused: int
    refusals: tuple[Mapping[str, Any], ...]
    steps: tuple[StepRow, ...]
    draws: tuple[DrawRow, ...]
    course: tuple[Stage, ...]
    whole: Stage
    mixed: int
    partners: int
    skews: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...]

    @property
    def results(self) -> int:
        """How many records there are."""
        return sum(self.outcomes.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "policy": self.name,
            "fingerprint": self.fingerprint,
            "sync": self.sync,
            "seeds": list(self.seeds),
            "epochs": list(self.epochs),
            "results": self.results,
            "samples": self.samples,
            "samples_exact": self.exact,
            "outcomes": dict(self.outcomes),
            "draws_tried": self.tries,
            "draws_refused": self.refused,
            "attempts": {str(number): count for number, count in self.attempts.items()},
            "refusals": [dict(each) for each in self.refusals],
            "steps": [row.as_json() for row in self.steps],
            "draws": [row.as_json() for row in self.draws],
            **drops_as_json(self.whole.dropped, self.whole.at_once),
            "course": [stage.as_json() for stage in self.course],
            "partners": {"results": self.mixed, "partners": self.partners},
            "skews": [dict(each) for each in self.skews],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of all samples: by policy, and what was skipped without a record."""

    policies: tuple[PolicySummary, ...]
    skipped: int = 0
    skips: tuple[str, ...] = ()

    @property
    def outcomes(self) -> dict[str, int]:
        """How many results there are of each outcome, and how many samples were skipped."""
        out: dict[str, int] = {}
        for policy in self.policies:
            for outcome, count in policy.outcomes.items():
                out[outcome] = out.get(outcome, 0) + count
        return {**out, **({"skipped": self.skipped} if self.skipped else {})}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to look at."""
        return tuple(text for policy in self.policies for text in policy.warnings)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "summary": 1,
            "records": sum(policy.results for policy in self.policies),
            "outcomes": self.outcomes,
            "skipped": {"count": self.skipped, "reasons": list(self.skips)},
            "policies": [policy.as_json() for policy in self.policies],
            "warnings": list(self.warnings),
        }


def summarize(records: Iterable[Record]) -> Summary:
    """The summary of records, which are read once; memory does not grow with their number.

    >>> from syncaug import load_policy
    >>> import numpy as np
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image}
    ... steps: [{name: mirror, uses: flip, p: 0.5}]
    ... ''')
    >>> photo = {"image": np.zeros((4, 6, 3), np.uint8)}
    >>> records = (policy.apply(photo, key=key)[1] for key in range(40))
    >>> from syncaug.record.summary import summarize
    >>> summary = summarize(records)
    >>> summary.outcomes, summary.policies[0].steps[0].p
    ({'accepted': 40}, 0.5)
    """
    tally = Tally()
    for record in records:
        tally.add(record)
    return summary_of(tally)


def summary_of(tally: Tally) -> Summary:
    """The summary of what a tally has counted."""
    policies = tuple(_of_policy(counted) for counted in tally.policies.values())
    return Summary(policies, tally.skipped, tuple(tally.skips))


def _of_policy(counted: PolicyTally) -> PolicySummary:
    known = {} if counted.plan is None else declared(counted.plan)
    order = {label: place for place, label in enumerate(known)}
    tries = sum(number * count for number, count in counted.attempts.items())
    refused = tries - counted.outcomes[ACCEPTED]

    def place(label: Label) -> tuple[int, str]:
        for name in (label, label._replace(alone=False), label._replace(alone=False, stream="")):
            if name in order:
                return order[name], str(label)
        return len(order), str(label)

    labels = sorted(counted.draws, key=place)
    varying = [label for label in labels if _varies(counted.draws[label])]
    skews = [
        found
        for label in varying
        if (found := skew_of(label, counted.draws[label], len(varying))) is not None
    ]
    skews.sort(key=lambda skew: -skew.distance)
    return PolicySummary(
        counted.name,
        counted.fingerprint,
        counted.sync,
        tuple(sorted(counted.seeds)),
        counted.epochs,
        counted.keys.count,
        counted.keys.is_exact,
        dict(sorted(counted.outcomes.items(), key=lambda item: -item[1])),
        dict(sorted(counted.attempts.items())),
        tries,
        refused,
        tuple(counted.refusals.as_json()),
        tuple(_steps(counted, labels, known)),
        tuple(
            DrawRow(
                label,
                told(known, label),
                counted.draws[label].accepted | counted.draws[label].weakened,
                counted.draws[label].accepted | counted.draws[label].refused,
                bool(refused) and label in varying,
                isinstance(known.get(label), Constant) and label.kind != CHOICE,
            )
            for label in labels
            if label.kind != CHANCE
        ),
        tuple(counted.course),
        counted.course.whole(),
        counted.mixed,
        counted.partners.count,
        tuple(skew.as_json() for skew in skews),
        tuple(_warnings(counted, tries, refused, [skew.told for skew in skews])),
    )


def _steps(
    counted: PolicyTally, labels: list[Label], known: Mapping[Label, Any]
) -> Iterable[StepRow]:
    steps = {} if counted.plan is None else {step.name: step for step in counted.plan.walk()}
    for label in labels:
        if label.kind != CHANCE:
            continue
        values = counted.draws[label].accepted | counted.draws[label].weakened
        step = steps.get(label.step)
        p = None if step is None else chance_of(step.gate)
        decided: Mapping[str, int] = counted.conditions.get(label.step, {})
        yield StepRow(
            str(label._replace(name="")),
            values.count,
            values.words().get("true", 0),
            told(known, label) if p is None else p,
            " and ".join(each.in_words() for each in step.conditions) if step else "",
            decided.get("met", 0),
            decided.get("unmet", 0),
        )


def _varies(counted: Drawn) -> bool:
    values = counted.accepted | counted.refused
    return len(values.histogram()) + len(values.words()) > 1


def _warnings(counted: PolicyTally, tries: int, refused: int, skews: list[str]) -> Iterable[str]:
    name = f"policy {counted.name!r}" if counted.name else f"policy {counted.fingerprint}"
    by = ", ".join(f"{by} ({count})" for by, count in list(counted.refusals)[:3])
    if skews:
        yield (
            f"{name}: refusals have skewed what it draws: {'; '.join(skews[:5])}"
            + (f"; and {len(skews) - 5} more" if len(skews) > 5 else "")
            + f". {refused} of {tries} draws were refused, by {by}. Draw from a range of which "
            "less is refused, loosen what refuses, or train knowing that what the policy declares "
            "is not what comes out."
        )
    elif tries and refused / tries >= _OFTEN:
        yield (
            f"{name}: {refused} of {tries} draws were refused, by {by}. Draw from ranges of which "
            "less is refused, or loosen what refuses."
        )
    if refused and counted.uncompared:
        yield (
            f"{name}: accepted and refused draws are not compared, since it cannot be loaded here: "
            f"{counted.uncompared}"
        )
