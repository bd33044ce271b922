"""The plan: a compiled policy. Frozen, picklable, printable as JSON, with a fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from syncaug.forks import cached_property
from syncaug.plan.ablation import Ablation
from syncaug.plan.space_index import SpaceIndex, Targets, targets
from syncaug.plan.step import Call, Condition, Step, Sync, Variable
from syncaug.plan.stream import Stream

__all__ = ["Call", "Check", "Condition", "OnFail", "Plan", "Step", "Stream", "Sync", "Variable"]


@dataclass(frozen=True, slots=True)
class Check:
    """A measure of alignment with its options; `streams` are those that it reads."""

    name: str
    options: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "options": dict(self.options)}


@dataclass(frozen=True, slots=True)
class OnFail:
    """What follows a failed check or a refused draw: `retry` fresh draws, then `then`.

    With `shrink` above 0 no fresh draws but the first one, weaker by that factor each time.
    """

    retry: int = 0
    then: str = "error"
    shrink: float = 0.0

    def as_json(self) -> dict[str, Any]:
        shrink = {"shrink": self.shrink} if self.shrink else {}
        return {"retry": self.retry, "then": self.then, **shrink}


@dataclass(frozen=True)
class Plan:
    """A compiled policy: nothing in it depends on a sample, and nothing in it is drawn."""

    name: str
    seed: int
    streams: tuple[Stream, ...]
    untouched: tuple[str, ...]
    variables: tuple[Variable, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    on_fail: OnFail
    fuse: bool
    ablation: Ablation | None = None

    def as_json(self) -> dict[str, Any]:
        """The plan as plain data; equal plans print equal."""
        arm = {} if self.ablation is None else {"ablation": self.ablation.as_json()}
        return {
            "syncaug": 1,
            "name": self.name,
            "streams": [stream.as_json() for stream in self.streams],
            "untouched": list(self.untouched),
            "variables": [variable.as_json() for variable in self.variables],
            "steps": [step.as_json() for step in self.steps],
            "checks": [check.as_json() for check in self.checks],
            "on_fail": self.on_fail.as_json(),
            "fuse": self.fuse,
            **arm,
        }

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change when, and only when, what the policy does changes.

        The seed is no part of it: a fingerprint names the policy, the seed one use of it.
        """
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return sha256(text.encode()).hexdigest()[:16]

    def stream(self, name: str) -> Stream:
        """The declared stream of that name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Stream]:
        return {stream.name: stream for stream in self.streams}

    @cached_property
    def index(self) -> SpaceIndex:
        """The streams by space and by modality."""
        return SpaceIndex.of(self.streams)

    def living(self, kind: str, space: str, *modalities: str) -> tuple[Stream, ...]:
        """The streams that live in a space, of some modalities only where any are named."""
        return self.index.living(kind, space, *modalities)

    def spaces(self, kind: str, names: Iterable[str] | None = None) -> tuple[str, ...]:
        """The spaces of one kind, or those of the streams in `names`, each once and in order."""
        if names is None:
            return self.index.names[kind]
        places = (place for name in names for place in self._by_name[name].places)
        return tuple(dict.fromkeys(space for own, space in places if own == kind))

    def targets(self, step: Step, names: Iterable[str] | None = None) -> Targets:
        """(kind of map, space) -> the streams, all of the step's or those in `names`, it reaches.

        A program asks once for each step and each set of streams that draw together.
        """
        reached = step.streams if names is None else names
        return targets((self._by_name[name], step.streams.get(name, ())) for name in reached)

    def keyed_checks(self) -> Iterator[tuple[str, Check]]:
        """The checks and their keys in records: the name, with a number from its second use on."""
        seen: dict[str, int] = {}
        for check in self.checks:
            index = seen.get(check.name, 0)
            seen[check.name] = index + 1
            yield (f"{check.name}/{index}" if index else check.name), check

    @cached_property
    def mixing(self) -> frozenset[str]:
        """The names of the steps that mix with a partner."""
        return frozenset(step.name for step in self.walk() if step.partner)

    def walk(self) -> Iterator[Step]:
        """All steps, with those inside a choice, in the order of the policy."""
        pending = list(reversed(self.steps))
        while pending:
            step = pending.pop()
            yield step
            pending.extend(reversed(step.steps))
