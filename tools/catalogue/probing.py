"""Finding out what a library's classes take: their words, their parameters and the domains."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = [
    "FAR",
    "descriptions",
    "domain",
    "number_schema",
    "plain",
    "range_schema",
    "same",
    "summary",
]

FAR = 1e6
"""A number beyond all domains."""


def summary(cls: type) -> str:
    """The first sentence of a class's docstring."""
    text = " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())
    sentence = re.split(r"(?<=[a-z0-9)\]])\.(?:\s|$)", text)[0].strip()
    return (sentence or cls.__name__)[:200].rstrip(".") + "."


def descriptions(cls: type) -> dict[str, str]:
    """Parameter -> its first sentence, from Google-style `Args:` or Sphinx `:param type name:`."""
    doc = inspect.getdoc(cls) or ""
    init = inspect.getdoc(cls.__init__) or ""
    found: dict[str, str] = {}
    for text in (init, doc):
        for match in re.finditer(
            r":param\s+(?:[\w/]+\s+)?(\w+):\s*(.+?)(?=\n\s*:|\n\n|\Z)", text, re.S
        ):
            found[match[1]] = _sentence(match[2])
        block = re.search(r"^Args:\n(.*?)(?=^\S|\Z)", text, re.S | re.M)
        if block:
            for match in re.finditer(
                r"^    (\w+)\s*(?:\([^\n]*\))?:\s*(.+?)(?=^    \w|\Z)", block[1], re.S | re.M
            ):
                found[match[1]] = _sentence(match[2])
    return found


def _sentence(text: str) -> str:
    return re.split(r"(?<=[a-z0-9)\]])\.\s", " ".join(text.split()))[0].strip()[:240]


def state(instance: Any) -> dict[str, Any]:
    """What construction left in an object, without generators and bookkeeping."""
    unlike = {"py_random", "random_generator", "_key2func", "_init_args", "invalid_args", "p"}
    return {name: value for name, value in vars(instance).items() if name not in unlike}


def same(one: Any, other: Any) -> bool:
    """Whether two constructed objects hold the same."""
    a, b = state(one), state(other)
    return a.keys() == b.keys() and all(_equal(a[name], b[name]) for name in a)


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b) or repr(a) == repr(b)
    except ValueError:  # arrays
        return repr(a) == repr(b)


def domain(accepts: Callable[[float], bool], known: float, *, integer: bool) -> dict[str, Any]:
    """Where `accepts` changes its mind on either side of `known`, by bisection."""
    found: dict[str, Any] = {}
    for side, sign in (("minimum", -1.0), ("maximum", 1.0)):
        if accepts(sign * FAR):
            continue
        inside, outside = known, sign * FAR
        for _ in range(100):
            middle = (inside + outside) / 2
            if integer:
                middle = float(round(middle))
            if middle in (inside, outside):
                break
            inside, outside = (middle, outside) if accepts(middle) else (inside, middle)
        bound = inside if integer else _simple(inside, outside)
        found[side] = bound
        if not accepts(bound):
            found[f"exclusive_{side}"] = True
    return found


def _simple(inside: float, outside: float) -> float:
    """The number with the fewest digits at the border."""
    for digits in range(7):
        if abs(round(inside, digits) - inside) <= 1e-9 * max(1.0, abs(inside)):
            return round(inside, digits) + 0.0
    return inside


def number_schema(bounds: Mapping[str, Any], *, integer: bool) -> dict[str, Any]:
    """The JSON Schema of one number in a domain."""
    schema: dict[str, Any] = {"type": "integer" if integer else "number"}
    for side in ("minimum", "maximum"):
        if side in bounds:
            exclusive = bounds.get(f"exclusive_{side}", False)
            schema["exclusive" + side.capitalize() if exclusive else side] = bounds[side]
    return schema


def range_schema(bounds: Mapping[str, Any], *, integer: bool) -> dict[str, Any]:
    """The JSON Schema of one number, or of a pair [low, high]."""
    number = number_schema(bounds, integer=integer)
    pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    return {"anyOf": [number, pair]}


def plain(value: Any) -> Any:
    """A default as JSON."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if isinstance(value, (bool, int, float, str, type(None))) else None
