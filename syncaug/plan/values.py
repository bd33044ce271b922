"""Values of a policy: raw YAML against the parameter's schema, to what the plan holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.plan.complaints import Complaints, Path
from syncaug.values.distributions import (
    Bernoulli,
    Beta,
    Choice,
    Distribution,
    Integers,
    LogUniform,
    Normal,
    Uniform,
)
from syncaug.values.distributions import Constant as ConstantDistribution
from syncaug.values.interval import Interval, Support, UnboundedError
from syncaug.values.links import ExpressionLink, Link, link_from_json
from syncaug.values.value import Constant, Drawn, Value

__all__ = [
    "Domain",
    "Scope",
    "compile_distribution",
    "compile_value",
    "is_distribution",
    "is_link",
    "mismatch",
]

Scope = Mapping[str, Support]
"""All that each variable in sight can be."""

_LINK_KEYS = frozenset({"from", "scale", "offset", "curve", "table", "clip", "expr"})
_WORDS = frozenset(
    {"uniform", "normal", "log_uniform", "choice", "bernoulli", "integers", "beta", "constant"}
)
_PAIRS: Mapping[str, Any] = {"uniform": Uniform, "log_uniform": LogUniform, "integers": Integers}
_TABLES: Mapping[str, Any] = {"normal": Normal, "beta": Beta}


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


def is_link(raw: Any) -> bool:
    """Whether a raw value is meant as a link."""
    return isinstance(raw, Mapping) and bool({"from", "expr"} & set(raw))


def is_distribution(raw: Any) -> bool:
    """Whether a raw value is meant as a distribution."""
    return isinstance(raw, Mapping) and len(raw) == 1 and next(iter(raw)) in _WORDS


def compile_value(
    raw: Any, domain: Domain, scope: Scope, address: str, path: Path, complaints: Complaints
) -> Value | None:
    """What the plan holds for a raw value, or None after complaining."""
    if is_link(raw):
        return _varying(_link(raw, scope, path, complaints), domain, scope, path, complaints)
    if is_distribution(raw):
        distribution = compile_distribution(raw, scope, path, complaints)
        if isinstance(distribution, ConstantDistribution):
            return _constant(distribution.value, domain, path, complaints)
        value = None if distribution is None else Drawn(distribution, address)
        return _varying(value, domain, scope, path, complaints)
    if domain.ranges and _is_pair(raw):
        return _range(raw, domain, scope, address, path, complaints)
    return _constant(raw, domain, path, complaints)


def _is_pair(raw: Any) -> bool:
    return (
        isinstance(raw, list | tuple)
        and len(raw) == 2
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in raw)
    )


def _range(
    raw: Any, domain: Domain, scope: Scope, address: str, path: Path, complaints: Complaints
) -> Value | None:
    if raw[0] == raw[1]:
        return _constant(raw[0], domain, path, complaints)
    try:
        distribution: Distribution = Integers(*raw) if domain.integers else Uniform(*raw)
    except ValueError as error:
        complaints.add("SA405", path, str(error))
        return None
    return _varying(Drawn(distribution, address), domain, scope, path, complaints)


def _constant(raw: Any, domain: Domain, path: Path, complaints: Complaints) -> Value | None:
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    wrong = mismatch(raw, domain.single if plain else domain.schema)
    if wrong:
        complaints.add("SA401", path, f"{_shown(raw)} does not fit", expected=wrong)
        return None
    return Constant(raw)


def _varying(
    value: Value | None, domain: Domain, scope: Scope, path: Path, complaints: Complaints
) -> Value | None:
    """Bound all that a value can be, and compare it with the domain."""
    if value is None:
        return None
    if domain.fixed:
        complaints.add(
            "SA404", path, "this parameter cannot vary from sample to sample", hint=domain.fixed
        )
        return None
    try:
        support = value.interval(scope)
    except (UnboundedError, ValueError) as error:
        complaints.add("SA402", path, str(error))
        return None
    wrong = _outside(support, domain)
    if wrong:
        what = "the link gives" if isinstance(value, Link | ExpressionLink) else "the draw gives"
        complaints.add("SA402", path, f"{what} {_ranged(support)}", expected=wrong)
        return None
    if isinstance(support, Interval) and domain.integers and not _draws_integers(value):
        complaints.add(
            "SA406",
            path,
            "whole numbers are needed",
            expected="integers: [low, high] or choice: [...]",
        )
        return None
    return value


def _draws_integers(value: Value) -> bool:
    return isinstance(value, Drawn) and isinstance(value.distribution, Integers)


def _outside(support: Support, domain: Domain) -> str:
    """What was expected, where some value of `support` is outside the domain; else empty."""
    schema = domain.single
    if not isinstance(support, Interval):
        for candidate in support:
            wrong = mismatch(candidate, schema)
            if wrong:
                return wrong
        return ""
    if not _takes_numbers(schema):
        return _expected(schema)
    low, high, open_low, open_high = _bounds(schema)
    below = support.low < low or (open_low and support.low == low)
    above = support.high > high or (open_high and support.high == high)
    return _expected(schema) if below or above else ""


def _takes_numbers(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if "number" in kinds or "integer" in kinds:
        return True
    return any(
        _takes_numbers(option) for key in ("anyOf", "oneOf") for option in schema.get(key, ())
    )


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float, bool, bool]:
    """Lowest and highest number of a schema, and whether each is itself excluded."""
    for key in ("anyOf", "oneOf"):
        for option in schema.get(key, ()):
            if option.get("type") in ("number", "integer"):
                return _bounds(option)
    open_low, open_high = "exclusiveMinimum" in schema, "exclusiveMaximum" in schema
    low = schema.get("exclusiveMinimum", schema.get("minimum", -math.inf))
    high = schema.get("exclusiveMaximum", schema.get("maximum", math.inf))
    return float(low), float(high), open_low, open_high


def mismatch(value: Any, schema: Mapping[str, Any]) -> str:
    """What the schema expects where `value` does not fit it; else empty.

    Plain numbers and words are compared here; everything else is asked of jsonschema, whose import
    alone takes longer than compiling a policy.
    """
    kind = schema.get("type")
    if isinstance(value, float) and not math.isfinite(value):
        return _expected(schema)
    if (
        kind in ("number", "integer")
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        if kind == "integer" and value != int(value):
            return _expected(schema)
        low, high, open_low, open_high = _bounds(schema)
        fits = (value > low if open_low else value >= low) and (
            value < high if open_high else value <= high
        )
        return "" if fits else _expected(schema)
    if kind == "string" and isinstance(value, str) and not set(schema) - {"type", "enum"}:
        return "" if value in schema.get("enum", (value,)) else _expected(schema)
    if kind == "boolean" and isinstance(value, bool):
        return ""
    if kind == "array" and isinstance(value, list | tuple) and "items" in schema:
        count = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf)
        fits = count and not any(mismatch(item, schema["items"]) for item in value)
        return "" if fits else _expected(schema)
    from jsonschema import Draft202012Validator

    plain = list(value) if isinstance(value, tuple) else value
    return "" if Draft202012Validator(schema).is_valid(plain) else _expected(schema)


def _expected(schema: Mapping[str, Any]) -> str:
    """A schema in words."""
    if "enum" in schema:
        return "one of " + ", ".join(str(word) for word in schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(_expected(option) for option in schema[key]))
    kind = schema.get("type", "a value")
    if kind == "array":
        count = schema.get("minItems")
        same = count is not None and count == schema.get("maxItems")
        inner = _expected(schema["items"]) if isinstance(schema.get("items"), Mapping) else "values"
        return f"a list of {count} of: {inner}" if same else f"a list of: {inner}"
    if kind in ("number", "integer"):
        low, high, open_low, open_high = _bounds(schema)
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


def _shown(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _ranged(support: Support) -> str:
    if isinstance(support, Interval):
        return f"values from {support.low:g} to {support.high:g}"
    shown = ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in support[:6])
    return shown + (", ..." if len(support) > 6 else "")


def _link(raw: Mapping[str, Any], scope: Scope, path: Path, complaints: Complaints) -> Value | None:
    unknown = [key for key in raw if key not in _LINK_KEYS]
    if unknown:
        complaints.unknown(
            "SA407", (*path, unknown[0]), "key of a link", str(unknown[0]), _LINK_KEYS, key=True
        )
        return None
    try:
        link = link_from_json(raw)
    except (ValueError, TypeError, KeyError) as error:
        complaints.add("SA407", path, f"not a link: {error}")
        return None
    missing = sorted(link.variables - set(scope))
    for name in missing:
        where = (*path, "from") if "from" in raw else (*path, "expr")
        complaints.unknown("SA403", where, "variable", name, scope)
    return None if missing else link


def compile_distribution(
    raw: Mapping[str, Any], scope: Scope, path: Path, complaints: Complaints
) -> Distribution | None:
    """A distribution of the language as the plan holds it, or None after complaining."""
    ((word, content),) = raw.items()
    inner = (*path, word)
    try:
        distribution = _distribution(word, content, scope, inner, complaints)
    except (ValueError, TypeError, KeyError) as error:
        complaints.add(
            "SA405",
            inner,
            str(error) if isinstance(error, ValueError) else f"not a {word}: {content!r}",
        )
        return None
    if distribution is not None and distribution.variables:
        for text in distribution.problems(scope):
            complaints.add("SA405", inner, text)
            return None
    return distribution


def _distribution(
    word: str, content: Any, scope: Scope, path: Path, complaints: Complaints
) -> Distribution | None:
    if word == "constant":
        return ConstantDistribution(content)
    if word == "choice":
        if isinstance(content, Mapping):
            return Choice(tuple(content["values"]), tuple(content.get("weights", ())))
        return Choice(tuple(content), ())
    before = len(complaints.problems)
    if word == "bernoulli":
        chance = _bound(content, scope, path, complaints)
        return Bernoulli(chance) if len(complaints.problems) == before else None
    if word in _PAIRS:
        if not isinstance(content, list | tuple) or len(content) != 2:
            raise ValueError(f"{word}: expected [low, high]; came {content!r}")
        low, high = (
            _bound(item, scope, (*path, index), complaints) for index, item in enumerate(content)
        )
        pair: Distribution | None = (
            _PAIRS[word](low, high) if len(complaints.problems) == before else None
        )
        return pair
    bounds = {
        name: _bound(item, scope, (*path, name), complaints) for name, item in content.items()
    }
    table: Distribution | None = (
        _TABLES[word](**bounds) if len(complaints.problems) == before else None
    )
    return table


def _bound(raw: Any, scope: Scope, path: Path, complaints: Complaints) -> Any:
    return _link(raw, scope, path, complaints) if is_link(raw) else raw
