"""How one step draws: its chance, its conditions, its parameters, and what it chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from syncaug.draw.evaluators import Env, Evaluator, Span, evaluator, spans, split, variable_drawer
from syncaug.draw.model import OPEN, SHARED, StepDraw
from syncaug.plan.plan import Step
from syncaug.randomness import Source
from syncaug.values.distributions import scaled_weights
from syncaug.values.value import Constant

__all__ = ["PlainStep", "StepDrawer", "keyed_calls"]


class PlainStep(NamedTuple):
    """A step that surely happens, alike for all streams, with numbers that are drawn from spans."""

    name: str
    constants: dict[str, Any]
    spans: tuple[Span, ...]


class _Suffixed:
    """A source whose addresses all end in a stream's name: what that stream draws for itself."""

    __slots__ = ("_source", "_suffix")

    def __init__(self, source: Source, stream: str) -> None:
        self._source, self._suffix = source, b"@" + stream.encode()

    def unit(self, address: bytes) -> float:
        return self._source.unit(address + self._suffix)


class StepDrawer:
    """One step of the plan, prepared so that a draw only evaluates what varies."""

    __slots__ = (
        "_calls",
        "_constants",
        "_count",
        "_drawers",
        "_gate",
        "_globals",
        "_jitter",
        "_name",
        "_order",
        "_plain",
        "_spans",
        "_streams",
        "_sync",
        "_tests",
        "_variables",
        "_varying",
        "_weights",
        "_when",
    )

    def __init__(self, step: Step, sync: str, top: tuple[tuple[str, Evaluator], ...]) -> None:
        self._name = step.name
        self._globals = top
        self._sync = sync or step.sync.mode
        self._jitter = step.sync.jitter if self._sync == "jitter" else ()
        self._streams = tuple(step.streams)
        place = f"step {step.name!r}"
        gate = None if step.gate == Constant(True) else evaluator(step.gate, f"p of {place}")
        self._gate = gate
        self._tests = tuple(
            (condition.subject, _TESTS[condition.test], condition.operand)
            for condition in step.conditions
            if condition.test != "present" and not condition.on_content
        )
        self._when = OPEN if any(each.on_content for each in step.conditions) else ""
        self._variables = tuple(variable_drawer(variable) for variable in step.variables)
        self._constants, self._varying = split(step.parameters, place)
        self._spans = spans(step.parameters)
        self._calls = tuple(
            (key, *split(call.parameters, f"{place}, stream {call.stream!r}"))
            for key, call in keyed_calls(step)
        )
        self._drawers = tuple(StepDrawer(child, sync, top) for child in step.steps)
        self._order = f"{step.name}.choice".encode()
        self._count = None if step.count is None else evaluator(step.count, f"count of {place}")
        self._weights = scaled_weights([child.weight for child in step.steps])
        # Most steps: nothing but parameters of a transform, the same for all streams.
        special = (self._gate, self._tests, self._when, self._variables, self._calls, self._jitter)
        alone = self._sync == "independent" and len(self._streams) > 1
        self._plain = bool(step.parameters and not any(special) and not self._drawers and not alone)

    @property
    def plain(self) -> PlainStep | None:
        """The step as its name, its constants and its spans, where it draws nothing else."""
        alike = self._plain and len(self._spans) == len(self._varying)
        return PlainStep(self._name, self._constants, self._spans) if alike else None

    def draw(self, env: Env, source: Source, out: list[Any]) -> None:
        """Append what the step draws: once for all streams, or once for each."""
        if self._plain:
            shared = self._constants.copy()
            for name, evaluate in self._varying:
                shared[name] = evaluate(env, source)
            out.append(StepDraw(self._name, True, {SHARED: shared}, {}))
            return
        if self._sync != "independent" or len(self._streams) < 2:
            out.append(self._draw(env, source, ()))
            return
        for stream in self._streams:
            alone = _Suffixed(source, stream)
            own = {**env, **{name: evaluate(env, alone) for name, evaluate in self._globals}}
            out.append(self._draw(own, alone, (stream,)))

    def _draw(self, env: Env, source: Any, only: tuple[str, ...]) -> StepDraw:
        variables: dict[str, Any] = {}
        if self._variables:
            env = dict(env)
            for name, evaluate in self._variables:
                env[name] = variables[name] = evaluate(env, source)
        if self._gate is not None and not self._gate(env, source):
            return StepDraw(self._name, False, {}, {}, only, (), self._when)
        for subject, test, operand in self._tests:
            if not test(env[subject], operand):
                return StepDraw(self._name, False, {}, variables, only, (), self._when)
        parameters: dict[str, dict[str, Any]] = {}
        if self._constants or self._varying:
            shared = dict(self._constants)
            for name, evaluate in self._varying:
                shared[name] = evaluate(env, source)
            parameters[SHARED] = shared
        for key, constants, varying in self._calls:
            if not only or key.split("/")[0] in only:
                own = dict(constants)
                for name, evaluate in varying:
                    own[name] = evaluate(env, source)
                parameters[key] = own
        if self._jitter:
            self._shake(parameters, source)
        steps: tuple[StepDraw, ...] = ()
        if self._drawers:
            inner: list[StepDraw] = []
            for index in self._chosen(env, source):
                if only:
                    inner.append(self._drawers[index]._draw(env, source, only))
                else:  # a step inside may draw for each stream by itself
                    self._drawers[index].draw(env, source, inner)
            steps = tuple(inner)
        return StepDraw(self._name, True, parameters, variables, only, steps, self._when)

    def _shake(self, parameters: dict[str, dict[str, Any]], source: Any) -> None:
        """Let named streams deviate from the shared value by a little, inside the domain."""
        for stream, name, amount, low, high in self._jitter:
            u = source.unit(f"{self._name}.{stream}.{name}.jitter".encode())
            own = parameters.setdefault(stream, dict(parameters.get(SHARED, {})))
            own[name] = min(high, max(low, own[name] + amount * (2.0 * u - 1.0)))

    def _chosen(self, env: Env, source: Any) -> Iterable[int]:
        """Which of the steps happen: one by weight, or `count` without replacement, in order."""
        count = 1 if self._count is None else min(len(self._drawers), int(self._count(env, source)))
        weights = list(self._weights)
        chosen: list[int] = []
        for round_ in range(count):
            point = source.unit(self._order + b"/%d" % round_) * sum(weights)
            index = 0
            while point > weights[index] or weights[index] == 0.0:
                point -= weights[index]
                index += 1
                if index == len(weights) - 1:
                    break
            chosen.append(index)
            weights[index] = 0.0
            if not any(weights):
                break
        return sorted(chosen)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, operand: bool(value == operand),
    "not": lambda value, operand: bool(value != operand),
    "in": lambda value, operand: value in operand,
    "above": lambda value, operand: bool(value > operand),
    "below": lambda value, operand: bool(value < operand),
}


def keyed_calls(step: Step) -> Iterable[tuple[str, Any]]:
    """The calls of a step and their keys: the stream, and a number from its second call on."""
    seen: dict[str, int] = {}
    for call in step.calls:
        if call.operation:
            index = seen.get(call.stream, 0)
            seen[call.stream] = index + 1
            yield (f"{call.stream}/{index}" if index else call.stream), call
