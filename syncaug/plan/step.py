"""A step of a plan: its chance and conditions, and the transform, operations or steps inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from syncaug.values.value import Value

__all__ = ["CONTENT", "Call", "Condition", "Step", "Sync", "Variable"]

CONTENT = "content."
"""What the names of tests on what a sample brings begin with."""


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
    """What `when:` asks: a stream being present, what it holds, or a variable against a bound.

    `test` is `present`, a test on a variable (`is`, `above` ...), or one on the content of a stream
    (`content.is`, `content.has` ...), whose `operand` is a tuple of what is asked for.
    """

    subject: str
    test: str
    operand: Any

    @property
    def on_content(self) -> bool:
        """Whether a sample decides it by what a stream holds."""
        return self.test.startswith(CONTENT)

    def in_words(self) -> str:
        """The condition as a phrase, such as `boxes has person`."""
        if self.test == "present":
            return f"{self.subject} is {'there' if self.operand else 'not there'}"
        test = self.test.removeprefix(CONTENT)
        test = {"not": "is not", "in": "is one of", "above": "is above", "below": "is below"}.get(
            test, test
        )
        operand = self.operand
        if isinstance(operand, tuple):
            return f"{self.subject} {test} {' or '.join(map(_said, operand))}"
        return f"{self.subject} {test} {operand}"

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
        return {
            "mode": self.mode,
            "jitter": [
                [*item[:3], *(bound if isfinite(bound) else None for bound in item[3:])]
                for item in self.jitter
            ],
        }


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


def _said(entry: Any) -> str:
    return f"the word {entry['word']}" if isinstance(entry, Mapping) else str(entry)
