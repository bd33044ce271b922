"""Scalars of the YAML 1.2 core schema: `on` is a word, `012` is 12, `1e-3` is a number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

__all__ = ["CORE_TAGS", "Scalar", "ScalarError", "resolve", "tagged"]

Scalar = str | int | float | bool | None

_PREFIX = "tag:yaml.org,2002:"
CORE_TAGS = frozenset(_PREFIX + kind for kind in ("null", "bool", "int", "float", "str"))
"""The tags that a scalar may bear."""

_LARGEST_INTEGER = 2**64
_BEGINNINGS = frozenset("+-.0123456789nNtTfF~")
_CORE = re.compile(
    r"(?P<null>null|Null|NULL|~|)"
    r"|(?P<bool>true|True|TRUE|false|False|FALSE)"
    r"|(?P<int>[-+]?[0-9]+)"
    r"|(?P<octal>0o[0-7]+)"
    r"|(?P<hexadecimal>0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<infinite>[-+]?\.(?:inf|Inf|INF))"
    r"|(?P<nan>\.(?:nan|NaN|NAN))"
)


class ScalarError(ValueError):
    """A scalar cannot be held as a number, or is not of its tag."""


def resolve(text: str) -> Scalar:
    """What a plain scalar means. Raises ScalarError for a number that is too large."""
    if text and text[0] not in _BEGINNINGS:
        return text
    match = _CORE.fullmatch(text)
    if match is None:
        return text
    return _CONVERT[str(match.lastgroup)](text)


def tagged(tag: str, text: str) -> Scalar:
    """What a scalar with an explicit core tag means. Raises ScalarError where it does not fit."""
    kind = tag.removeprefix(_PREFIX)
    if kind == "str":
        return text
    value = resolve(text)
    if kind == "float" and type(value) is int:
        value = float(value)
    fits = {"null": type(None), "bool": bool, "int": int, "float": float}[kind]
    if type(value) is not fits:
        raise ScalarError(f"{_short(text)!r} is no {kind}")
    return value


def _integer(text: str, base: int = 10) -> int:
    # Python refuses to read more than 4300 digits, and JSON readers lose them beyond 64 bits.
    number = int(text, base) if len(text) <= 80 else _LARGEST_INTEGER
    if abs(number) >= _LARGEST_INTEGER:
        raise ScalarError(f"the whole number {_short(text)} needs more than 64 bits")
    return number


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ScalarError(f"the number {_short(text)} is too large")
    return number


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:21]}..."


_CONVERT: Mapping[str, Callable[[str], Scalar]] = {
    "null": lambda text: None,
    "bool": lambda text: text[0] in "tT",
    "int": _integer,
    "octal": lambda text: _integer(text[2:], 8),
    "hexadecimal": lambda text: _integer(text[2:], 16),
    "float": _float,
    "infinite": lambda text: -math.inf if text[0] == "-" else math.inf,
    "nan": lambda text: math.nan,
}
