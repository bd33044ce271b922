"""The step that `uses:` a transform: its parameters, and which streams its maps carry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from syncaug.catalogue.external import TRANSFORMS, external_names
from syncaug.catalogue.reader import operation, same_operations
from syncaug.catalogue.transforms import (
    KEEP,
    TransformParameter,
    TransformSpec,
    transform,
    transform_names,
)
from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.parameters import (
    Owner,
    Parameter,
    compile_parameters,
    with_default,
)
from syncaug.compiler.reach.mixing import default_words, words_of
from syncaug.compiler.reach.use import Use
from syncaug.compiler.rules import TRANSFORM_RULES
from syncaug.compiler.steps.frame import Frame
from syncaug.compiler.steps.sync import jittered
from syncaug.errors import ExternalError
from syncaug.plan.step import Step
from syncaug.policy.other_names import meant, spellings
from syncaug.policy.suggest import Guess, guess
from syncaug.values.value import Constant, Value

__all__ = ["compile_transform"]

_Reached = dict[str, tuple[str, ...]]


def compile_transform(raw: Mapping[str, Any], frame: Frame, declared: Declared) -> Step | None:
    """The step that `frame` begins, with its transform; None where there is none of that name."""
    complaints, path, name = declared.complaints, frame.path, raw["uses"]
    try:
        spec = _meant(name, (*path, "uses"), declared)
        if spec is None:
            return None
    except ExternalError as error:
        complaints.broken(error, (*path, "uses"))
        return None
    before = len(complaints.problems)
    given = raw.get("with") or {}
    parameters = _parameters(spec, given, frame, declared)
    if spec.name != name:  # the hint on the name says what is needed
        complaints.without("SA308", before)
    reached = declared.reach.carried(spec, parameters)
    reached = _chosen(spec, parameters, reached, (*path, "with", "streams"), declared)
    if not reached and len(complaints.problems) == before:
        complaints.add(
            "SA504",
            (*path, "uses"),
            f"{spec.name} reaches no stream of this sample",
            expected=f"a stream that is carried by {' or '.join(spec.makes)} maps",
        )
    mixes = "mix" in spec.makes and not spec.alone
    if "partner" in raw and not mixes:
        _mixes_with_nobody(name, (*path, "partner"), declared)
    if spec.name == name and "with" not in raw and not isinstance(raw.get("sync"), Mapping):
        _warn_of_nothing(spec, (*path, "uses"), declared)
    use = Use(spec, parameters, reached, given, path)
    for require in TRANSFORM_RULES:
        require(use, declared)
    return frame.step(
        "transform",
        transform=name,
        parameters=parameters,
        streams=reached,
        sync=jittered(raw.get("sync", "strict"), use, (*path, "sync"), complaints),
        partner=raw.get("partner", "uniform") if mixes else "",
    )


def _meant(name: str, path: Path, declared: Declared) -> TransformSpec | None:
    """The transform of that name; after complaining, the one that was probably meant, or None.

    Raises ExternalError for one that an installed package brings and that cannot be used.
    """
    try:
        return transform(name)
    except KeyError:
        known = (*transform_names(), *external_names(TRANSFORMS))
    near = meant("transforms", name, known)
    near = near if near.hint else _operation_of(name)
    near = near if near.hint else guess(name, known)
    hint = near.hint
    expected = "" if hint else f"one of {', '.join(known)}, or an operation under apply:"
    declared.complaints.add(
        "SA302", path, f"unknown transform {name!r}", expected=expected, hint=hint
    )
    return transform(near.name) if near.name else None


def _operation_of(name: str) -> Guess:
    """A hint where a library's operation is called so."""
    for spelling in spellings(name):
        for full in same_operations(spelling):
            spec = operation(full)
            if spec.refused:
                return Guess(hint=f"{full} cannot be used: {spec.refused}")
            stream = f"{spec.takes[0].upper()}_STREAM"
            return Guess(hint=f"write apply: {{{stream}: {{op: {full}}}}}")
    return Guess()


def _warn_of_nothing(spec: TransformSpec, path: Path, declared: Declared) -> None:
    """Warn of a step without parameters that changes nothing: its amounts are those of no change.

    Transforms of other libraries draw from ranges of their own there.
    """
    amounts = {name: p for name, p in spec.parameters.items() if p.neutral is not None}
    if amounts and all(p.default == p.neutral for p in amounts.values()):
        declared.complaints.add(
            "SA623",
            path,
            f"{spec.name} without with: changes nothing",
            hint=f"say how much, such as with: {{{next(iter(amounts))}: [LOW, HIGH]}}; its amounts "
            f"are {', '.join(amounts)}",
            severity="warning",
        )


def _mixes_with_nobody(name: str, path: Path, declared: Declared) -> None:
    mixing = [
        name
        for name in transform_names()
        if "mix" in transform(name).makes and not transform(name).alone
    ]
    declared.complaints.add(
        "SA312",
        path,
        f"{name} mixes with no partner",
        expected=f"one of {', '.join(mixing)}, or no partner",
        key=True,
    )


def _parameters(
    spec: TransformSpec,
    given: Mapping[str, Any],
    frame: Frame,
    declared: Declared,
) -> dict[str, Value]:
    streams = declared.streams
    parameters = _own_parameters(spec.name)
    if spec.stream_parameters:
        of_streams = _of_streams(spec.name)
        parameters = parameters | {
            name: of_streams.get(stream.modality, _KEPT)
            for name, stream in streams.items()
            if (stream.modality in of_streams or words_of(spec, stream) == (KEEP,))
            and name not in parameters
        }
    inside, uses = (*frame.path, "with"), (*frame.path, "uses")
    owner = Owner(
        spec.name,
        frame.path,
        inside=inside,
        missing=inside if given else uses,
        address=lambda name: f"{frame.name}.{name}",
        others=f"parameters/{spec.name}",
    )

    def nothing_of_its_own(name: str) -> str:
        stream = streams.get(name)
        return f" (which does nothing of its own to {stream.modality})" if stream else ""

    out = compile_parameters(
        given,
        parameters,
        owner,
        frame.scope,
        declared.complaints,
        spaces=declared.index.names,
        unknown=nothing_of_its_own,
    )
    if "mix" in spec.makes:
        out |= default_words(spec, streams, given)
    _require_one(spec, given, parameters, frame.path, declared)
    return out


def _require_one(
    spec: TransformSpec,
    given: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
    path: Path,
    declared: Declared,
) -> None:
    """Complain where none or several of the parameters are given of which one is needed."""
    chosen = [name for name in given if name in spec.one_of]
    for name, other in spec.instead.items():
        if name in given and other in given:
            declared.complaints.add(
                "SA308",
                (*path, "with", other),
                f"{spec.name} takes {name} in the place of {other}, and both are given",
                expected=f"{name} or {other}",
                hint="remove one of them",
                key=True,
            )
    if len(chosen) == 1 or not spec.one_of:
        return
    names = " and ".join(spec.one_of)
    if chosen:
        declared.complaints.add(
            "SA308",
            (*path, "with", chosen[1]),
            f"{spec.name} takes one of {names}, and both are given",
            expected=f"{' or '.join(spec.one_of)}",
            hint="remove one of them",
            key=True,
        )
        return
    unknown = [name for name in given if name not in parameters]
    if any(guess(n, parameters, f"parameters/{spec.name}").name in spec.one_of for n in unknown):
        return  # it is given under another name, which is told
    declared.complaints.add(
        "SA308",
        (*path, "uses"),
        f"{spec.name} needs one of {names}",
        expected=f"{spec.one_of[0]}: NUMBER under with:",
    )


@cache
def _own_parameters(transform_name: str) -> dict[str, Parameter]:
    """The parameters of a transform that every sample may give."""
    return {
        name: _parameter(parameter)
        for name, parameter in transform(transform_name).parameters.items()
    }


def _parameter(parameter: TransformParameter) -> Parameter:
    domain = Domain.of(parameter.schema, fixed=_fixed(parameter.schema, parameter.space))
    more: dict[str, Any] = {
        name: getattr(parameter, name) for name in ("space", "unit", "seen_from")
    }
    if parameter.required:
        return Parameter(domain, "required", description=parameter.description, **more)
    if parameter.optional:
        return Parameter(domain, **more)
    return with_default(domain, parameter.default, **more)


_OF_POLICY = "write one; for several, write one_of: with a step for each"
_KEPT = Parameter(Domain({"type": "string", "enum": [KEEP]}, fixed=_OF_POLICY))
"""What a stream of a modality may get of which the transform says nothing."""


@cache
def _of_streams(transform_name: str) -> dict[str, Parameter]:
    """The parameter that a stream of each modality may get by its own name."""
    return {
        modality: Parameter(Domain(schema, fixed=_OF_POLICY))
        for modality, schema in transform(transform_name).stream_parameters.items()
    }


def _fixed(schema: Mapping[str, Any], space: str) -> str:
    if space:
        return "A step acts on the same space for every sample."
    return "A list is given once, for all samples." if schema.get("type") == "array" else ""


def _chosen(
    spec: TransformSpec,
    parameters: Mapping[str, Value],
    reached: _Reached,
    path: Path,
    declared: Declared,
) -> _Reached:
    """Those of the streams reached that the parameter `streams` names, if it is given."""
    chosen = parameters.get("streams")
    if "streams" not in spec.parameters or not isinstance(chosen, Constant):
        return reached
    for index, name in enumerate(chosen.value):
        if declared.known(name, (*path, index)) and name not in reached:
            declared.complaints.add(
                "SA504",
                (*path, index),
                f"{spec.name} does nothing to {name!r}",
                expected=f"streams that {' or '.join(spec.makes)} maps carry",
            )
    return {name: kinds for name, kinds in reached.items() if name in chosen.value}
