"""The step that may `apply:` operations of the libraries: the calls of each stream."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from syncaug import catalogue
from syncaug.catalogue import OperationSpec, ParameterSpec
from syncaug.catalogue.reader import same_operations
from syncaug.catalogue.transforms import transform_names
from syncaug.compiler.complaints import Path
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.domain import Domain
from syncaug.compiler.parameters.parameters import (
    Owner,
    Parameter,
    compile_parameters,
    with_default,
)
from syncaug.compiler.reach.applied import Applied
from syncaug.compiler.rules.borders import require_single
from syncaug.compiler.rules.recolouring import require_recoloured
from syncaug.compiler.rules.worlds import require_normals, require_similar
from syncaug.compiler.steps.following import following
from syncaug.compiler.steps.frame import Frame
from syncaug.compiler.steps.single_numbers import warn_of_single_numbers
from syncaug.compiler.steps.sync import unjittered
from syncaug.errors import ExternalError
from syncaug.plan.step import Call, Step
from syncaug.policy.other_names import meant
from syncaug.policy.suggest import guess, suggest
from syncaug.values.interval import Support

__all__ = ["compile_operations"]


def compile_operations(raw: Mapping[str, Any], frame: Frame, declared: Declared) -> Step:
    """The step that `frame` begins, with its calls: leaders before followers."""
    applied = _applied(raw["apply"], frame, declared)
    require_recoloured(applied, declared)
    followers = following(applied, declared)
    require_single(applied, followers, declared)
    keeping = (Call(name, "", {}) for name in applied.keeping)
    calls = (*applied.calls, *followers, *keeping)
    return frame.step(
        "operations",
        calls=calls,
        streams={call.stream: ("operation",) for call in calls if not call.keeps},
        sync=unjittered(raw.get("sync", "strict"), (*frame.path, "sync"), declared.complaints),
    )


def _applied(raw: Mapping[str, Any], frame: Frame, declared: Declared) -> Applied:
    path: Path = (*frame.path, "apply")
    calls: list[Call] = []
    words: dict[str, list[str]] = {"follow": [], "keep": []}
    refused: list[str] = []
    variables = frozenset(variable.name for variable in frame.variables)
    for name, given in raw.items():
        if not declared.known(name, (*path, name), key=True):
            continue
        if isinstance(given, str):
            words[given].append(name)
            continue
        items = given if isinstance(given, list) else [given]
        for index, item in enumerate(items):
            where = (*path, name, index) if isinstance(given, list) else (*path, name)
            address = f"{frame.name}.{name}/{index}" if index else f"{frame.name}.{name}"
            taken = variables if address == f"{frame.name}.draw" else frozenset()
            call = _call(name, item, frame.scope, (address, taken), where, declared)
            if call is not None:
                calls.append(call)
            else:
                refused.append(name)
    if len(alone := {call.stream for call in calls}) == 1 and not refused:
        stream = alone.pop()
        warn_of_single_numbers(raw[stream], (*path, stream), declared.complaints)
    return Applied(calls, words["follow"], words["keep"], frame.scope, path, refused)


def _call(
    stream: str,
    raw: Mapping[str, Any],
    scope: Mapping[str, Support],
    address: tuple[str, frozenset[str]],
    path: Path,
    declared: Declared,
) -> Call | None:
    """One operation on one stream; None after complaining that there is none."""
    spec = _usable(raw["op"], stream, (*path, "op"), declared)
    if spec is None:
        return None
    known = _parameters(spec.name)
    given = {name: value for name, value in raw.items() if name != "op"}
    inside = path
    if "with" in given and "with" not in known and isinstance(given["with"], Mapping):
        flat = "".join(f", {name}: ..." for name in given["with"] if name in known)
        hint = f"parameters stand beside op: write {{op: {spec.name}{flat}}}"
        message = f"unknown parameter of {spec.name} 'with'"
        declared.complaints.add("SA307", (*path, "with"), message, hint=hint, key=True)
        given, inside = dict(given["with"]), (*path, "with")
    start, taken = address
    owner = Owner(
        spec.name,
        path,
        inside=inside,
        missing=(*path, "op"),
        address=lambda name: f"{start}/0.{name}" if name in taken else f"{start}.{name}",
        others="operations",
    )
    parameters = compile_parameters(given, known, owner, scope, declared.complaints, spaces={})
    call = Call(stream, spec.name, parameters)
    require_similar(call, spec, path, declared)
    require_normals(call, spec, path, declared)
    return call


def _usable(name: str, stream: str, path: Path, declared: Declared) -> OperationSpec | None:
    """The operation of that name, if there is one and it takes the stream."""
    complaints, modality = declared.complaints, declared.streams[stream].modality
    try:
        spec = catalogue.operation(name)
    except ExternalError as error:
        complaints.broken(error, path)
        return None
    except KeyError:
        known = catalogue.names([name.partition(".")[0]])
        same = same_operations(name)
        hint = f"did you mean {same[0]!r}?" if same else suggest(name, known)
        own = guess(name, transform_names(), "transforms").name
        if own and (name in transform_names() or not hint):
            hint = f"{own} is a transform: write a step uses: {own}"
        elsewhere = meant("transforms", name, ())
        if not same and elsewhere.hint:
            hint = elsewhere.hint  # such as Compose, which is near to Crop
        complaints.add("SA303", path, f"unknown operation {name!r}", hint=hint)
        return None
    if spec.refused:
        complaints.add("SA309", path, f"{name} cannot be used", hint=spec.refused)
        return None
    if modality not in spec.takes:
        takes = " or ".join(spec.takes)
        message = f"{name} does not take {modality} streams"
        complaints.add("SA310", path, message, expected=takes)
        return None
    return spec


@cache
def _parameters(operation: str) -> dict[str, Parameter]:
    """What may be written for each parameter of an operation."""
    return {
        name: _parameter(parameter)
        for name, parameter in catalogue.operation(operation).parameters.items()
    }


def _parameter(parameter: ParameterSpec) -> Parameter:
    domain = _domain(parameter)
    if parameter.required:
        return Parameter(domain, "required", description=parameter.description)
    if _drawable(parameter):
        return with_default(domain, list(parameter.default))
    return Parameter(domain)


def _domain(parameter: ParameterSpec) -> Domain:
    """The domain of a library's parameter, by the form in which the library takes it."""
    if parameter.form == "fixed":
        return Domain(parameter.schema, fixed=parameter.reason)
    number: dict[str, Any] = {"type": "integer" if parameter.integer else "number"}
    if parameter.minimum is not None:
        key = "exclusiveMinimum" if parameter.exclusive_minimum else "minimum"
        number[key] = parameter.minimum
    if parameter.maximum is not None:
        key = "exclusiveMaximum" if parameter.exclusive_maximum else "maximum"
        number[key] = parameter.maximum
    if parameter.form == "range":
        ranges = not parameter.several
        return Domain(parameter.schema, ranges, parameter.integer, number=number)
    plain = Domain.of(parameter.schema)
    return Domain(
        parameter.schema, plain.ranges, plain.integers, number=number if plain.ranges else {}
    )


def _drawable(parameter: ParameterSpec) -> bool:
    """Whether a parameter that is not given is a range from which we draw one number."""
    default = parameter.default
    return (
        parameter.form == "range"
        and not parameter.several
        and isinstance(default, list | tuple)
        and len(default) == 2
        and all(
            isinstance(number, int | float) and not isinstance(number, bool) for number in default
        )
    )
