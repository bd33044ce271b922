"""The albumentations part of the catalogue."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from catalogue_colours import Shift, worst
from catalogue_knowledge import (
    BELOW_THE_END,
    COLOURING,
    COLOURS_STAY,
    DOMAINS,
    MIRRORING_BORDERS,
    MOVING,
    MUST_INCLUDE,
    PER_AXIS,
    RANGES_WITHOUT_DEFAULT,
    REFUSED,
    REPEATS,
    REQUIRED,
    SEVERAL,
    SMEARS,
    STAYS,
    TURNING,
    TURNS_HUE,
    WITHOUT,
)
from make_catalogue import (
    FAR,
    descriptions,
    domain,
    is_integer,
    is_pair_of_numbers,
    number_schema,
    plain,
    range_schema,
    same,
    summary,
)

from syncaug.backends import albumentations as adapter
from syncaug.catalogue import OperationSpec, ParameterSpec
from syncaug.catalogue.reader import Moves
from syncaug.maps.plane import FieldMap
from syncaug.randomness import Source

LIBRARY = "albumentations"
A = adapter.library
KINDS = ("uint8x3", "float32x3", "uint8x1", "float32x1")
_ABSTRACT = ("BasicTransform", "DualTransform", "ImageOnlyTransform", "Transform3D")


def catalogue() -> dict[str, Any]:
    """All of albumentations, as JSON."""
    return {
        "library": LIBRARY,
        "version": A.__version__,
        "operations": {cls.__name__: _operation(cls) for cls in _classes()},
    }


def _classes() -> list[type]:
    base = A.BasicTransform
    found = [getattr(A, name) for name in dir(A)]
    found = [cls for cls in found if inspect.isclass(cls) and issubclass(cls, base)]
    return sorted(
        {cls for cls in found if cls.__name__ not in _ABSTRACT}, key=lambda cls: cls.__name__
    )


def _operation(cls: type) -> dict[str, Any]:
    name = cls.__name__
    entry: dict[str, Any] = {
        "summary": summary(cls),
        "takes": ["image", "video"],
        "moves": "nothing",
    }
    refused = REFUSED.get(f"{LIBRARY}.{name}")
    if refused:
        return {**entry, "refused": refused}
    entry["parameters"] = {
        parameter: _parameter(cls, parameter, default)
        for parameter, default in _signature(cls).items()
    }
    entry["accepts"] = [kind for kind in KINDS if _accepted(cls, kind)]
    if not entry["accepts"]:
        raise AssertionError(
            f"{name} accepts no picture: give a reason in catalogue_knowledge.REFUSED"
        )
    entry["moves"], changes = _moves(cls, entry["accepts"][0])
    if entry["moves"] != "nothing":
        entry["takes"].append("mask")
        entry["changes"] = ["geometry", *changes]
        if "border_mode" in entry["parameters"]:
            entry["repeats"] = {"border_mode": MIRRORING_BORDERS, **REPEATS.get(name, {})}
        return entry
    entry["changes"] = [] if cls is A.NoOp else ["levels"]
    if _changes_colours(cls, entry["accepts"][0]):
        entry["changes"].append("colours")
        entry |= {"colours_stay": COLOURS_STAY[name]} if name in COLOURS_STAY else {}
        entry |= {"turns_hue": TURNS_HUE[name]} if name in TURNS_HUE else {}
    return entry


def _changes_colours(cls: type, kind: str) -> bool:
    name = cls.__name__
    if not kind.endswith("x3") or name in SMEARS:
        return False
    trials = [REQUIRED.get(name, {}), COLOURING.get(name, {})]
    return any(colour_shift(cls, kind, given).changes_colours for given in trials)


def colour_shift(cls: type, kind: str, given: dict[str, Any]) -> Shift:
    """What an operation with these values does to colours, at its worst."""
    operation = adapter.AlbumentationsOperation(_spec(cls, kind, given), "image", given)

    def run(picture: Any, seed: int) -> Any:
        return operation.run(picture, {}, Source(seed, "catalogue", 0).entropy("colour")).data

    return worst(run, kind.partition("x")[0])


def _signature(cls: type) -> dict[str, Any]:
    parameters = inspect.signature(cls.__init__).parameters
    return {
        name: p.default for name, p in parameters.items() if name not in ("self", "p", "strict")
    }


def _parameter(cls: type, name: str, default: Any) -> dict[str, Any]:
    full = f"{cls.__name__}.{name}"
    field = cls.InitSchema.model_fields.get(name)  # type: ignore[attr-defined]
    annotation, metadata = (field.annotation, field.metadata) if field else (Any, [])
    entry: dict[str, Any] = {"description": descriptions(cls).get(name, "")}
    if default is inspect.Parameter.empty:
        entry["required"] = True
        default = REQUIRED[cls.__name__][name]
    else:
        entry["default"] = plain(default)
    integer = is_integer(full, annotation, metadata, default)
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
    if trial is None and is_pair_of_numbers(name, default):
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


def picture(kind: str, height: int = 48, width: int = 64) -> np.ndarray[Any, Any]:
    """A smooth picture with some detail."""
    dtype, _, channels = kind.partition("x")
    y, x = np.mgrid[:height, :width]
    waves = [0.5 + 0.4 * np.sin(x / (4 + c) + y / (7 - c)) for c in range(int(channels))]
    levels = np.stack(waves, axis=-1)
    levels[height // 3 : height // 2, width // 4 : width // 2] = 0.9
    return (levels * 255).astype(np.uint8) if dtype == "uint8" else levels.astype(np.float32)


def _spec(cls: type, kind: str, given: dict[str, Any], moves: Moves = "nothing") -> OperationSpec:
    parameters = {n: ParameterSpec(n, {}, "fixed") for n in given}
    return OperationSpec(
        f"{LIBRARY}.{cls.__name__}",
        LIBRARY,
        "image",
        "",
        ("image",),
        moves,
        parameters,
        accepts=(kind,),
    )


def _accepted(cls: type, kind: str) -> bool:
    data = picture(kind)
    try:
        given = REQUIRED.get(cls.__name__, {})
        operation = adapter.AlbumentationsOperation(_spec(cls, kind, given), "image", given)
        results = [
            operation.run(data, {}, Source(i, "catalogue", 0).entropy("try")).data for i in range(3)
        ]
    except Exception:
        return False
    return all(
        r.dtype == data.dtype and r.ndim == 3 and r.shape[2] == data.shape[2] for r in results
    )


def _moves(cls: type, kind: str) -> tuple[str, list[str]]:
    """The space that an operation moves, and whether it may trade sides and change the size."""
    if issubclass(cls, A.ImageOnlyTransform) or cls.__name__ in STAYS:
        return "nothing", []
    name = cls.__name__
    moves, changes = "nothing", set()
    trials = [(MOVING.get(name, {}), 12)] + ([(TURNING[name], 1)] if name in TURNING else [])
    for values, seeds in trials:
        given = {**REQUIRED.get(name, {}), **values}
        operation = adapter.AlbumentationsOperation(
            _spec(cls, kind, given, "field"), "image", given
        )
        for seed in range(seeds):
            entropy = Source(seed, "catalogue", 0).entropy("move")
            found = operation.run(picture(kind), {}, entropy).moved
            if found.size != found.source:
                changes.add("size")
            if isinstance(found, FieldMap):
                moves = "field" if _bends(found) else moves
                continue
            if _trades_sides(found.matrix):
                changes.add("sides")
            if found.size != found.source or not np.allclose(found.matrix, np.eye(3)):
                moves = "plane" if moves == "nothing" else moves
    return moves, sorted(changes)


def _bends(found: FieldMap) -> bool:
    if found.size != found.source:
        return True
    height, width = found.valid.shape
    y, x = np.mgrid[:height, :width]
    away = np.abs(found.field - np.stack([x, y], axis=-1))[found.valid]
    return bool(away.size and away.max() >= 0.01)


def _trades_sides(matrix: Any) -> bool:
    """Whether what was left is not left any more: a mirror, or a turn by 45 degrees and more."""
    (a, b), (c, d) = np.asarray(matrix)[:2, :2]
    return bool(a * d - b * c < 0 or abs(np.degrees(np.arctan2(c - b, a + d))) >= 45)
