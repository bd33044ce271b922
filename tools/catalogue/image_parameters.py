"""The parameters of albumentations' operations: their form, their domain, how they are stored."""

from __future__ import annotations

import inspect
import re
from typing import Any

from tools.catalogue.image_facts import (
    BELOW_THE_END,
    DOMAINS,
    INTEGERS,
    MUST_INCLUDE,
    PAIRS_THAT_ARE_NO_RANGES,
    PER_AXIS,
    RANGES_WITHOUT_DEFAULT,
    REQUIRED,
    SEVERAL,
    WITHOUT,
)
from tools.catalogue.probing import (
    FAR,
    descriptions,
    domain,
    number_schema,
    plain,
    range_schema,
    same,
)

__all__ = ["parameter_of"]


def parameter_of(cls: type, name: str, default: Any) -> dict[str, Any]:
    """What the catalogue says of one parameter, whose default the signature gives."""
    full = f"{cls.__name__}.{name}"
    field = cls.InitSchema.model_fields.get(name)  # type: ignore[attr-defined]
    annotation, metadata = (field.annotation, field.metadata) if field else (Any, [])
    entry: dict[str, Any] = {"description": descriptions(cls).get(name, "")}
    if default is inspect.Parameter.empty:
        entry["required"] = True
        default = REQUIRED[cls.__name__][name]
    else:
        entry["default"] = plain(default)
    integer = _is_integer(full, annotation, metadata, default)
    if full in BELOW_THE_END:
        return entry | {
            "form": "fixed",
            "reason": BELOW_THE_END[full],
            "schema": _json_schema(cls, name),
        }
    trial = RANGES_WITHOUT_DEFAULT.get(full)
    scalar = isinstance(default, (int, float)) and not isinstance(default, bool)
    pair_annotated = "tuple[float, float]" in str(annotation) or "tuple[int, int]" in str(
        annotation
    )
    if trial is None and _is_pair_of_numbers(name, default):
        trial = float(default[1])
    elif trial is None and scalar and pair_annotated:
        trial = float(default) if default else 1.0
    if trial is not None:
        trial = float(round(trial)) if integer else trial
        widened = full in MUST_INCLUDE
        low, high = MUST_INCLUDE[full] if widened else (FAR, -FAR)
        bounds = domain(
            lambda v: _builds(
                cls, name, (min(v, low), max(v, high)) if widened else (v, v), integer
            ),
            trial,
            integer=integer,
        )
        bounds = DOMAINS.get(full, bounds)
        if widened:
            return entry | {
                "form": "range",
                **bounds,
                "schema": range_schema(bounds, integer=integer),
                "stored": "late",
            }
        entry |= {"form": "range", **bounds, "schema": range_schema(bounds, integer=integer)}
        if full in PER_AXIS:
            axes = dict.fromkeys(("x", "y"), entry["schema"])
            entry["schema"] = {
                "anyOf": [
                    *entry["schema"]["anyOf"],
                    {"type": "object", "properties": axes, "additionalProperties": False},
                ]
            }
        value: Any = (int(trial),) * 2 if integer else (trial,) * 2
    elif name in ("fill", "fill_mask", "drop_value"):
        return entry | {"form": "value", "schema": _json_schema(cls, name) or {"type": "number"}}
    elif scalar or (
        name
        in (
            "max_size",
            "ignore",
            "max_value",
            "drop_length",
            "pad_height_divisor",
            "pad_width_divisor",
        )
    ):
        integer = integer or (isinstance(default, int) and "float" not in str(annotation))
        trial = float(default) if scalar else 8.0
        enum = _enumeration(cls, name)
        if enum:
            entry |= {
                "form": "fixed",
                "reason": "it names a method of OpenCV",
                "schema": {"enum": enum},
                "integer": True,
            }
            return entry
        bounds = domain(lambda v: _builds(cls, name, v, integer), trial, integer=integer)
        bounds = DOMAINS.get(full, bounds)
        entry |= {"form": "value", **bounds, "schema": number_schema(bounds, integer=integer)}
        if default is None:
            entry["schema"] = {"anyOf": [entry["schema"], {"type": "null"}]}
        value = int(trial) if integer else trial
    elif isinstance(default, bool):
        entry |= {"form": "value", "schema": {"type": "boolean"}}
        value = not default
    else:
        schema = _json_schema(cls, name)
        if "enum" in schema and all(isinstance(item, str) for item in schema["enum"]):
            entry |= {"form": "value", "schema": schema}
            value = next((item for item in schema["enum"] if item != default), default)
        else:
            return entry | {"form": "fixed", "reason": "it is no single number", "schema": schema}
    if integer:
        entry["integer"] = True
    if full in SEVERAL:
        entry["several"] = True
    if name == "blur_limit":
        entry["odd"] = True
    if not _stored_as_attribute(cls, name, value):
        by_axis = full in PER_AXIS and _stored_as_attribute(cls, name, {"x": value, "y": value})
        entry["stored"] = "axes" if by_axis else "construct"
    return entry


def _enumeration(cls: type, name: str) -> list[Any]:
    schema = _json_schema(cls, name)
    return list(schema["enum"]) if "enum" in schema else []


def _json_schema(cls: type, name: str) -> dict[str, Any]:
    from pydantic import TypeAdapter

    field = cls.InitSchema.model_fields.get(name)  # type: ignore[attr-defined]
    if field is None:
        return {}
    try:
        schema = TypeAdapter(field.annotation).json_schema()
    except Exception:  # arrays and callables have none
        return {"type": "null"}
    return _untitled(schema)


def _untitled(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _untitled(value)
            for key, value in schema.items()
            if key not in ("title", "default")
        }
    return [_untitled(item) for item in schema] if isinstance(schema, list) else schema


def _builds(cls: type, name: str, value: Any, integer: bool) -> bool:
    if integer:
        value = tuple(map(int, value)) if isinstance(value, tuple) else int(value)
    try:
        return not _build(cls, **{name: value}).invalid_args
    except Exception:
        return False


def _build(cls: type, **values: Any) -> Any:
    given = dict(REQUIRED.get(cls.__name__, {}))
    for name in values:
        given |= WITHOUT.get(f"{cls.__name__}.{name}", {})
    return cls(**{**given, **values, "p": 1.0})


def _stored_as_attribute(cls: type, name: str, value: Any) -> bool:
    built = _build(cls, **{name: value})
    instance = _build(cls)
    vars(instance).update(WITHOUT.get(f"{cls.__name__}.{name}", {}))
    if not hasattr(instance, name):
        return False
    setattr(instance, name, value)
    return same(built, instance)


def _is_pair_of_numbers(name: str, default: Any) -> bool:
    """Whether a default looks like a range: two numbers, under a name not known otherwise."""
    return (
        name not in PAIRS_THAT_ARE_NO_RANGES
        and isinstance(default, (tuple, list))
        and len(default) == 2
        and all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in default)
    )


def _is_integer(full_name: str, annotation: Any, metadata: Any, default: Any) -> bool:
    """Whether the library wants integers: by its type, its validators, or our own knowledge."""
    text = str(annotation)
    numbers = re.sub(
        r"NoneType|None|tuple|list|\W|Annotated|Union|Optional|typing|AfterValidator", " ", text
    )
    only_int = "int" in numbers.split() and "float" not in numbers.split()
    rounds = any(getattr(getattr(m, "func", None), "__name__", "") == "float2int" for m in metadata)
    return full_name in INTEGERS or ((only_int or rounds) and not isinstance(default, float))
