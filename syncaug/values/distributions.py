"""Distributions: a number in [0, 1] becomes a value, by our own inverse distribution functions.

Nothing here draws: `quantile` is a pure function, finite for 0 <= u <= 1 and never outside the
support. It increases in u up to rounding; Bernoulli's alone decreases. A bound may be a link
instead of a number; `resolve` puts numbers in their place, and only then is there a quantile.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from syncaug.values.bounded import NO_ENV, Bound, Bounded, numbers, say
from syncaug.values.canonical import canonical, freeze, thaw_number
from syncaug.values.interval import Interval, Support
from syncaug.values.links import distinct, link_from_json
from syncaug.values.special import (
    beta_quantile,
    far_tail_quantile,
    normal_quantile,
    truncation_tails,
)

__all__ = [
    "Bernoulli",
    "Beta",
    "Bound",
    "Choice",
    "Constant",
    "Distribution",
    "Integers",
    "LogUniform",
    "Normal",
    "Uniform",
    "distribution_from_json",
    "scaled_weights",
]

_FIRST, _LAST = 2.0**-54, 1.0 - 2.0**-53
_FINITE_SET = 256
_SNAP = 1e-9
_LARGEST = 1.7976931348623157e308
_BETA_RANGE = Interval(1e-3, 1e6)


@dataclass(frozen=True, slots=True)
class Uniform(Bounded):
    """Every number of [low, high] alike."""

    word: ClassVar[str] = "uniform"
    names: ClassVar[tuple[str, ...]] = ("low", "high")
    low: Bound
    high: Bound

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        if math.isinf(self._range("high", env).high - self._range("low", env).low):
            return ["uniform: high - low is too large"]
        return []

    def quantile(self, u: float) -> float:
        """low + (high - low) u."""
        low, high = self.low, self.high
        value = low + (high - low) * u  # type: ignore[operator]
        return value if value <= high else high  # type: ignore[operator,return-value]


@dataclass(frozen=True, slots=True)
class LogUniform(Bounded):
    """A positive number of [low, high] whose logarithm is uniform."""

    word: ClassVar[str] = "log_uniform"
    names: ClassVar[tuple[str, ...]] = ("low", "high")
    low: Bound
    high: Bound

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        low = self._range("low", env)
        if low.low > 0.0:
            return []
        return [f"log_uniform: low must be greater than 0, not {say(low)}"]

    def quantile(self, u: float) -> float:
        """low (high / low) ** u."""
        low, high = numbers(self.low, self.high)
        ratio = high / low
        if ratio < math.inf:
            value = low * math.exp(u * math.log(ratio))
        else:
            value = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
        return min(max(value, low), high)


@dataclass(frozen=True, slots=True)
class Normal(Bounded):
    """A normal distribution kept within [low, high] (truncated, not clipped); std 0 is its mean.

    The draw is conditioned on lying within the bounds. With std 0 it is the mean, clipped.
    """

    word: ClassVar[str] = "normal"
    names: ClassVar[tuple[str, ...]] = ("mean", "std", "low", "high")
    mean: Bound
    std: Bound
    low: Bound = -math.inf
    high: Bound = math.inf
    _tails: tuple[float, float, float, float] | None = field(
        init=False, repr=False, compare=False, default=None
    )

    def _prepare(self) -> None:
        mean, std, low, high = numbers(self.mean, self.std, self.low, self.high)
        if std > 0.0:
            tails = truncation_tails((low - mean) / std, (high - mean) / std)
            object.__setattr__(self, "_tails", tails)

    def _may_be_infinite(self, name: str, value: float) -> bool:
        return (name, value) in (("low", -math.inf), ("high", math.inf))

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        std = self._range("std", env)
        return [] if std.low >= 0.0 else [f"normal: std must be 0 or more, not {say(std)}"]

    def quantile(self, u: float) -> float:
        """The inverse of the truncated normal distribution function."""
        mean, std, low, high = numbers(self.mean, self.std, self.low, self.high)
        if std == 0.0:
            return min(max(mean, low), high)
        # Beyond these, an untruncated normal would be infinite; no 53-bit u lies there.
        u = _FIRST if u < _FIRST else _LAST if u > _LAST else u
        if self._tails is None:
            x = far_tail_quantile(u, (low - mean) / std, (high - mean) / std)
        else:
            from_low, to_low, from_high, to_high = self._tails
            v = 1.0 - u
            x = normal_quantile(v * from_low + u * to_low, v * from_high + u * to_high)
        value = mean + std * x
        if value - value != 0.0:  # all of the mass lies within rounding of one end
            return _nearest(mean, low, high)
        return low if value < low else high if value > high else value

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """[low, high], or the clipped mean where std is 0."""
        low, high = self._range("low", env), self._range("high", env)
        if self._range("std", env).high == 0.0:
            return self._range("mean", env).maximum(low).minimum(high)
        return low.hull(high)


@dataclass(frozen=True, slots=True)
class Beta(Bounded):
    """A beta distribution with shapes a and b, stretched to [low, high]."""

    word: ClassVar[str] = "beta"
    names: ClassVar[tuple[str, ...]] = ("a", "b", "low", "high")
    a: Bound
    b: Bound
    low: Bound = 0.0
    high: Bound = 1.0

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        shapes = {name: self._range(name, env) for name in ("a", "b")}
        return [
            f"beta: {name} must be greater than 0 and within {_BETA_RANGE}, not {say(shape)}"
            for name, shape in shapes.items()
            if not _BETA_RANGE.encloses(shape)
        ]

    def quantile(self, u: float) -> float:
        """low + (high - low) x, where x inverts the regularised incomplete beta function."""
        a, b, low, high = numbers(self.a, self.b, self.low, self.high)
        return min(low + (high - low) * beta_quantile(u, a, b), high)


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


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same value: any plain data; lists are held as tuples."""

    word: ClassVar[str] = "constant"
    value: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", freeze(self.value))

    @property
    def variables(self) -> frozenset[str]:
        """Empty: a constant follows nothing."""
        return frozenset()

    def resolve(self, env: Mapping[str, Any]) -> Constant:
        """The constant itself."""
        return self

    def problems(self, env: Mapping[str, Support] = NO_ENV) -> list[str]:
        """Empty: any value will do."""
        return []

    def quantile(self, u: float) -> Any:
        """The value, whatever u."""
        return self.value

    def evaluate(self, env: Mapping[str, Any]) -> Any:
        """The value, whatever the variables."""
        return self.value

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The set of the one value."""
        return (self.value,)

    def interval(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The set of the one value."""
        return (self.value,)

    def as_json(self) -> dict[str, Any]:
        """The constant in the policy's own words."""
        return {self.word: canonical(self.value)}


Distribution: TypeAlias = (
    Uniform | Normal | LogUniform | Choice | Bernoulli | Integers | Beta | Constant
)

_BY_WORD: dict[str, type[Bounded]] = {
    "uniform": Uniform,
    "normal": Normal,
    "log_uniform": LogUniform,
    "bernoulli": Bernoulli,
    "integers": Integers,
    "beta": Beta,
}


def distribution_from_json(data: Mapping[str, Any]) -> Distribution:
    """Read what `as_json` printed. Raises ValueError for an unknown word or unfit bounds."""
    ((word, content),) = data.items()
    if word == "constant":
        return Constant(content)
    if word == "choice":
        return Choice(content["values"], content.get("weights", ()))
    if word not in _BY_WORD:
        raise ValueError(f"unknown distribution {word!r}")
    bounds = {
        name: link_from_json(bound) if isinstance(bound, Mapping) else thaw_number(bound)
        for name, bound in content.items()
    }
    return _BY_WORD[word](**bounds)  # type: ignore[return-value]


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


def _nearest(mean: float, low: float, high: float) -> float:
    """The finite number of [low, high] that lies nearest to the mean."""
    value = min(max(mean, low), high)
    return min(max(value, -_LARGEST), _LARGEST)


def _whole(value: float, function: Any) -> int:
    nearest = round(value)
    return nearest if abs(value - nearest) <= _SNAP else int(function(value))
