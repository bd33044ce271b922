"""The JSON Schema of the policy language, for editors: it completes, explains and rejects.

Draft 7, which yaml-language-server knows best. What a step, a stream or an operation may say
depends on one of its keys, so each is an `if` on that key with a closed `then`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from syncaug.policy.choices import Several
from syncaug.policy.conditions import Absent, ContentTest, Present, VariableTest
from syncaug.policy.distributions import BetaTable, ChoiceTable, NormalTable
from syncaug.policy.draws import DISTRIBUTIONS
from syncaug.policy.link_kinds import ExpressionLink, Link
from syncaug.policy.model import Ablation, OnFail, Policy
from syncaug.policy.model_schema import model_schema
from syncaug.policy.robot_columns import ActionColumn, StateColumn
from syncaug.policy.step_values import Jitter
from syncaug.policy.steps import STEPS
from syncaug.policy.streams import STREAMS

__all__ = ["CheckLike", "OperationLike", "ParameterLike", "TransformLike", "dump", "policy_schema"]

Schema = dict[str, Any]

SCHEMA_ID = "urn:syncaug:policy:1"
"""The schema's name; the number is that of the language."""

_NO_SCHEMA = frozenset({"entry", "modality", "required", "space"})
"""What options of checks say of themselves that JSON Schema does not know."""
_DRAWN: tuple[Schema, ...] = (
    {"$ref": "#/definitions/distribution"},
    {"$ref": "#/definitions/link"},
)


class ParameterLike(Protocol):
    """What is asked of a parameter: its JSON Schema, its meaning, and whether it must be given."""

    @property
    def schema(self) -> Mapping[str, Any]: ...
    @property
    def description(self) -> str: ...
    @property
    def default(self) -> Any: ...
    @property
    def required(self) -> bool: ...


class TransformLike(Protocol):
    """What is asked of a transform. A parameter of its own `space` cannot vary."""

    @property
    def summary(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, ParameterLike]: ...
    @property
    def stream_parameters(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def one_of(self) -> tuple[str, ...]: ...


class OperationLike(Protocol):
    """What is asked of an operation. A parameter whose `form` is `fixed` cannot vary."""

    @property
    def summary(self) -> str: ...
    @property
    def refused(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, ParameterLike]: ...


class CheckLike(Protocol):
    """What is asked of a check: its options as JSON Schema."""

    @property
    def summary(self) -> str: ...
    @property
    def options(self) -> Mapping[str, Mapping[str, Any]]: ...


def policy_schema(
    transforms: Mapping[str, TransformLike],
    operations: Mapping[str, OperationLike],
    checks: Mapping[str, CheckLike],
) -> Schema:
    """The schema of all policies that name these transforms, operations and checks."""
    definitions = {
        "stream": _streams(),
        "distribution": _distribution(),
        "normal": model_schema(NormalTable),
        "beta": model_schema(BetaTable),
        "choice": model_schema(ChoiceTable),
        "link": {
            "anyOf": [
                _titled("link", model_schema(Link)),
                _titled("formula", model_schema(ExpressionLink)),
            ]
        },
        "condition": {
            "anyOf": [
                _titled(f"condition {word}", model_schema(model))
                for word, model in (
                    ("present", Present),
                    ("absent", Absent),
                    ("var", VariableTest),
                    ("stream", ContentTest),
                )
            ]
        },
        "jitter": model_schema(Jitter),
        "state_column": model_schema(StateColumn),
        "action_column": model_schema(ActionColumn),
        "several": model_schema(Several),
        "on_fail": model_schema(OnFail),
        "ablation": model_schema(Ablation),
        "step": _step(transforms),
        "operation": _operation(operations),
        "check": _check(checks),
        **{f"{name}_stream": model_schema(model) for name, model in STREAMS.items()},
        **{f"{key}_step": model_schema(model) for key, model in STEPS.items()},
        **{f"{name}_parameters": _parameters(spec) for name, spec in transforms.items()},
        **{name: _call(name, spec) for name, spec in operations.items() if not spec.refused},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_ID,
        "title": "syncaug policy",
        **model_schema(Policy),
        "definitions": {name: _titled(name, one) for name, one in sorted(definitions.items())},
    }


def dump(schema: Mapping[str, Any]) -> str:
    """The schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _titled(name: str, definition: Schema) -> Schema:
    """A definition with a title, by which editors call what they may insert."""
    return {"title": name.replace("_", " "), **definition}


# Parts of the language ---------------------------------------------------------------------------


def _streams() -> Schema:
    meanings = {
        name: model.model_fields["modality"].description or "" for name, model in STREAMS.items()
    }
    modality = _enum(meanings, "What kind of data the stream is.")
    options = {
        "title": "stream with options",
        "type": "object",
        "required": ["modality"],
        "properties": {"modality": modality},
        "allOf": _cases("modality", {name: f"{name}_stream" for name in STREAMS}),
    }
    return {"anyOf": [modality, options]}


def _distribution() -> Schema:
    properties: Schema = {}
    for model in DISTRIBUTIONS.values():
        properties |= model_schema(model)["properties"]
    return _single(properties)


def _step(transforms: Mapping[str, TransformLike]) -> Schema:
    """A step: its kind decides which keys it may have, and `uses` what is in `with`.

    While it has no kind, an editor offers the keys of all.
    """
    every: Schema = {}
    for model in STEPS.values():
        every |= {k: v for k, v in model_schema(model)["properties"].items() if k not in every}
    every["uses"] = _enum(
        {name: spec.summary for name, spec in transforms.items()}, "The transform."
    )
    kinds = [{"required": [key]} for key in STEPS]
    cases: list[Schema] = [{"if": {"not": {"anyOf": kinds}}, "then": {"properties": every}}]
    cases += [
        {"if": {"required": [key]}, "then": {"$ref": f"#/definitions/{key}_step"}} for key in STEPS
    ]
    cases.append({"if": {"required": ["uses"]}, "then": {"properties": {"uses": every["uses"]}}})
    for name, spec in transforms.items():
        then: Schema = {"properties": {"with": {"$ref": f"#/definitions/{name}_parameters"}}}
        if spec.one_of or any(parameter.required for parameter in spec.parameters.values()):
            then["required"] = ["with"]
        cases.append({"if": _is("uses", name), "then": then})
    return {
        "type": "object",
        "required": ["name"],
        "properties": {"name": every["name"]},
        "anyOf": kinds,
        "allOf": cases,
    }


def _parameters(spec: TransformLike) -> Schema:
    """What may stand under `with`; a transform that takes streams' own values takes any name."""
    closed = _object(
        {name: _parameter(parameter) for name, parameter in spec.parameters.items()},
        [name for name, parameter in spec.parameters.items() if parameter.required],
    )
    if spec.stream_parameters:
        kinds = {json.dumps(kind, sort_keys=True): kind for kind in spec.stream_parameters.values()}
        closed["additionalProperties"] = {"anyOf": [dict(kind) for kind in kinds.values()]}
    if spec.one_of:
        closed["oneOf"] = [{"required": [name]} for name in spec.one_of]
    return {"description": spec.summary, **closed}


def _operation(operations: Mapping[str, OperationLike]) -> Schema:
    usable = {name: spec.summary for name, spec in operations.items() if not spec.refused}
    return {
        "type": "object",
        "required": ["op"],
        "properties": {"op": _enum(usable, "The operation: library.Name.")},
        "allOf": _cases("op", {name: name for name in usable}),
    }


def _call(name: str, spec: OperationLike) -> Schema:
    op: Schema = {"const": name, "description": spec.summary}
    parameters = {key: _parameter(parameter) for key, parameter in spec.parameters.items()}
    required = [key for key, parameter in spec.parameters.items() if parameter.required]
    return _object({"op": op, **parameters}, ["op", *required])


def _parameter(parameter: ParameterLike) -> Schema:
    """A constant, and where the parameter can vary also a range, a distribution or a link."""
    constant = dict(parameter.schema)
    form = getattr(parameter, "form", "value")
    kind = constant.get("type")
    fixed = form == "fixed" or bool(getattr(parameter, "space", "")) or kind == "array"
    if not fixed:
        options = [constant]
        if kind in ("number", "integer"):
            options.append({"type": "array", "items": constant, "minItems": 2, "maxItems": 2})
        constant = {"anyOf": [*options, *_DRAWN]}
    described = {"description": parameter.description} if parameter.description else {}
    given = {} if parameter.default is None else {"default": parameter.default}
    return {**described, **constant, **given}


def _check(checks: Mapping[str, CheckLike]) -> Schema:
    named = _enum({name: spec.summary for name, spec in checks.items()}, "The check.")
    options: Schema = {}
    for name, spec in checks.items():
        known = {
            key: {word: value for word, value in schema.items() if word not in _NO_SCHEMA}
            for key, schema in spec.options.items()
        }
        required = [key for key, schema in spec.options.items() if schema.get("required")]
        inner = _object(known, required) | {"type": ["object", "null"]}
        options[name] = {"description": spec.summary, **inner}
    return {"anyOf": [named, _single(options)]}


# Forms of JSON Schema -----------------------------------------------------------------------------


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    needed = list(required)
    return schema | ({"required": needed} if needed else {})


def _single(properties: Schema) -> Schema:
    """A mapping with one of these keys; `maxProperties` would keep editors from offering any."""
    return _object(properties, []) | {"oneOf": [{"required": [key]} for key in properties]}


def _enum(meanings: Mapping[str, str], description: str) -> Schema:
    return {
        "type": "string",
        "enum": list(meanings),
        "enumDescriptions": list(meanings.values()),
        "description": description,
    }


def _is(key: str, value: str) -> Schema:
    return {"required": [key], "properties": {key: {"const": value}}}


def _cases(key: str, definitions: Mapping[str, str]) -> list[Schema]:
    return [
        {"if": _is(key, value), "then": {"$ref": f"#/definitions/{definition}"}}
        for value, definition in definitions.items()
    ]
