"""What a draw is called in a summary, and what its policy declares of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from syncaug.draw import SHARED, StepDraw
from syncaug.draw.steps import keyed_calls
from syncaug.plan.plan import Plan, Step
from syncaug.values.distributions import Bernoulli
from syncaug.values.value import Constant, Drawn, Value
from syncaug.values.wording import in_words

__all__ = [
    "CHANCE",
    "CHOICE",
    "PARAMETER",
    "VARIABLE",
    "Label",
    "chance_of",
    "declared",
    "drawn",
    "told",
]

VARIABLE, CHANCE, CHOICE, PARAMETER = "variable", "p", "choice", "parameter"


class Label(NamedTuple):
    """One kind of draw: a variable, whether a step is applied, what it chooses, or a parameter.

    `step` is empty for a variable of the whole policy. `stream` names the stream that a parameter
    is for, or, with `alone`, the one that draws for itself.
    """

    step: str
    kind: str
    name: str
    stream: str = ""
    alone: bool = False

    def __str__(self) -> str:
        inside = self.stream if not self.alone else ""
        own = f"@{self.stream}" if self.alone else ""
        return ".".join(part for part in (self.step, inside, self.name) if part) + own

    def as_json(self) -> dict[str, Any]:
        """The parts by name, and the whole as `draw`."""
        out = {"draw": str(self), "kind": self.kind, "step": self.step, "name": self.name}
        return {**out, **({"stream": self.stream} if self.stream else {})}


def drawn(
    step: StepDraw, unmet: frozenset[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[Label, Any]]:
    """All values of a step's draw and of the steps inside; parameters only where it happens.

    `unmet` names the steps whose condition the sample did not meet.
    """
    stream = step.only[0] if len(step.only) == 1 else ""
    alone = bool(stream)
    name = step.name
    yield Label(name, CHANCE, "p", stream, alone), step.applied
    for variable, value in step.variables.items():
        yield Label(name, VARIABLE, variable, stream, alone), value
    if not step.applied or (name, step.only) in unmet:
        return
    for of, values in step.parameters.items():
        own = stream if of in (SHARED, *step.only) else of
        for parameter, value in values.items():
            yield Label(name, PARAMETER, parameter, own, alone), value
    for inner in step.steps:
        yield Label(name, CHOICE, "choice", stream, alone), inner.name
        yield from drawn(inner, unmet)


def declared(plan: Plan) -> dict[Label, Value]:
    """What the policy declares of its draws, in its order: of those that are shared."""
    out: dict[Label, Value] = {
        Label("", VARIABLE, variable.name): variable.value for variable in plan.variables
    }
    for step in plan.walk():
        out[Label(step.name, CHANCE, "p")] = step.gate
        for variable in step.variables:
            out[Label(step.name, VARIABLE, variable.name)] = variable.value
        if step.steps:
            out[Label(step.name, CHOICE, "choice")] = Constant(_offered(step))
        shared = dict(step.parameters)
        for name, value in shared.items():
            out[Label(step.name, PARAMETER, name)] = value
        for stream, name, *_ in step.sync.jitter:
            out[Label(step.name, PARAMETER, name, stream)] = shared[name]
        for key, call in keyed_calls(step):
            for name, value in call.parameters.items():
                out[Label(step.name, PARAMETER, name, key)] = value
    return out


def _offered(step: Step) -> str:
    """What a choice can choose, with the shares of `one_of` in percent."""
    total = sum(inner.weight for inner in step.steps)
    if step.kind != "one_of" or not total:
        count = "some" if step.count is None else in_words(step.count)
        return f"{count} of {', '.join(inner.name for inner in step.steps)}"
    return ", ".join(f"{inner.name} {100 * inner.weight / total:.3g}%" for inner in step.steps)


def chance_of(value: Value) -> float | None:
    """The chance that a gate declares; None where it follows something."""
    if isinstance(value, Constant):
        return float(bool(value.value))
    if isinstance(value, Drawn) and isinstance(value.distribution, Bernoulli):
        p = value.distribution.p
        return float(p) if isinstance(p, int | float) else None
    return None


def told(labels: Mapping[Label, Value], label: Label) -> str:
    """What is declared of a draw, in words; empty where it is not known."""
    shared = label._replace(alone=False)
    value = labels.get(label) or labels.get(shared) or labels.get(shared._replace(stream=""))
    if value is None:
        return ""
    if label.kind == CHANCE:
        chance = chance_of(value)
        return f"{chance:g}" if chance is not None else in_words(value)
    return in_words(value)
