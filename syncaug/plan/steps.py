"""Steps of a policy to steps of a plan: names, parameters, and which streams each step carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.catalogue.transforms import PLANNED as PLANNED_TRANSFORMS
from syncaug.catalogue.transforms import TransformSpec, transform, transform_names
from syncaug.plan.calls import CallCompiler
from syncaug.plan.complaints import Complaints, Path
from syncaug.plan.plan import Condition, Step, Stream, Sync
from syncaug.plan.spaces import CARRIED_BY
from syncaug.plan.values import Domain, compile_value
from syncaug.plan.variables import declare
from syncaug.policy.suggest import nearest
from syncaug.values.interval import Support
from syncaug.values.value import Constant, Value

__all__ = ["StepCompiler"]

_CHANCE = Domain({"type": "number", "minimum": 0, "maximum": 1})
_LIVES = {"plane": "plane", "world": "world", "frustum": "world"}


class StepCompiler:
    """Compiles steps against the declared streams."""

    def __init__(
        self, streams: Mapping[str, Stream], unsupported: frozenset[str], complaints: Complaints
    ) -> None:
        """`unsupported` are declared streams about which a complaint was made already."""
        self._streams = streams
        self._unsupported = unsupported
        self._complaints = complaints
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
        if "partner" in raw:
            self._complaints.add(
                "SA305",
                (*path, "partner"),
                "mixing with a partner is not possible yet",
                key=True,
                hint="It is part of the language; this version does not support it.",
            )
        if "uses" in raw:
            step = self._transform(raw, scope, path, common)
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
        if chance is None or chance == Constant(1.0):
            return Constant(True)
        if isinstance(chance, Constant):
            return (
                Drawn(Bernoulli(float(chance.value)), f"{name}.p")
                if chance.value
                else Constant(False)
            )
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
                out.extend(
                    Condition(item["var"], test, tuple(item[test]) if test == "in" else item[test])
                    for test in ("is", "not", "in", "above", "below")
                    if test in item
                )
        return tuple(out)

    # A library transform

    def _transform(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        path: Path,
        common: dict[str, Any],
    ) -> Step | None:
        name = raw["uses"]
        if name not in transform_names():
            if name in PLANNED_TRANSFORMS:
                self._complaints.add(
                    "SA305",
                    (*path, "uses"),
                    f"the transform {name!r} is not there yet",
                    hint="It is part of the language; this version does not support it.",
                )
            else:
                known: tuple[str, ...] = transform_names()
                if not nearest(name, known):
                    known = tuple(sorted(PLANNED_TRANSFORMS))
                self._complaints.unknown("SA302", (*path, "uses"), "transform", name, known)
            return None
        spec = transform(name)
        before = len(self._complaints.problems)
        parameters = self._parameters(spec, raw.get("with") or {}, scope, common["name"], path)
        streams = self._carried(spec, parameters)
        if not streams and len(self._complaints.problems) == before:
            self._complaints.add(
                "SA504",
                (*path, "uses"),
                f"{name} reaches no stream of this sample",
                expected=f"a stream that is carried by {' or '.join(spec.makes)} maps",
            )
        self._needs(spec, streams, path)
        self._upright(spec, parameters, path)
        sync = self._sync(raw.get("sync", "strict"), spec, parameters, streams, (*path, "sync"))
        return Step(
            kind="transform",
            transform=name,
            parameters=parameters,
            streams=streams,
            sync=sync,
            **common,
        )

    def _parameters(
        self,
        spec: TransformSpec,
        given: Mapping[str, Any],
        scope: Mapping[str, Support],
        step: str,
        path: Path,
    ) -> dict[str, Value]:
        inside = (*path, "with")
        out: dict[str, Value] = {}
        domains = {
            name: Domain.of(parameter.schema, fixed=_fixed(parameter.schema, parameter.space))
            for name, parameter in spec.parameters.items()
        }
        domains |= {
            name: Domain(
                spec.stream_parameters[stream.modality],
                fixed="the kind of noise is part of the policy",
            )
            for name, stream in self._streams.items()
            if stream.modality in spec.stream_parameters
        }
        for name, raw in given.items():
            if name in self._unsupported:
                continue
            if name not in domains:
                what = f"parameter of {spec.name}"
                if name in self._streams:
                    what += f" (which does nothing of its own to {self._streams[name].modality})"
                self._complaints.unknown("SA307", (*inside, name), what, name, domains, key=True)
                continue
            value = compile_value(
                raw, domains[name], scope, f"{step}.{name}", (*inside, name), self._complaints
            )
            if value is not None:
                out[name] = value
                self._known_space(spec, name, value, (*inside, name))
        for name, parameter in spec.parameters.items():
            if name in given:
                continue
            if parameter.required:
                where = inside if "with" in path or given else (*path, "uses")
                self._complaints.add(
                    "SA308",
                    where,
                    f"{spec.name} needs {name!r}",
                    expected=parameter.description,
                    key=bool(given),
                )
            elif not parameter.optional:
                default = compile_value(
                    parameter.default,
                    domains[name],
                    scope,
                    f"{step}.{name}",
                    path,
                    self._complaints,
                )
                if default is not None:
                    out[name] = default
        if spec.one_of and sum(name in given for name in spec.one_of) != 1:
            self._complaints.add(
                "SA308",
                (*path, "uses"),
                f"{spec.name} needs one of {' and '.join(spec.one_of)}",
                expected=f"{spec.one_of[0]}: NUMBER under with:",
            )
        return out

    def _known_space(self, spec: TransformSpec, name: str, value: Value, path: Path) -> None:
        kind = spec.parameters[name].space if name in spec.parameters else ""
        if kind and isinstance(value, Constant):
            known = {
                stream.spaces[kind] for stream in self._streams.values() if kind in stream.spaces
            }
            if value.value not in known:
                self._complaints.unknown("SA306", path, kind, str(value.value), sorted(known))

    def _carried(
        self, spec: TransformSpec, parameters: Mapping[str, Value]
    ) -> dict[str, tuple[str, ...]]:
        """For each stream that the transform's maps carry, the kinds that do."""
        out: dict[str, tuple[str, ...]] = {}
        named = (
            [name for name in self._streams if name in parameters] if "noise" in spec.makes else []
        )
        for name, stream in self._streams.items():
            kinds = [
                kind
                for kind in spec.makes
                if kind in CARRIED_BY[stream.modality] and _reached(stream, kind)
            ]
            if not _in_place(stream, spec, parameters):
                continue
            if "noise" in kinds and named and name not in named:
                kinds.remove("noise")
            if kinds:
                out[name] = tuple(kinds)
        return out

    def _needs(self, spec: TransformSpec, streams: Mapping[str, Any], path: Path) -> None:
        if spec.needs:
            planes = {self._streams[name].spaces.get("plane") for name in streams} - {None}
            having = {
                s.spaces.get("plane") for s in self._streams.values() if s.modality == spec.needs
            }
            for plane in sorted(str(plane) for plane in planes - having):
                self._complaints.add(
                    "SA505",
                    (*path, "uses"),
                    f"{spec.name} needs a {spec.needs} on plane {plane!r}",
                    expected=f"a stream of modality {spec.needs}, or plane: NAME",
                )

    def _upright(self, spec: TransformSpec, parameters: Mapping[str, Value], path: Path) -> None:
        """3-D boxes only have a yaw: a world that tilts would leave them behind."""
        tilted = [name for name, stream in self._streams.items() if stream.modality == "boxes3d"]
        axis = parameters.get("axis")
        if spec.name == "world_rotate" and tilted and axis != Constant("z"):
            self._complaints.add(
                "SA508",
                (*path, "with", "axis"),
                f"a turn about this axis tilts {tilted[0]!r}, which only has a yaw",
                expected="axis: z",
            )

    def _sync(
        self,
        raw: Any,
        spec: TransformSpec,
        parameters: Mapping[str, Value],
        streams: Mapping[str, Any],
        path: Path,
    ) -> Sync:
        if isinstance(raw, str):
            return Sync(raw)
        jitter = []
        for target, amount in raw["jitter"].items():
            stream, _, parameter = target.partition(".")
            where = (*path, "jitter", target)
            if stream not in streams:
                self._complaints.unknown(
                    "SA306", where, "stream of this step", stream, streams, key=True
                )
                continue
            schema = spec.parameters[parameter].schema if parameter in spec.parameters else {}
            if parameter not in parameters or schema.get("type") != "number":
                numbers = [
                    n
                    for n in parameters
                    if n in spec.parameters and spec.parameters[n].schema.get("type") == "number"
                ]
                self._complaints.unknown(
                    "SA307", where, f"number of {spec.name}", parameter, numbers, key=True
                )
                continue
            low = float(schema.get("minimum", schema.get("exclusiveMinimum", float("-inf"))))
            high = float(schema.get("maximum", schema.get("exclusiveMaximum", float("inf"))))
            jitter.append((stream, parameter, float(amount), low, high))
        return Sync("jitter", tuple(jitter))

    # Linked operations and choices

    def _operations(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        path: Path,
        common: dict[str, Any],
    ) -> Step | None:
        calls = self._calls.calls(raw["apply"], scope, common["name"], (*path, "apply"))
        sync = raw.get("sync", "strict")
        if isinstance(sync, Mapping):
            self._complaints.add(
                "SA404",
                (*path, "sync"),
                "operations cannot be jittered; link them with an offset instead",
                expected="strict or independent",
            )
            sync = "strict"
        streams = {call.stream: ("operation",) for call in calls}
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


def _fixed(schema: Mapping[str, Any], space: str) -> str:
    if space:
        return "A step acts on the same space for every sample."
    return "A list is given once, for all samples." if schema.get("type") == "array" else ""


def _reached(stream: Stream, kind: str) -> bool:
    """Whether a map of that kind can meet the stream: it lives in such a space, or needs none."""
    space = _LIVES.get(kind)
    return space is None or space in stream.spaces


def _in_place(stream: Stream, spec: TransformSpec, parameters: Mapping[str, Value]) -> bool:
    """Whether the stream lives in the one space that the step names, if it names one."""
    for name, parameter in spec.parameters.items():
        value = parameters.get(name)
        if parameter.space and isinstance(value, Constant) and parameter.space in stream.spaces:
            if stream.spaces[parameter.space] != value.value and spec.makes[0] in (
                "plane",
                "world",
                "tone",
            ):
                return False
    return True
