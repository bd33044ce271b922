"""Steps of a policy to steps of a plan: gates, conditions, operations and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.values import compile_value
from syncaug.compiler.parameters.variables import declare
from syncaug.compiler.steps.operations import CallCompiler
from syncaug.compiler.steps.transforms import TransformCompiler
from syncaug.plan.plan import Condition, Step, Stream, Sync
from syncaug.values.interval import Interval, Support
from syncaug.values.value import Constant, Value

__all__ = ["StepCompiler"]

_CHANCE = Domain({"type": "number", "minimum": 0, "maximum": 1})


class StepCompiler:
    """Compiles steps against the declared streams."""

    def __init__(
        self, streams: Mapping[str, Stream], unsupported: frozenset[str], complaints: Complaints
    ) -> None:
        """`unsupported` are declared streams about which a complaint was made already."""
        self._streams = streams
        self._complaints = complaints
        self._transforms = TransformCompiler(streams, unsupported, complaints)
        self._calls = CallCompiler(streams, unsupported, complaints)

    def steps(
        self, raw: Sequence[Mapping[str, Any]], scope: Mapping[str, Support], path: Path
    ) -> tuple[Step, ...]:
        """All steps of one list; those with problems are left out."""
        compiled = (self._step(step, scope, (*path, index)) for index, step in enumerate(raw))
        return tuple(step for step in compiled if step is not None)

    def _step(
        self, raw: Mapping[str, Any], outer: Mapping[str, Support], path: Path
    ) -> Step | None:
        name = raw["name"]
        scope = dict(outer)
        variables = declare(raw.get("draw") or {}, scope, name, (*path, "draw"), self._complaints)
        gate = self._gate(raw.get("p", 1.0), scope, name, (*path, "p"))
        common: dict[str, Any] = {
            "name": name,
            "gate": gate,
            "conditions": self._conditions(raw.get("when"), scope, (*path, "when")),
            "variables": variables,
            "weight": float(raw.get("weight", 1.0)),
        }
        if "uses" in raw:
            step = self._transforms.step(raw, scope, path, common)
        elif "apply" in raw:
            step = self._operations(raw, scope, path, common)
        else:
            step = self._choice(raw, scope, path, common)
        return step

    def _gate(self, raw: Any, scope: Mapping[str, Support], name: str, path: Path) -> Value:
        """The chance of a step as a value that is true or false."""
        from syncaug.values.distributions import Bernoulli
        from syncaug.values.links import ExpressionLink, Link
        from syncaug.values.value import Drawn

        chance = compile_value(raw, _CHANCE, scope, f"{name}.chance", path, self._complaints)
        if chance is None:
            return Constant(True)
        if isinstance(chance, ExpressionLink) and not chance.variables:
            chance = Constant(chance.evaluate({}))
        if isinstance(chance, Constant):
            if chance.value in (0, 1):
                return Constant(bool(chance.value))
            return Drawn(Bernoulli(float(chance.value)), f"{name}.p")
        if isinstance(chance, Link | ExpressionLink):
            return Drawn(Bernoulli(chance), f"{name}.p")
        self._complaints.add(
            "SA404", path, "a chance is a number or a link", expected="a number from 0 to 1"
        )
        return Constant(True)

    def _conditions(
        self, raw: Any, scope: Mapping[str, Support], path: Path
    ) -> tuple[Condition, ...]:
        if raw is None:
            return ()
        items = (
            [(raw, path)]
            if isinstance(raw, Mapping)
            else [(item, (*path, i)) for i, item in enumerate(raw)]
        )
        out: list[Condition] = []
        for item, where in items:
            for present in ("present", "absent"):
                if present in item:
                    if item[present] not in self._streams:
                        self._complaints.unknown(
                            "SA306", (*where, present), "stream", str(item[present]), self._streams
                        )
                    out.append(Condition(item[present], "present", present == "present"))
            if "var" in item:
                if item["var"] not in scope:
                    self._complaints.unknown(
                        "SA403", (*where, "var"), "variable", str(item["var"]), scope
                    )
                else:
                    self._comparable(item, scope[item["var"]], where)
                out.extend(
                    Condition(item["var"], test, tuple(item[test]) if test == "in" else item[test])
                    for test in ("is", "not", "in", "above", "below")
                    if test in item
                )
        return tuple(out)

    def _comparable(self, item: Mapping[str, Any], support: Support, where: Path) -> None:
        """Complain where a variable that can be a word is to be above or below something."""
        words = [] if isinstance(support, Interval) else [v for v in support if isinstance(v, str)]
        for test in ("above", "below"):
            if test in item and words:
                self._complaints.add(
                    "SA401",
                    (*where, test),
                    f"{item['var']!r} can be {words[0]!r}, and no word is {test} a number",
                    expected="is, not or in, or a variable that is a number",
                    key=True,
                )

    def _operations(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        path: Path,
        common: dict[str, Any],
    ) -> Step | None:
        own = frozenset(variable.name for variable in common["variables"])
        calls = self._calls.calls(raw["apply"], scope, common["name"], (*path, "apply"), own)
        sync = raw.get("sync", "strict")
        if isinstance(sync, Mapping):
            self._complaints.add(
                "SA404",
                (*path, "sync"),
                "operations cannot be jittered; link them with an offset instead",
                expected="strict or independent",
            )
            sync = "strict"
        streams = {call.stream: ("operation",) for call in calls if not call.keeps}
        return Step(kind="operations", calls=calls, streams=streams, sync=Sync(sync), **common)

    def _choice(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        path: Path,
        common: dict[str, Any],
    ) -> Step | None:
        kind = "one_of" if "one_of" in raw else "some_of"
        inner = raw[kind]
        where: Path = (*path, kind)
        count: Value | None = None
        raw_count: Any = raw.get("count", 1)
        if isinstance(inner, Mapping):
            raw_count, inner, where = inner.get("count", 1), inner["steps"], (*where, "steps")
        steps = self.steps(inner, scope, where)
        if kind == "some_of":
            domain = Domain.of({"type": "integer", "minimum": 0, "maximum": max(1, len(inner))})
            count = compile_value(
                raw_count, domain, scope, f"{common['name']}.count", (*path, kind), self._complaints
            )
        if steps and not any(step.weight for step in steps):
            self._complaints.add(
                "SA409", where, "all weights are 0", expected="at least one weight above 0"
            )
        streams: dict[str, tuple[str, ...]] = {}
        for step in steps:
            for stream, kinds in step.streams.items():
                streams[stream] = tuple(dict.fromkeys((*streams.get(stream, ()), *kinds)))
        sync = raw.get("sync", "strict")
        return Step(
            kind=kind,
            steps=steps,
            count=count,
            streams=streams,
            sync=Sync(sync if isinstance(sync, str) else "strict"),
            **common,
        )
