"""The step that `uses:` a transform: its parameters, and which streams its maps carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.transforms import PLANNED as PLANNED_TRANSFORMS
from syncaug.catalogue.transforms import TransformSpec, transform, transform_names
from syncaug.compiler.complaints import Complaints, Path, as_clause
from syncaug.compiler.parameters.domain import Domain, closed_bounds
from syncaug.compiler.parameters.values import compile_value
from syncaug.compiler.rules.agreement import Agreement, in_place
from syncaug.compiler.rules.grounding import require_grounding
from syncaug.compiler.rules.mixing import default_words, left_behind
from syncaug.compiler.steps.reach import Reach
from syncaug.plan.plan import Step, Stream, Sync
from syncaug.policy.suggest import nearest
from syncaug.values.interval import Support
from syncaug.values.value import Constant, Value

__all__ = ["TransformCompiler"]


class TransformCompiler:
    """Compiles `uses:` and `with:` against the declared streams."""

    def __init__(
        self, streams: Mapping[str, Stream], unsupported: frozenset[str], complaints: Complaints
    ) -> None:
        self._streams = streams
        self._unsupported = unsupported
        self._complaints = complaints
        self._agreement = Agreement(streams, complaints)
        self._reach = Reach(streams)

    def step(
        self,
        raw: Mapping[str, Any],
        scope: Mapping[str, Support],
        path: Path,
        common: dict[str, Any],
    ) -> Step | None:
        """The step with what all steps share already in `common`; None after complaining."""
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
        streams = self._reach.carried(spec, parameters)
        streams = self._chosen(spec, parameters, streams, (*path, "with", "streams"))
        if not streams and len(self._complaints.problems) == before:
            self._complaints.add(
                "SA504",
                (*path, "uses"),
                f"{name} reaches no stream of this sample",
                expected=f"a stream that is carried by {' or '.join(spec.makes)} maps",
            )
        self._partner(spec, raw, parameters, path)
        self._agreement.ask(spec, parameters, streams, path)
        require_grounding(spec, parameters, self._streams, path, self._complaints)
        sync = self._sync(raw.get("sync", "strict"), spec, parameters, streams, (*path, "sync"))
        return Step(
            kind="transform",
            transform=name,
            parameters=parameters,
            streams=streams,
            sync=sync,
            partner=raw.get("partner", "uniform") if "mix" in spec.makes else "",
            **common,
        )

    def _partner(
        self,
        spec: TransformSpec,
        raw: Mapping[str, Any],
        parameters: Mapping[str, Value],
        path: Path,
    ) -> None:
        """Only a transform that mixes has a partner, and nothing of it may stay behind."""
        if "mix" in spec.makes:
            reached = {
                name: stream
                for name, stream in self._streams.items()
                if in_place(stream, spec, parameters, "mix")
            }
            given = set(raw.get("with") or ())
            left_behind(spec, reached, given, (*path, "uses"), self._complaints)
        elif "partner" in raw:
            mixing = [name for name in transform_names() if "mix" in transform(name).makes]
            self._complaints.add(
                "SA312",
                (*path, "partner"),
                f"{spec.name} mixes with no partner",
                expected=f"one of {', '.join(mixing)}, or no partner",
                key=True,
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
                fixed="what a step does to a stream is part of the policy",
            )
            for name, stream in (self._streams.items() if spec.stream_parameters else ())
            if stream.modality in spec.stream_parameters and name not in domains
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
                    expected=as_clause(parameter.description),
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
        if "mix" in spec.makes:
            out |= default_words(spec, self._streams, given)
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
            known = self._reach.spaces(kind)
            if value.value not in known:
                self._complaints.unknown("SA306", path, kind, str(value.value), sorted(known))

    def _chosen(
        self,
        spec: TransformSpec,
        parameters: Mapping[str, Value],
        streams: dict[str, tuple[str, ...]],
        path: Path,
    ) -> dict[str, tuple[str, ...]]:
        """Those of the carried streams that the parameter `streams` names, if it is given."""
        chosen = parameters.get("streams")
        if "streams" not in spec.parameters or not isinstance(chosen, Constant):
            return streams
        for index, name in enumerate(chosen.value):
            if name not in self._streams:
                if name not in self._unsupported:
                    self._complaints.unknown(
                        "SA306", (*path, index), "stream", str(name), self._streams
                    )
            elif name not in streams:
                self._complaints.add(
                    "SA504",
                    (*path, index),
                    f"{spec.name} does nothing to {name!r}",
                    expected=f"streams that {' or '.join(spec.makes)} maps carry",
                )
        return {name: kinds for name, kinds in streams.items() if name in chosen.value}

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
            low, high = closed_bounds(schema)
            jitter.append((stream, parameter, float(amount), low, high))
        return Sync("jitter", tuple(jitter))


def _fixed(schema: Mapping[str, Any], space: str) -> str:
    if space:
        return "A step acts on the same space for every sample."
    return "A list is given once, for all samples." if schema.get("type") == "array" else ""
