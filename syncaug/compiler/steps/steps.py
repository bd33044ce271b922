"""Steps of a policy to steps of a plan: what all steps share, then the kind of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.values import compile_value
from syncaug.compiler.parameters.variables import declare
from syncaug.compiler.steps.conditions import compile_chance, compile_conditions
from syncaug.compiler.steps.frame import Frame
from syncaug.compiler.steps.operations import compile_operations
from syncaug.compiler.steps.transforms import compile_transform
from syncaug.plan.step import Step, Sync
from syncaug.values.interval import Support
from syncaug.values.value import Value

__all__ = ["compile_steps"]


def compile_steps(
    raw: Sequence[Mapping[str, Any]], scope: Mapping[str, Support], path: Path, declared: Declared
) -> tuple[Step, ...]:
    """All steps of one list; those with problems are left out."""
    compiled = (_step(step, scope, (*path, index), declared) for index, step in enumerate(raw))
    return tuple(step for step in compiled if step is not None)


def _step(
    raw: Mapping[str, Any], outer: Mapping[str, Support], path: Path, declared: Declared
) -> Step | None:
    name, scope, complaints = raw["name"], dict(outer), declared.complaints
    variables = declare(raw.get("draw") or {}, scope, name, (*path, "draw"), complaints)
    frame = Frame(
        name=name,
        gate=compile_chance(raw.get("p", 1.0), scope, name, (*path, "p"), complaints),
        conditions=compile_conditions(raw.get("when"), scope, (*path, "when"), declared),
        variables=variables,
        weight=float(raw.get("weight", 1.0)),
        scope=scope,
        path=path,
    )
    if "uses" in raw:
        return compile_transform(raw, frame, declared)
    if "apply" in raw:
        return compile_operations(raw, frame, declared)
    return _choice(raw, frame, declared)


def _choice(raw: Mapping[str, Any], frame: Frame, declared: Declared) -> Step:
    """One or some of the steps inside; the streams that any of them reaches."""
    kind = "one_of" if "one_of" in raw else "some_of"
    inner, place = raw[kind], (*frame.path, kind)
    where: Path = place
    raw_count: Any = raw.get("count", 1)
    counted: Path = (*frame.path, "count") if "count" in raw else place
    if isinstance(inner, Mapping):
        counted = (*where, "count") if "count" in inner else place
        raw_count, inner, where = inner.get("count", 1), inner["steps"], (*where, "steps")
    steps = compile_steps(inner, frame.scope, where, declared)
    count: Value | None = None
    if kind == "some_of":
        domain = Domain.of({"type": "integer", "minimum": 0, "maximum": max(1, len(inner))})
        address = f"{frame.name}.count"
        count = compile_value(raw_count, domain, frame.scope, address, counted, declared.complaints)
    if steps and not any(step.weight for step in steps):
        declared.complaints.add(
            "SA409", where, "all weights are 0", expected="at least one weight above 0"
        )
    streams: dict[str, tuple[str, ...]] = {}
    for step in steps:
        for stream, kinds in step.streams.items():
            streams[stream] = tuple(dict.fromkeys((*streams.get(stream, ()), *kinds)))
    return frame.step(
        kind,
        steps=steps,
        count=count,
        streams=streams,
        sync=Sync(raw.get("sync", "strict")),
    )
