"""Distributions of real numbers, by their inverse distribution functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from syncaug.values.bounded import NO_ENV, Bound, Bounded, numbers, say
from syncaug.values.interval import Interval, Support
from syncaug.values.special import (
    beta_quantile,
    far_tail_quantile,
    normal_quantile,
    truncation_tails,
)

__all__ = ["Beta", "LogUniform", "Normal", "Uniform"]

_FIRST, _LAST = 2.0**-54, 1.0 - 2.0**-53
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


def _nearest(mean: float, low: float, high: float) -> float:
    """The finite number of [low, high] that lies nearest to the mean."""
    value = min(max(mean, low), high)
    return min(max(value, -_LARGEST), _LARGEST)
