"""Links: what a drawn variable becomes on its way to a parameter."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

from syncaug.values.canonical import canonical, freeze, scalar_key, thaw_number
from syncaug.values.expression import Expression
from syncaug.values.interval import Interval, Support, UnboundedError, hull

__all__ = ["ExpressionLink", "Link", "link_from_json"]

_FINITE_SET = 256


@dataclass(frozen=True, slots=True)
class Link:
    """A parameter that follows one variable: table or curve, then scale, offset and clip.

    `table` maps values to values (a mapping or pairs), keys comparing as YAML scalars do: 1, 1.0
    and "1" are one key. `curve` is linear between its (x, y) points and constant outside them.
    scale, offset, curve and clip act on each element of a list. `clip` is (low, high) or empty.
    Where none of them is given, the variable's value comes through as it is, of any type.

    Raises ValueError where the pieces contradict each other.
    """

    source: str
    scale: float = 1.0
    offset: float = 0.0
    curve: tuple[tuple[float, float], ...] = ()
    table: tuple[tuple[str, Any], ...] = ()
    clip: tuple[float, ...] = ()
    _lookup: dict[str, Any] = field(init=False, repr=False, compare=False)
    _knots: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _linear: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fix = object.__setattr__
        fix(self, "scale", _finite("scale", self.scale))
        fix(self, "offset", _finite("offset", self.offset))
        fix(self, "curve", _curve(self.curve))
        fix(self, "table", _table(self.table))
        fix(self, "clip", _clip(self.clip))
        fix(self, "_lookup", dict(self.table))
        fix(self, "_knots", tuple(x for x, _ in self.curve))
        fix(self, "_linear", self.scale != 1.0 or self.offset != 0.0)
        if self.curve and self.table:
            raise ValueError("a link has a curve or a table, not both")

    @property
    def variables(self) -> frozenset[str]:
        """The one variable that the link follows."""
        return frozenset((self.source,))

    def evaluate(self, env: Mapping[str, Any]) -> Any:
        """The parameter's value where the variables have the values of `env`."""
        return self.apply(env[self.source])

    def apply(self, value: Any) -> Any:
        """What the source's value becomes. Raises UnboundedError where the link has no answer."""
        if self._lookup:
            try:
                value = self._lookup[scalar_key(value)]
            except (KeyError, TypeError):
                known = ", ".join(key for key, _ in self.table)
                lacks = repr(value) if isinstance(value, str) else scalar_key(value)
                raise UnboundedError(
                    f"the table of the link from {self.source!r} has no entry for {lacks}; "
                    f"it has {known}"
                ) from None
        if not (self._linear or self._knots or self.clip):
            return value
        if isinstance(value, (tuple, list)):
            return tuple(self._number(item) for item in value)
        return self._number(value)

    def _number(self, value: Any) -> Any:
        if not isinstance(value, (int, float)):
            raise UnboundedError(
                f"the link from {self.source!r} does arithmetic, but {value!r} is not a number"
            )
        if self._knots:
            value = self._on_curve(value)
        if self._linear:
            value = value * self.scale + self.offset
        if self.clip:
            low, high = self.clip
            if value < low:
                return _like(value, low)
            if value > high:
                return _like(value, high)
        return value

    def _on_curve(self, x: float) -> float:
        index = bisect_right(self._knots, x)
        if index == 0:
            return self.curve[0][1]
        if index == len(self._knots):
            return self.curve[-1][1]
        (x0, y0), (x1, y1) = self.curve[index - 1], self.curve[index]
        y = y0 + (y1 - y0) * ((x - x0) / (x1 - x0))
        # Rounding must not carry a value past the next knot: the bounds of `interval` rely on it.
        return min(max(y, y0), y1) if y0 <= y1 else min(max(y, y1), y0)

    def interval(self, env: Mapping[str, Support]) -> Support:
        """What the parameter can be: the exact set of a finite set, else exact bounds.

        Raises UnboundedError where some value of the source has no answer.
        """
        support = env[self.source]
        if isinstance(support, tuple):
            return distinct(self.apply(value) for value in support)
        if self._lookup:
            raise UnboundedError(
                f"a table needs a variable with a finite set of values, but {self.source!r} "
                f"is anything within {support}"
            )
        if self._knots:
            inside = [y for x, y in self.curve if support.contains(x)]
            ends = [self._on_curve(support.low), self._on_curve(support.high)]
            support = Interval(min(ends + inside), max(ends + inside))
        if self._linear:
            support = support * Interval.point(self.scale) + Interval.point(self.offset)
        return support.clip(*self.clip) if self.clip else support

    def as_json(self) -> dict[str, Any]:
        """The link in the policy's own words; what has no effect is left out."""
        out: dict[str, Any] = {"from": self.source}
        if self.table:
            out["table"] = {key: canonical(value) for key, value in self.table}
        if self.curve:
            out["curve"] = canonical(self.curve)
        if self.scale != 1.0:
            out["scale"] = canonical(self.scale)
        if self.offset != 0.0:
            out["offset"] = canonical(self.offset)
        if self.clip:
            out["clip"] = canonical(self.clip)
        return out

    def __hash__(self) -> int:
        return hash((self.source, self.scale, self.offset, self.curve, self.clip, len(self.table)))


@dataclass(frozen=True, slots=True)
class ExpressionLink:
    """A parameter that follows a formula of variables, optionally clipped to (low, high)."""

    expression: Expression
    clip: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "clip", _clip(self.clip))

    @property
    def variables(self) -> frozenset[str]:
        """The variables of the formula."""
        return self.expression.variables

    def evaluate(self, env: Mapping[str, Any]) -> float:
        """The formula's value, clipped. Raises UnboundedError where it is undefined."""
        value = self.expression.evaluate(env)
        if self.clip:
            low, high = self.clip
            return low if value < low else high if value > high else value
        return value

    def interval(self, env: Mapping[str, Support]) -> Support:
        """The exact set where all variables have few values, else bounds by interval arithmetic.

        Raises UnboundedError where the formula can be undefined within the variables' ranges.
        """
        names = sorted(self.variables)
        sets = [env[name] for name in names]
        finite = [values for values in sets if isinstance(values, tuple)]
        if len(finite) == len(names) and math.prod(map(len, finite)) <= _FINITE_SET:
            for values in finite:
                hull(values)
            points = (dict(zip(names, point, strict=True)) for point in product(*finite))
            return distinct(self.evaluate(point) for point in points)
        bounds = self.expression.interval({name: hull(env[name]) for name in names})
        return bounds.clip(*self.clip) if self.clip else bounds

    def as_json(self) -> dict[str, Any]:
        """The link in the policy's own words, with the formula in canonical spacing."""
        out: dict[str, Any] = {"expr": str(self.expression)}
        if self.clip:
            out["clip"] = canonical(self.clip)
        return out


def link_from_json(data: Mapping[str, Any]) -> Link | ExpressionLink:
    """Read what `as_json` printed. Raises ValueError where the pieces contradict each other."""
    clip = tuple(map(thaw_number, data.get("clip", ())))
    if "expr" in data:
        return ExpressionLink(Expression.parse(data["expr"]), clip)
    return Link(
        data["from"],
        scale=data.get("scale", 1.0),
        offset=data.get("offset", 0.0),
        curve=tuple((x, y) for x, y in data.get("curve", ())),
        table=data.get("table", ()),
        clip=clip,
    )


def distinct(values: Any) -> tuple[Any, ...]:
    """The values in order, each once; True and 1 are two values, 1 and 1.0 are one."""
    seen: set[tuple[bool, Any]] = set()
    mappings: list[Any] = []  # which have no hash
    out: list[Any] = []
    for value in values:
        mark = (isinstance(value, bool), value)
        try:
            known = mark in seen
            seen.add(mark)
        except TypeError:
            known = value in mappings
            mappings.append(value)
        if not known:
            out.append(value)
    return tuple(out)


def _finite(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{name} needs a finite number, not {value!r}")
    return float(value) + 0.0


def _curve(points: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    for point in points:
        if len(point) != 2:
            raise ValueError(f"a point of a curve is [x, y], not {list(point)!r}")
    out = sorted((_finite("a curve's x", x), _finite("a curve's y", y)) for x, y in points)
    for (x, _), (following, _) in pairwise(out):
        if x == following:
            raise ValueError(f"a curve has one y for each x, but two for x = {x:g}")
    return tuple(out)


def _table(table: Mapping[Any, Any] | Sequence[tuple[Any, Any]]) -> tuple[tuple[str, Any], ...]:
    pairs = table.items() if isinstance(table, Mapping) else table
    out: dict[str, Any] = {}
    for key, value in pairs:
        text = scalar_key(key)
        if text in out:
            raise ValueError(f"a table has one entry for each key, but two for {text}")
        out[text] = freeze(value)
    return tuple(sorted(out.items(), key=lambda pair: pair[0]))


def _clip(clip: Sequence[float]) -> tuple[float, ...]:
    if not clip:
        return ()
    if len(clip) != 2:
        raise ValueError(f"clip needs [low, high], not {list(clip)!r}")
    low, high = (float(end) for end in clip)
    if not low <= high:
        raise ValueError(f"clip needs low <= high, not [{low:g}, {high:g}]")
    return (low + 0.0, high + 0.0)


def _like(value: Any, end: float) -> Any:
    """The end of a clip, as an int where the value is one and the end is whole."""
    return int(end) if isinstance(value, int) and end.is_integer() else end
