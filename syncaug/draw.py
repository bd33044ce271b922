"""The coordinator: all values of one sample, drawn once and shared by all of its streams.

A draw is a pure function of the plan, the seed, the sample's key, the epoch and the attempt. It
needs no sample and none of the augmentation libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.errors import SampleError
from syncaug.plan.plan import Plan, Step, Variable
from syncaug.plan.strength import neutrals, weakened
from syncaug.randomness import Source, unit_interval
from syncaug.values.distributions import Bernoulli, scaled_weights
from syncaug.values.links import ExpressionLink, Link
from syncaug.values.value import Constant, Drawn, Value

__all__ = ["SHARED", "AugmentationCoordinator", "Draw", "StepDraw", "applies"]

Env = dict[str, Any]
Evaluator = Callable[[Env, Any], Any]

SHARED = "*"
"""The entry of `StepDraw.parameters` that all streams share."""


@dataclass(slots=True)
class StepDraw:
    """What one step drew: whether it happens, and its parameters.

    `parameters` maps `SHARED` or a stream's name (`image`, `image/1` for its second operation) to
    values by parameter name. `only` names the streams that this draw reaches; empty means all.
    `steps` holds what the chosen steps of a choice drew.
    """

    name: str
    applied: bool
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    steps: tuple[StepDraw, ...] = ()

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "applied": self.applied}
        for key in ("parameters", "variables"):
            if getattr(self, key):
                out[key] = getattr(self, key)
        if self.only:
            out["only"] = list(self.only)
        if self.steps:
            out["steps"] = [step.as_json() for step in self.steps]
        return out

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> StepDraw:
        return StepDraw(
            data["name"],
            data["applied"],
            {stream: dict(values) for stream, values in data.get("parameters", {}).items()},
            dict(data.get("variables", {})),
            tuple(data.get("only", ())),
            tuple(StepDraw.from_json(step) for step in data.get("steps", ())),
        )


@dataclass(slots=True)
class Draw:
    """All values chosen for one sample: the address they were drawn at, and what was drawn.

    `strength` is the share of the drawn strength that `steps` already holds, 1 for all of it.
    """

    seed: int
    key: str | int
    epoch: int
    attempt: int
    severity: float
    progress: float
    variables: dict[str, Any]
    steps: tuple[StepDraw, ...]
    strength: float = 1.0
    _source: Source | None = field(default=None, compare=False, repr=False)

    def source(self) -> Source:
        """The addressed randomness of this draw, for noise fields."""
        if self._source is None:
            self._source = Source(self.seed, self.key, self.epoch, self.attempt)
        return self._source

    def as_json(self) -> dict[str, Any]:
        """The draw as plain data; `from_json` gives it back."""
        return {
            "seed": self.seed,
            "key": self.key,
            "epoch": self.epoch,
            "attempt": self.attempt,
            "severity": self.severity,
            "progress": self.progress,
            **({"strength": self.strength} if self.strength != 1.0 else {}),
            "variables": self.variables,
            "steps": [step.as_json() for step in self.steps],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Draw:
        return Draw(
            data["seed"],
            data["key"],
            data["epoch"],
            data["attempt"],
            data["severity"],
            data["progress"],
            dict(data["variables"]),
            tuple(StepDraw.from_json(step) for step in data["steps"]),
            data.get("strength", 1.0),
        )


class AugmentationCoordinator:
    """Draws the parameters of one sample for every step of a plan."""

    __slots__ = ("_drawers", "_neutrals", "_plan", "_variables")

    def __init__(self, plan: Plan, *, sync: str = "") -> None:
        """`sync` overrides the mode of every step, e.g. `independent` for an ablation."""
        self._plan = plan
        self._variables = tuple(_variable_drawer(variable) for variable in plan.variables)
        self._drawers = tuple(_StepDrawer(step, sync, self._variables) for step in plan.steps)
        self._neutrals = (
            {step.name: neutrals(step) for step in plan.walk()} if plan.on_fail.shrink else {}
        )

    def draw(
        self,
        *,
        seed: int,
        key: str | int,
        epoch: int = 0,
        attempt: int = 0,
        severity: float = 0.5,
        progress: float = 0.0,
        strength: float = 1.0,
    ) -> Draw:
        """All values for the sample `key` in `epoch`; the same arguments give the same draw.

        Below a `strength` of 1 the parameters of library transforms lie nearer to what changes
        nothing; chances, choices and variables stay.
        """
        source = Source(seed, key, epoch, attempt)
        env: Env = {"severity": severity, "progress": progress, "epoch": epoch}
        variables: Env = {}
        if self._variables:
            variables = {name: evaluate(env, source) for name, evaluate in self._variables}
            env.update(variables)
        steps: list[StepDraw] = []
        for drawer in self._drawers:
            drawer.draw(env, source, steps)
        if strength != 1.0:
            for drawn in steps:
                self._weaken(drawn, strength)
        return Draw(
            *(seed, key, epoch, attempt, severity, progress, variables, tuple(steps), strength),
            source,
        )

    def _weaken(self, drawn: StepDraw, strength: float) -> None:
        neutral = self._neutrals[drawn.name]
        if neutral:
            drawn.parameters = {
                stream: weakened(values, neutral, strength)
                for stream, values in drawn.parameters.items()
            }
        for inner in drawn.steps:
            self._weaken(inner, strength)

    def partner(
        self, *, seed: int, key: str | int, epoch: int, count: int, own: int | None = None
    ) -> int:
        """The place among `count` samples of the partner of `key` in `epoch`; never `own`.

        It has an address of its own: no step and no attempt changes it, so that all steps of a draw
        mix with one partner and a loader fetches one.
        """
        others = count - (own is not None)
        place = int(unit_interval(Source(seed, key, epoch).digest(_PARTNER)) * others)
        return place + 1 if own is not None and place >= own else place


_PARTNER = b".partner"
"""An address that no step can have: names have no dots."""


def applies(draw: Draw, steps: frozenset[str]) -> bool:
    """Whether one of the named steps happens in a draw, also inside a choice."""
    pending = list(draw.steps)
    while pending:
        step = pending.pop()
        if step.applied:
            if step.name in steps:
                return True
            pending.extend(step.steps)
    return False


class _Suffixed:
    """A source whose addresses all end in a stream's name: what that stream draws for itself."""

    __slots__ = ("_source", "_suffix")

    def __init__(self, source: Source, stream: str) -> None:
        self._source, self._suffix = source, b"@" + stream.encode()

    def digest(self, address: bytes) -> bytes:
        return self._source.digest(address + self._suffix)


class _StepDrawer:
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
        "_streams",
        "_sync",
        "_tests",
        "_variables",
        "_varying",
        "_weights",
    )

    def __init__(self, step: Step, sync: str, top: tuple[tuple[str, Evaluator], ...]) -> None:
        self._name = step.name
        self._globals = top
        self._sync = sync or step.sync.mode
        self._jitter = step.sync.jitter if self._sync == "jitter" else ()
        self._streams = tuple(step.streams)
        place = f"step {step.name!r}"
        gate = None if step.gate == Constant(True) else _evaluator(step.gate, f"p of {place}")
        self._gate = gate
        self._tests = tuple(
            (condition.subject, _TESTS[condition.test], condition.operand)
            for condition in step.conditions
            if condition.test != "present"
        )
        self._variables = tuple(_variable_drawer(variable) for variable in step.variables)
        self._constants, self._varying = _split(step.parameters, place)
        self._calls = tuple(
            (key, *_split(call.parameters, f"{place}, stream {call.stream!r}"))
            for key, call in _keyed(step)
        )
        self._drawers = tuple(_StepDrawer(child, sync, top) for child in step.steps)
        self._order = f"{step.name}.choice".encode()
        self._count = None if step.count is None else _evaluator(step.count, f"count of {place}")
        self._weights = scaled_weights([child.weight for child in step.steps])
        # Most steps: nothing but parameters of a transform, the same for all streams.
        special = (self._gate, self._tests, self._variables, self._calls, self._jitter)
        alone = self._sync == "independent" and len(self._streams) > 1
        self._plain = bool(step.parameters and not any(special) and not self._drawers and not alone)

    def draw(self, env: Env, source: Source, out: list[StepDraw]) -> None:
        """Append what the step draws: once for all streams, or once for each."""
        if self._plain:
            shared = dict(self._constants)
            for name, evaluate in self._varying:
                shared[name] = evaluate(env, source)
            out.append(StepDraw(self._name, True, {SHARED: shared}))
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
            return StepDraw(self._name, False, {}, {}, only)
        for subject, test, operand in self._tests:
            if not test(env[subject], operand):
                return StepDraw(self._name, False, {}, variables, only)
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
        return StepDraw(self._name, True, parameters, variables, only, steps)

    def _shake(self, parameters: dict[str, dict[str, Any]], source: Any) -> None:
        """Let named streams deviate from the shared value by a little, inside the domain."""
        for stream, name, amount, low, high in self._jitter:
            u = unit_interval(source.digest(f"{self._name}.{stream}.{name}.jitter".encode()))
            own = parameters.setdefault(stream, dict(parameters.get(SHARED, {})))
            own[name] = min(high, max(low, own[name] + amount * (2.0 * u - 1.0)))

    def _chosen(self, env: Env, source: Any) -> Iterable[int]:
        """Which of the steps happen: one by weight, or `count` without replacement, in order."""
        count = 1 if self._count is None else min(len(self._drawers), int(self._count(env, source)))
        weights = list(self._weights)
        chosen: list[int] = []
        for round_ in range(count):
            point = unit_interval(source.digest(self._order + b"/%d" % round_)) * sum(weights)
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


def _keyed(step: Step) -> Iterable[tuple[str, Any]]:
    """The calls of a step and their keys: the stream, and a number from its second call on."""
    seen: dict[str, int] = {}
    for call in step.calls:
        if call.operation:
            index = seen.get(call.stream, 0)
            seen[call.stream] = index + 1
            yield (f"{call.stream}/{index}" if index else call.stream), call


def _split(
    values: Mapping[str, Value], place: str
) -> tuple[dict[str, Any], tuple[tuple[str, Evaluator], ...]]:
    """Constants, and evaluators of all that varies."""
    items = dict(values).items()
    constants = {name: value.value for name, value in items if isinstance(value, Constant)}
    varying = tuple(
        (name, _evaluator(value, f"{name!r} of {place}"))
        for name, value in items
        if not isinstance(value, Constant)
    )
    return constants, varying


def _variable_drawer(variable: Variable) -> tuple[str, Evaluator]:
    return variable.name, _evaluator(variable.value, f"the variable {variable.name!r}")


def _link_evaluator(link: Link | ExpressionLink, where: str) -> Evaluator:
    """A link's value, which the compiler has bounded save where the epoch grows without end."""
    evaluate = link.evaluate

    def value(env: Env, source: Any) -> Any:
        try:
            found = evaluate(env)
        except (ArithmeticError, ValueError) as error:
            raise _unbounded(where, env, str(error)) from error
        if type(found) is float and found - found != 0.0:
            raise _unbounded(where, env, f"the link gives {found:g}")
        return found

    return value


def _unbounded(where: str, env: Env, reason: str) -> SampleError:
    """A value that is none at this epoch, although the compiler let its link pass."""
    return SampleError(
        "epoch",
        expected=f"one at which {where} is a number",
        came=f"epoch {str(env['epoch'])[:40]}: {reason}",
        hint="Bound what follows the epoch, such as min(epoch, 100) inside the formula, or draw "
        "for an earlier epoch.",
    )


def _evaluator(value: Value, where: str) -> Evaluator:
    """A function of the variables drawn so far and the addressed source; `where` names it."""
    if isinstance(value, Constant):
        constant = value.value
        return lambda env, source: constant
    if not isinstance(value, Drawn):
        return _link_evaluator(value, where)
    address, distribution = value.address.encode(), value.distribution
    if isinstance(distribution, Bernoulli) and isinstance(distribution.p, int | float):
        chance = float(distribution.p)
        return lambda env, source: unit_interval(source.digest(address)) < chance
    if distribution.variables:

        def resolved(env: Env, source: Any) -> Any:
            try:
                return distribution.resolve(env).quantile(unit_interval(source.digest(address)))
            except (ArithmeticError, ValueError) as error:
                raise _unbounded(where, env, str(error)) from error

        return resolved
    quantile = distribution.quantile
    return lambda env, source: quantile(unit_interval(source.digest(address)))
