"""The plan: a compiled policy. Frozen, picklable, printable as JSON, with a fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from syncaug.forks import cached_property
from syncaug.values.value import Value

__all__ = ["Call", "Check", "Condition", "OnFail", "Plan", "Step", "Stream", "Sync", "Variable"]


@dataclass(frozen=True)
class Stream:
    """One declared entry of a sample, with the spaces in which it lives (kind -> name)."""

    name: str
    modality: str
    spaces: Mapping[str, str]
    options: Mapping[str, Any]
    optional: bool = False

    @cached_property
    def label_keys(self) -> tuple[str, ...]:
        """The sample's keys that run beside the stream, one entry for each of its rows."""
        named = self.options.get("labels") or ()
        return (named,) if isinstance(named, str) else tuple(named)

    @cached_property
    def parallel_keys(self) -> tuple[str, ...]:
        """All keys of the sample that belong to the stream: its labels, and its phrases' times."""
        times = self.options.get("times")
        return (*self.label_keys, times) if times else self.label_keys

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "modality": self.modality,
            "spaces": dict(self.spaces),
            "options": dict(self.options),
            "optional": self.optional,
        }


@dataclass(frozen=True, slots=True)
class Variable:
    """A named random quantity; `address` places it in the keyed hash, e.g. `recolour.hue`."""

    name: str
    address: str
    value: Value

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "address": self.address, "value": self.value.as_json()}


@dataclass(frozen=True, slots=True)
class Condition:
    """What `when:` asks: a stream being present, or a variable's value against a bound."""

    subject: str
    test: str
    operand: Any

    def as_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "test": self.test, "operand": self.operand}


@dataclass(frozen=True, slots=True)
class Call:
    """One operation on one stream, or `follow`: the stream goes where the step's operation goes.

    `leader` names the stream whose operation moves the space; it is empty where the call is the
    operation itself, and `operation` is empty where the call follows. Both are empty for `keep`.
    """

    stream: str
    operation: str
    parameters: Mapping[str, Value]
    leader: str = ""

    @property
    def keeps(self) -> bool:
        """Whether the stream stays as it is, whatever the step changes."""
        return not self.operation and not self.leader

    def as_json(self) -> dict[str, Any]:
        return {
            "stream": self.stream,
            "operation": self.operation,
            "leader": self.leader,
            "parameters": {name: value.as_json() for name, value in self.parameters.items()},
        }


@dataclass(frozen=True, slots=True)
class Sync:
    """How the streams of a step share its draw: `strict`, `independent`, or jittered a little.

    `jitter` maps (stream, parameter) to the greatest deviation, with the parameter's own bounds.
    """

    mode: str = "strict"
    jitter: tuple[tuple[str, str, float, float, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"mode": self.mode, "jitter": [list(item) for item in self.jitter]}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a library transform, linked operations, or a choice among steps.

    `kind` is `transform`, `operations`, `one_of` or `some_of`. `streams` maps each stream that the
    step reaches to the kinds of map that carry it there. `partner` says how the partner of a step
    that mixes is drawn, and is empty for all others.
    """

    name: str
    kind: str
    gate: Value
    conditions: tuple[Condition, ...] = ()
    variables: tuple[Variable, ...] = ()
    transform: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    steps: tuple[Step, ...] = ()
    count: Value | None = None
    weight: float = 1.0
    sync: Sync = Sync()
    streams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partner: str = ""

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "kind": self.kind, "gate": self.gate.as_json()}
        if self.conditions:
            out["conditions"] = [condition.as_json() for condition in self.conditions]
        if self.variables:
            out["variables"] = [variable.as_json() for variable in self.variables]
        if self.kind == "transform":
            out["transform"] = self.transform
            out["parameters"] = {name: value.as_json() for name, value in self.parameters.items()}
        if self.calls:
            out["calls"] = [call.as_json() for call in self.calls]
        if self.steps:
            out["steps"] = [step.as_json() for step in self.steps]
        if self.count is not None:
            out["count"] = self.count.as_json()
        out["weight"] = self.weight
        out["sync"] = self.sync.as_json()
        out["streams"] = {name: list(kinds) for name, kinds in self.streams.items()}
        if self.partner:
            out["partner"] = self.partner
        return out


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

    def as_json(self) -> dict[str, Any]:
        """The plan as plain data; equal plans print equal."""
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
