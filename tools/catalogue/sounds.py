"""The audiomentations part of the catalogue."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any, Literal, get_args, get_origin, get_type_hints

import audiomentations
import numpy as np

from syncaug.backends import audiomentations as adapter
from syncaug.catalogue import OperationSpec, ParameterSpec
from syncaug.randomness import Source
from tools.catalogue.probing import descriptions, domain, number_schema, plain, same, summary
from tools.catalogue.sound_facts import CLOCKS, DOMAINS, FIXED, LENGTHS, PITCHES, REFUSED, REQUIRED

__all__ = ["LIBRARY", "catalogue"]

LIBRARY = "audiomentations"
RATE = 16000


def catalogue() -> dict[str, Any]:
    """All of audiomentations, as JSON."""
    return {
        "library": LIBRARY,
        "version": version(LIBRARY),
        "operations": {cls.__name__: _operation(cls) for cls in _classes()},
    }


def _classes() -> list[type]:
    from audiomentations.core.transforms_interface import BaseWaveformTransform

    found = [getattr(audiomentations, name) for name in dir(audiomentations)]
    found = [
        cls for cls in found if inspect.isclass(cls) and issubclass(cls, BaseWaveformTransform)
    ]
    return sorted(found, key=lambda cls: cls.__name__)


def _operation(cls: type) -> dict[str, Any]:
    name = cls.__name__
    moves = "clock" if name in CLOCKS else "nothing"
    entry: dict[str, Any] = {"summary": summary(cls), "takes": ["audio"], "moves": moves}
    refused = REFUSED.get(name)
    if refused:
        return {**entry, "refused": refused}
    entry["parameters"] = {
        parameter: _parameter(cls, parameter, default)
        for parameter, default in _signature(cls).items()
    }
    entry["accepts"] = [kind for kind in ("x1", "x2") if _accepted(cls, kind)]
    if not entry["accepts"]:
        raise AssertionError(f"{name} accepts no sound: give a reason in sound_facts.REFUSED")
    entry["changes"] = ["time"] if name in CLOCKS else ["sound"]
    entry["changes"] += ["length"] if name in LENGTHS else []
    entry["changes"] += ["pitch"] if name in PITCHES else []
    return entry


def _signature(cls: type) -> dict[str, Any]:
    parameters = inspect.signature(cls.__init__).parameters
    variadic = inspect.Parameter.VAR_KEYWORD
    return {
        name: p.default
        for name, p in parameters.items()
        if name not in ("self", "p") and p.kind != variadic
    }


def _parameter(cls: type, name: str, default: Any) -> dict[str, Any]:
    full = f"{cls.__name__}.{name}"
    hint = get_type_hints(cls.__init__).get(name, type(default))
    entry: dict[str, Any] = {"description": descriptions(cls).get(name, "")}
    if default is inspect.Parameter.empty:
        entry["required"] = True
        default = REQUIRED[cls.__name__][name]
    else:
        entry["default"] = plain(default)
    if full in FIXED:
        reason, schema = FIXED[full]
        return entry | {"form": "fixed", "reason": reason, "schema": schema}
    if get_origin(hint) is Literal:
        value = next(choice for choice in get_args(hint) if choice != default)
        entry |= {"form": "value", "schema": {"enum": list(get_args(hint))}}
    elif isinstance(default, bool):
        value = not default
        entry |= {"form": "value", "schema": {"type": "boolean"}}
    else:
        integer = hint is int or (
            isinstance(default, int) and hint is not float and "float" not in str(hint)
        )
        trial = REQUIRED.get(cls.__name__, {}).get(name, default)
        trial = float(trial) if trial is not None else (4000.0 if integer else 0.5)
        bounds = DOMAINS.get(full)
        if bounds is None:
            bounds = domain(
                lambda v: _builds(cls, name, int(v) if integer else v), trial, integer=integer
            )
        entry |= {"form": "value", **bounds, "schema": number_schema(bounds, integer=integer)}
        if default is None:
            entry["schema"] = {"anyOf": [entry["schema"], {"type": "null"}]}
        if name in ("fade_duration", "crossfade_duration"):  # 0 turns the fade off
            entry["schema"] = {"anyOf": [{"const": 0}, entry["schema"]]}
        if integer:
            entry["integer"] = True
        value = int(trial) if integer else trial
    if not _stored_as_attribute(cls, name, value):
        entry["stored"] = "construct"
    return entry


def _partner(cls: type, name: str) -> str:
    """The other end of a min_x, max_x pair, or nothing."""
    other = {"min_": "max_", "max_": "min_"}.get(name[:4], "") + name[4:]
    return other if other != name[4:] and other in _signature(cls) else ""


def _build(cls: type, **values: Any) -> Any:
    required = {} if set(values) & {"duration_samples"} else REQUIRED.get(cls.__name__, {})
    return cls(**{**required, **values, "p": 1.0})


def _builds(cls: type, name: str, value: Any) -> bool:
    other = _partner(cls, name)
    try:
        _build(cls, **{name: value}, **({other: value} if other else {}))
    except Exception:
        return False
    return True


def _stored_as_attribute(cls: type, name: str, value: Any) -> bool:
    other = _partner(cls, name)
    values = {name: value, **({other: value} if other else {})}
    built, instance = _build(cls, **values), _build(cls)
    if not all(hasattr(instance, each) for each in values):
        return False
    if "duration_samples" in values:
        return False
    for each in values:
        setattr(instance, each, value)
    return same(built, instance)


def sound(kind: str, seconds: float = 2.0) -> np.ndarray[Any, Any]:
    """A chord that swells; two channels differ."""
    time = np.arange(round(seconds * RATE)) / RATE
    tones = [
        sum(np.sin(2 * np.pi * f * (1 + c / 7) * time) for f in (220, 555, 1900)) for c in range(2)
    ]
    wave = np.stack(tones) * 0.2 * (0.3 + 0.7 * time / seconds)
    return (wave if kind == "x2" else wave[0]).astype(np.float32)


def _accepted(cls: type, kind: str) -> bool:
    data = sound(kind)
    given = REQUIRED.get(cls.__name__, {})
    parameters = {n: ParameterSpec(n, {}, "fixed") for n in given}
    spec = OperationSpec(
        f"{LIBRARY}.{cls.__name__}",
        LIBRARY,
        "audio",
        "",
        ("audio",),
        "nothing",
        parameters,
        accepts=(kind,),
    )
    try:
        operation = adapter.AudiomentationsOperation(spec, given, {"sample_rate": RATE})
        result = operation.run(data, {}, Source(1, "catalogue", 0).entropy("try")).data
    except ValueError as error:
        print(spec.name, kind, error)
        return False
    return bool(result.ndim == data.ndim)
