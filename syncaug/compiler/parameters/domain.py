"""Domains: what a parameter may be, asked of constants and of all that can be drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.values.interval import Interval, Support

__all__ = ["Domain", "bounds", "closed_bounds", "expected", "mismatch", "outside"]


@dataclass(frozen=True, slots=True)
class Domain:
    """What a parameter may be: JSON Schema for constants, and whether it may vary per sample.

    `fixed` is the reason why it may not vary, empty where it may. `ranges` says that a pair of
    numbers means a draw between them; `integers` that the draw is of whole numbers. `number` bounds
    one drawn or linked number where the schema also allows other forms, such as a library's pair.
    """

    schema: Mapping[str, Any]
    ranges: bool = False
    integers: bool = False
    fixed: str = ""
    number: Mapping[str, Any] = field(default_factory=dict)

    @property
    def single(self) -> Mapping[str, Any]:
        """The schema of one value of one sample."""
        return self.number or self.schema

    @staticmethod
    def of(schema: Mapping[str, Any], *, fixed: str = "") -> Domain:
        """The domain of a plain scalar or array schema."""
        kind = schema.get("type")
        return Domain(schema, kind in ("number", "integer"), kind == "integer", fixed)


def outside(support: Support, domain: Domain) -> str:
    """What was expected, where some value of `support` is outside the domain; else empty."""
    schema = domain.single
    if not isinstance(support, Interval):
        for candidate in support:
            wrong = mismatch(candidate, schema)
            if wrong:
                return wrong
        return ""
    if not _takes_numbers(schema):
        return expected(schema)
    low, high, open_low, open_high = bounds(schema)
    below = support.low < low or (open_low and support.low == low)
    above = support.high > high or (open_high and support.high == high)
    return expected(schema) if below or above else ""


def _takes_numbers(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "number" in kinds or "integer" in kinds:
        return True
    return any(
        _takes_numbers(option) for key in ("anyOf", "oneOf") for option in schema.get(key, ())
    )


def bounds(schema: Mapping[str, Any]) -> tuple[float, float, bool, bool]:
    """Lowest and highest number of a schema, and whether each is itself excluded."""
    for key in ("anyOf", "oneOf"):
        for option in schema.get(key, ()):
            if option.get("type") in ("number", "integer"):
                return bounds(option)
    open_low, open_high = "exclusiveMinimum" in schema, "exclusiveMaximum" in schema
    low = schema.get("exclusiveMinimum", schema.get("minimum", -math.inf))
    high = schema.get("exclusiveMaximum", schema.get("maximum", math.inf))
    return float(low), float(high), open_low, open_high


def closed_bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    """The lowest and the highest number that a schema admits; the next float where one is excluded.

    A number that is clipped to them always fits.
    """
    low, high, open_low, open_high = bounds(schema)
    return (
        math.nextafter(low, math.inf) if open_low else low,
        math.nextafter(high, -math.inf) if open_high else high,
    )


def mismatch(value: Any, schema: Mapping[str, Any]) -> str:
    """What the schema expects where `value` does not fit it; else empty.

    Plain numbers and words are compared here; everything else is asked of jsonschema, whose import
    alone takes longer than compiling a policy.
    """
    kind = schema.get("type")
    if isinstance(value, float) and not math.isfinite(value):
        return expected(schema)
    if (
        kind in ("number", "integer")
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        if kind == "integer" and value != int(value):
            return expected(schema)
        low, high, open_low, open_high = bounds(schema)
        fits = (value > low if open_low else value >= low) and (
            value < high if open_high else value <= high
        )
        return "" if fits else expected(schema)
    if kind == "string" and isinstance(value, str) and not set(schema) - {"type", "enum"}:
        return "" if value in schema.get("enum", (value,)) else expected(schema)
    if kind == "boolean" and isinstance(value, bool):
        return ""
    if kind == "array" and isinstance(value, list | tuple) and "items" in schema:
        count = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf)
        fits = count and not any(mismatch(item, schema["items"]) for item in value)
        return "" if fits else expected(schema)
    from jsonschema import Draft202012Validator

    plain = list(value) if isinstance(value, tuple) else value
    return "" if Draft202012Validator(schema).is_valid(plain) else expected(schema)


def expected(schema: Mapping[str, Any]) -> str:
    """A schema in words, as it stands after `expected`."""
    if "enum" in schema:
        return "one of " + ", ".join(str(word) for word in schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(expected(option) for option in schema[key]))
    kind = schema.get("type", "a value")
    if kind == "array":
        count = schema.get("minItems")
        same = count is not None and count == schema.get("maxItems")
        inner = expected(schema["items"]) if isinstance(schema.get("items"), Mapping) else "values"
        return f"a list of {count} of: {inner}" if same else f"a list of: {inner}"
    if kind in ("number", "integer"):
        low, high, open_low, open_high = bounds(schema)
        name = "a whole number" if kind == "integer" else "a number"
        parts = []
        if math.isfinite(low):
            parts.append(f"above {low:g}" if open_low else f"from {low:g}")
        if math.isfinite(high):
            parts.append(f"below {high:g}" if open_high else f"up to {high:g}")
        return " ".join([name, *parts])
    return {
        "string": "a word",
        "boolean": "true or false",
        "null": "null",
        "object": "a mapping",
    }.get(kind if isinstance(kind, str) else "", "a value of another kind")
