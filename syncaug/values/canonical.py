"""One form for equal values: frozen in memory, canonical in JSON, comparable as table keys."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["canonical", "freeze", "scalar_key", "thaw_number"]

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INFINITIES = {"inf": math.inf, "-inf": -math.inf}


def freeze(value: Any) -> Any:
    """The same value with every list turned into a tuple, so that no caller can change a plan."""
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in value.items()}
    return value


def canonical(value: Any) -> Any:
    """The value as plain JSON data; numbers equal in value print equal (1.0 as 1, -0.0 as 0).

    Infinities become the strings "inf" and "-inf", which JSON has no number for. Raises ValueError
    for nan and TypeError for what JSON cannot hold.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if math.isnan(value):
            raise ValueError("nan is not a value of a policy")
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return int(value) if value.is_integer() else float(value)
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, Mapping):
        return {scalar_key(key): canonical(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")


def thaw_number(value: Any) -> Any:
    """Undo `canonical` for one number: "inf" and "-inf" become floats, all else is unchanged."""
    return _INFINITIES.get(value, value) if isinstance(value, str) else value


def scalar_key(value: Any) -> str:
    """The text by which a table key and a drawn value compare.

    YAML scalars that mean the same compare equal: 1, 1.0 and "1"; true and "true".
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
    return str(canonical(value))
