"""Distributions of whole numbers, truths and values of any kind."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from syncaug.values.bounded import NO_ENV, Bound, Bounded, numbers, say
from syncaug.values.canonical import canonical, freeze
from syncaug.values.interval import Interval, Support
from syncaug.values.links import distinct

__all__ = ["Bernoulli", "Choice", "Integers", "scaled_weights"]

_FINITE_SET = 256
_SNAP = 1e-9


@dataclass(frozen=True, slots=True)
class Integers(Bounded):
    """Every whole number n with low <= n <= high alike; both ends are drawn.

    Bounds that a link makes fractional mean the whole numbers between them.
    """

    word: ClassVar[str] = "integers"
    names: ClassVar[tuple[str, ...]] = ("low", "high")
    low: Bound
    high: Bound
    _first: int = field(init=False, repr=False, compare=False, default=0)
    _count: int = field(init=False, repr=False, compare=False, default=0)

    def _prepare(self) -> None:
        low, high = numbers(self.low, self.high)
        first = _whole(low, math.ceil)
        object.__setattr__(self, "_first", first)
        object.__setattr__(self, "_count", _whole(high, math.floor) - first + 1)

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        if self.variables:
            return []
        low, high = numbers(self.low, self.high)
        if low <= high and _whole(low, math.ceil) > _whole(high, math.floor):
            return [f"integers: there is no whole number from {low:g} to {high:g}"]
        return []

    def quantile(self, u: float) -> int:
        """low + floor(u n), exactly: each of the n numbers has its share to within 2**-53."""
        count = self._count
        index = (int(u * 9007199254740992.0) * count) >> 53
        return self._first + (index if index < count else count - 1)

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The set of whole numbers where there are few, else an interval."""
        low = _whole(self._range("low", env).low, math.ceil)
        high = _whole(self._range("high", env).high, math.floor)
        if high - low < _FINITE_SET:
            return tuple(range(low, high + 1))
        return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Bernoulli(Bounded):
    """True with chance p, else False."""

    word: ClassVar[str] = "bernoulli"
    names: ClassVar[tuple[str, ...]] = ("p",)
    p: Bound

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        p = self._range("p", env)
        if Interval(0.0, 1.0).encloses(p):
            return []
        return [f"bernoulli: p must be within [0, 1], not {say(p)}"]

    def quantile(self, u: float) -> bool:
        """Whether u < p: the one quantile that decreases, so that a greater p keeps what it had."""
        return u < self.p or self.p == 1.0  # type: ignore[operator]

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The outcomes that have a chance."""
        p = self._range("p", env)
        return ((False,) if p.low < 1.0 else ()) + ((True,) if p.high > 0.0 else ())


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `values`, each with its weight; without weights all alike.

    Values may be numbers, strings, booleans or lists (held and drawn as tuples). Raises ValueError
    where there are none, or the weights do not fit.
    """

    word: ClassVar[str] = "choice"
    values: tuple[Any, ...]
    weights: tuple[float, ...] = ()
    _ends: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = freeze(self.values)
        if not isinstance(values, tuple) or not values:
            raise ValueError("choice: needs a list of at least one value")
        weights = _weights(self.weights, len(values))
        parts = scaled_weights(weights)
        total = math.fsum(parts)
        fix = object.__setattr__
        fix(self, "values", values)
        fix(self, "weights", () if weights == _equal(len(values)) else weights)
        fix(self, "_last", max(index for index, weight in enumerate(weights) if weight > 0.0))
        fix(self, "_ends", tuple(end / total for end in _exact_sums(parts[: self._last])))

    @property
    def variables(self) -> frozenset[str]:
        """Empty: values and weights follow nothing."""
        return frozenset()

    def resolve(self, env: Mapping[str, Any]) -> Choice:
        """The choice itself."""
        return self

    def problems(self, env: Mapping[str, Support] = NO_ENV) -> list[str]:
        """Empty: what is wrong with a choice is found when it is made."""
        return []

    def quantile(self, u: float) -> Any:
        """The value in whose share u lies, the shares laid end to end in the order given."""
        return self.values[bisect_right(self._ends, u)]

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The values that have a chance, each once."""
        weights = self.weights or _equal(len(self.values))
        return distinct(v for v, weight in zip(self.values, weights, strict=True) if weight > 0.0)

    def as_json(self) -> dict[str, Any]:
        """The choice in the policy's own words; equal weights are left out."""
        out = {"values": canonical(self.values)}
        if self.weights:
            out["weights"] = canonical(self.weights)
        return {self.word: out}


def _weights(weights: Sequence[Any], count: int) -> tuple[float, ...]:
    if not weights:
        return _equal(count)
    if len(weights) != count:
        raise ValueError(f"choice: {count} values need {count} weights, not {len(weights)}")
    for weight in weights:
        number = isinstance(weight, (int, float)) and not isinstance(weight, bool)
        if not number or not 0.0 <= weight < math.inf:
            raise ValueError(f"choice: a weight is a finite number, 0 or more, not {weight!r}")
    if not any(weights):
        raise ValueError("choice: all weights are 0")
    if len(set(weights)) == 1:
        return _equal(count)
    return tuple(float(weight) + 0.0 for weight in weights)


def scaled_weights(weights: Sequence[float]) -> tuple[float, ...]:
    """The weights, by a power of two nearer to 1 where their sum could overflow or underflow."""
    largest = max(weights, default=0.0)
    if largest == 0.0 or 1e-290 <= largest <= 1e300:
        return tuple(weights)
    exponent = math.frexp(largest)[1]
    return tuple(math.ldexp(weight, -exponent) for weight in weights)


def _exact_sums(weights: Iterable[float]) -> Iterator[float]:
    """The sum of the first, of the first two ..., each rounded once as `math.fsum` rounds.

    J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997): the parts hold the exact
    sum so far, so that no sum begins anew.
    """
    parts: list[float] = []
    for weight in weights:
        rest, kept = weight, 0
        for part in parts:
            if abs(rest) < abs(part):
                rest, part = part, rest
            total = rest + part
            error = part - (total - rest)
            if error:
                parts[kept] = error
                kept += 1
            rest = total
        parts[kept:] = [rest]
        yield math.fsum(parts)


def _equal(count: int) -> tuple[float, ...]:
    return (1.0,) * count


def _whole(value: float, function: Any) -> int:
    nearest = round(value)
    return nearest if abs(value - nearest) <= _SNAP else int(function(value))
