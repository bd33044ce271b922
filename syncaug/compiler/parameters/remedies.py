"""What to write in the place of values, draws and links that do not fit their parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.parameters.domain import Domain, bounds, expected, mismatch
from syncaug.compiler.parameters.units import as_number, out_of_range
from syncaug.policy.slips import as_expected
from syncaug.policy.suggest import suggest
from syncaug.values.canonical import scalar_key
from syncaug.values.interval import Interval, Support
from syncaug.values.links import ExpressionLink, Link
from syncaug.values.value import Value

__all__ = ["LINK", "kept_within", "remedy", "unbounded", "well_formed", "within"]

LINK = 'a link is {from: NAME, scale: 2, offset: 1} or {expr: "2 * NAME + 1"}'
"""How a link is written."""
_AMOUNT = r"\d+(?:\.\d+)?"
_AROUND = re.compile(rf"\s*(?:\+/?-|\N{{PLUS-MINUS SIGN}})\s*({_AMOUNT})\s*")
_LISTED = re.compile(rf"\s*(-?{_AMOUNT})\s*,\s+(-?{_AMOUNT})\s*")
_BETWEEN = re.compile(
    rf"\s*(-?{_AMOUNT})\s*(?:\.\.\.?|\bto\b|~|-|\N{{EN DASH}})\s*(-?{_AMOUNT})\s*"
)
_WELL_FORMED: Mapping[str, str] = {
    "uniform": "write {uniform: [LOW, HIGH]}, the lower one first",
    "log_uniform": "write {log_uniform: [LOW, HIGH]}, both above 0, the lower one first",
    "integers": "write {integers: [LOW, HIGH]}, whole numbers, the lower one first",
    "normal": "write {normal: {mean: 0, std: 3, low: -9, high: 9}}",
    "beta": "write {beta: {a: 2, b: 2, low: 0, high: 1}}",
    "choice": "write {choice: {values: [...], weights: [...]}}, one weight for each value",
    "bernoulli": "write {bernoulli: 0.5}, a chance from 0 to 1",
}
"""How each distribution is written, where its numbers are none to draw from."""


def remedy(name: str, raw: Any, domain: Domain, unit: str) -> str:
    """A hint for a value that does not fit, where it is plain what was meant; else empty."""
    if isinstance(raw, str) and domain.ranges and not domain.fixed and (span := _span(raw)):
        return span
    words = domain.schema.get("enum")
    if isinstance(raw, str | int) and not isinstance(raw, bool) and words:
        return suggest(raw, words, f"words/{name}")
    if isinstance(raw, list) and words and len(raw) > 1 and all(item in words for item in raw):
        return "" if domain.fixed else f"write {{choice: [{', '.join(map(str, raw))}]}}"
    if raw is None:
        return "give it a value, or remove the key"
    if isinstance(raw, list) and (words or domain.schema.get("type") == "array"):
        return ""  # of another length, or of entries that do not fit
    wanted = expected(domain.single)
    if isinstance(raw, str) and unit and raw.strip().endswith("%"):
        return as_number(raw, unit)
    known = out_of_range(name, raw, unit) or as_expected(raw, wanted, name)
    if isinstance(raw, float) and raw.is_integer() and mismatch(int(raw), domain.single):
        known = ""  # the whole number would not fit either
    number = isinstance(raw, str) and wanted.startswith(("a number", "a whole number"))
    return known or (as_number(str(raw), unit) if number and unit else "")


def _span(raw: str) -> str:
    """A hint for a range that is written in words: `0.5..1`, `10 to 30`, `+-2`; or empty."""
    around = _AROUND.fullmatch(raw)
    if around:
        return f"write [-{around[1]}, {around[1]}]"
    between = _BETWEEN.fullmatch(raw) or _LISTED.fullmatch(raw)
    low, high = sorted(between.groups(), key=float) if between else ("", "")
    return f"write [{low}, {high}]" if between else ""


def within(raw: Any, schema: Mapping[str, Any], *, varies: bool = False) -> str:
    """A hint for a constant, from what its schema takes alone: the values that are near to it.

    `varies` is whether a variable may stand there.
    """
    kinds = [schema, *(option for key in ("anyOf", "oneOf") for option in schema.get(key, ()))]
    types = {kind.get("type") for kind in kinds}
    if any("enum" in kind for kind in kinds):
        return "take one of these"
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if number and types & {"number", "integer"}:
        return _nearest(raw, schema, whole="integer" in types and "number" not in types)
    if types & {"number", "integer"}:
        return "write a number" + ", or {from: NAME} to follow a variable" * varies
    if "boolean" in types:
        return "write true or false"
    if "array" in types and isinstance(raw, list | tuple):
        return _in_list(raw, next(kind for kind in kinds if kind.get("type") == "array"))
    return ""


def _nearest(raw: float, schema: Mapping[str, Any], *, whole: bool) -> str:
    """Which number comes nearest to one that is out of bounds, or is none of the whole ones."""
    low, high, open_low, open_high = bounds(schema)
    if raw < low or (open_low and raw == low):
        return f"write a number above {low:g}" if open_low else f"the least is {low:g}"
    if raw > high or (open_high and raw == high):
        return f"write a number below {high:g}" if open_high else f"the most is {high:g}"
    if whole and math.isfinite(raw):
        near = [n for n in (math.floor(raw), math.ceil(raw)) if low <= n <= high]
        return f"write {' or '.join(map(str, near))}"
    return "write a finite number"


def _in_list(raw: Sequence[Any], schema: Mapping[str, Any]) -> str:
    """What is wrong with a list: how many it holds, or the first entry that does not fit."""
    count = schema.get("minItems")
    if count is not None and count == schema.get("maxItems") != len(raw):
        return f"write {count} of them; here {'is' if len(raw) == 1 else 'are'} {len(raw)}"
    items = schema.get("items", {})
    wrong = next((n for n, item in enumerate(raw) if mismatch(item, items)), None)
    if wrong is None:
        return ""
    number = isinstance(raw[wrong], int | float)
    told = within(raw[wrong], items) if number else f"write {expected(items)}, which is the same "
    return f"mend entry {wrong + 1}: {told}" + ("" if number else "for all samples")


def kept_within(value: Value, support: Support, domain: Domain) -> str:
    """How to keep what is drawn or linked within a domain; empty where the numbers say it."""
    if not isinstance(support, Interval):
        if isinstance(value, Link | ExpressionLink) and {*support} <= {False, True}:
            return "write {from: NAME, table: {true: ..., false: ...}}"
        return ""
    if isinstance(value, Link | ExpressionLink):
        low, high, open_low, open_high = bounds(domain.single)
        closed = math.isfinite(low) and math.isfinite(high) and not (open_low or open_high)
        return f"add clip: [{low:g}, {high:g}]" if closed else "add clip: [LOW, HIGH] within that"
    low, _, open_low, _ = bounds(domain.single)
    if open_low and support.low == low < support.high < math.inf:
        above = low + 0.05 * (support.high - low)
        return f"begin above {low:g}, such as at {above:g}"
    endless = math.isinf(support.low) or math.isinf(support.high)
    return "give it low: and high: within that" if endless else ""


def unbounded(value: Value, scope: Mapping[str, Support]) -> str:
    """What to do about a value of which not all that it can be is a number.

    `scope` is all that each variable in sight can be.
    """
    supports = [scope[name] for name in value.variables]
    words = [one for held in supports if isinstance(held, tuple) for one in held]
    worded = any(isinstance(one, str) for one in words)
    if isinstance(value, ExpressionLink) and not worded:
        return "keep each part within what its function takes, such as by max(x, 0.1)"
    if isinstance(value, Link) and value.table:
        held = dict(value.table)
        lacking = [key for one in words if (key := scalar_key(one)) not in held]
        entries = ", ".join(f"{key}: VALUE" for key in lacking)
        if not lacking:
            return "numbers follow by a curve: {from: NAME, curve: [[X, VALUE], [X, VALUE]]}"
        unused = [key for key in held if key not in map(scalar_key, words)]
        near = suggest(unused[0], lacking) if unused else ""
        return f"for {unused[0]!r}: {near}" if near else f"write {entries} in the table"
    return "words become numbers by a table with an entry for each: {from: NAME, table: {...}}"


def well_formed(word: str, content: Any) -> str:
    """How a distribution is written whose numbers are none to draw from."""
    if word == "bernoulli" and isinstance(content, int | float) and 5 <= content <= 100:
        return f"for percent write {{bernoulli: {content / 100:g}}}"
    ends = [*content] if isinstance(content, list | tuple) else []
    if len(ends) == 2 and all(isinstance(end, int | float) for end in ends):
        high, low = ends
        if high > low and (word != "log_uniform" or low > 0):
            return f"write {{{word}: [{low}, {high}]}}"
    return _WELL_FORMED.get(word, "")
