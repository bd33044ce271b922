"""Interval arithmetic: bounds on a number that hold whatever is drawn.

The operations that IEEE 754 rounds correctly (+ - * / sqrt abs min max) are monotone in floating
point, so the ends computed in floating point bound every result computed in floating point, and
stay clean: 0.5 * [-120, 120] is exactly [-60, 60]. The C library rounds exp, log, sin, cos, tan
and pow to within one unit in the last place; their ends are widened by that much, save where the
end is a number that a person would write (at most 12 digits), such as 10 ** -1 = 0.1.

After R. E. Moore, R. B. Kearfott, M. J. Cloud, Introduction to Interval Analysis (SIAM, 2009),
chapters 2 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from syncaug.values.ends import exp, holds_turn, is_short, middle, over, power, times

__all__ = ["Interval", "Support", "UnboundedError", "hull", "union"]

_LARGEST = 1.7976931348623157e308
_TRUSTED_ANGLE = 1e6


class UnboundedError(ValueError):
    """A result cannot be bounded, or is undefined, somewhere within the ranges of its inputs."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers x with low <= x <= high. Ends may be infinite; the interval is never empty.

    Raises ValueError where an end is nan or low > high.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        if not low <= high:
            raise ValueError(f"an interval needs low <= high, not [{low:g}, {high:g}]")
        if type(low) is float is type(high) and low <= _LARGEST and high >= -_LARGEST:
            return
        # An end that overflowed the wrong way still bounds: every finite number lies beyond it.
        object.__setattr__(self, "low", min(float(low), _LARGEST))
        object.__setattr__(self, "high", max(float(high), -_LARGEST))

    def __str__(self) -> str:
        return f"[{self.low:.12g}, {self.high:.12g}]"

    @classmethod
    def point(cls, value: float) -> Interval:
        """The interval that holds one number."""
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether the interval holds one number only."""
        return self.low == self.high

    @property
    def is_finite(self) -> bool:
        """Whether both ends are finite."""
        return self.low > -math.inf and self.high < math.inf

    def contains(self, value: float) -> bool:
        """Whether a number lies in the interval."""
        return self.low <= value <= self.high

    def encloses(self, other: Interval) -> bool:
        """Whether all of `other` lies in the interval."""
        return self.low <= other.low and other.high <= self.high

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def clip(self, low: float, high: float) -> Interval:
        """The image under x -> min(max(x, low), high)."""
        return Interval(
            min(max(self.low, low), high),
            min(max(self.high, low), high),
        )

    def split(self) -> tuple[Interval, Interval]:
        """Two intervals that meet inside and cover this one; infinite ends are cut by doubling."""
        inside = middle(self.low, self.high)
        return Interval(self.low, inside), Interval(inside, self.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        return _corners(times, self, other)

    def __truediv__(self, other: Interval) -> Interval:
        """Raises UnboundedError where the divisor can be zero."""
        if other.contains(0.0):
            raise UnboundedError(f"division by a number within {other}, which contains 0")
        return _corners(over, self, other)

    def __mod__(self, other: Interval) -> Interval:
        """The image under Python's %, whose result has the divisor's sign."""
        if other.contains(0.0):
            raise UnboundedError(f"remainder by a number within {other}, which contains 0")
        if other.is_point and self.is_finite and self.low // other.low == self.high // other.low:
            return Interval(*sorted((self.low % other.low, self.high % other.low)))
        if other.low > 0:
            stays = self.low >= 0.0
            return Interval(0.0, min(self.high, other.high) if stays else other.high)
        stays = self.high <= 0.0
        return Interval(max(self.low, other.low) if stays else other.low, 0.0)

    def __pow__(self, other: Interval) -> Interval:
        """The image under x ** y; x may be negative only for one whole exponent y."""
        if other.is_point and other.low.is_integer():
            return self._whole_power(other.low)
        if self.low < 0.0:
            raise UnboundedError(
                f"a number within {self}, which can be negative, to a power within {other}, "
                "which is not one whole number"
            )
        if self.low == 0.0 and other.low < 0.0:
            raise UnboundedError(f"0 to a negative power: base within {self}, power within {other}")
        return _widened(_corners(power, self, other))

    def _whole_power(self, exponent: float) -> Interval:
        if exponent == 0.0:
            return Interval(1.0, 1.0)
        if exponent < 0.0 and self.contains(0.0):
            raise UnboundedError(f"0 to a negative power: base within {self}, power {exponent:g}")
        base = abs(self) if exponent % 2.0 == 0.0 else self
        low, high = sorted((power(base.low, exponent), power(base.high, exponent)))
        return _widened(Interval(low, high))

    def __abs__(self) -> Interval:
        if self.low >= 0.0:
            return self
        if self.high <= 0.0:
            return -self
        return Interval(0.0, max(-self.low, self.high))

    def minimum(self, other: Interval) -> Interval:
        """The image under min(x, y)."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def maximum(self, other: Interval) -> Interval:
        """The image under max(x, y)."""
        return Interval(max(self.low, other.low), max(self.high, other.high))

    def sqrt(self) -> Interval:
        """The image under the root; raises UnboundedError where the input can be negative."""
        if self.low < 0.0:
            raise UnboundedError(f"square root of a number within {self}, which can be negative")
        return Interval(math.sqrt(self.low), math.sqrt(self.high))

    def exp(self) -> Interval:
        """The image under exp; an end too large for a float is infinite."""
        low, high = exp(self.low), exp(self.high)
        return _widened(Interval(low, high), least=0.0)

    def log(self, function: Callable[[float], float] = math.log) -> Interval:
        """The image under a logarithm; raises UnboundedError where the input can be 0 or less."""
        if self.low <= 0.0:
            raise UnboundedError(f"logarithm of a number within {self}, which can be 0 or less")
        return _widened(Interval(function(self.low), function(self.high)))

    def sin(self) -> Interval:
        """The image under the sine of radians."""
        return self._wave(math.sin, crest=0.25)

    def cos(self) -> Interval:
        """The image under the cosine of radians."""
        return self._wave(math.cos, crest=0.0)

    def tan(self) -> Interval:
        """The image under the tangent of radians; raises UnboundedError where a pole is inside."""
        if not self._trusted or holds_turn(self.low, self.high, phase=0.25, period=0.5):
            raise UnboundedError(f"tangent of radians within {self}, which contains a pole")
        return _widened(Interval(math.tan(self.low), math.tan(self.high)))

    def _wave(self, function: Callable[[float], float], *, crest: float) -> Interval:
        if not self._trusted:
            return Interval(-1.0, 1.0)
        low, high = sorted((function(self.low), function(self.high)))
        if holds_turn(self.low, self.high, phase=crest, period=1.0):
            high = 1.0
        if holds_turn(self.low, self.high, phase=crest + 0.5, period=1.0):
            low = -1.0
        return _widened(Interval(low, high), least=-1.0, most=1.0)

    @property
    def _trusted(self) -> bool:
        return self.low > -_TRUSTED_ANGLE and self.high < _TRUSTED_ANGLE

    def floor(self) -> Interval:
        """The image under floor."""
        return self.monotone(math.floor)

    def ceil(self) -> Interval:
        """The image under ceil."""
        return self.monotone(math.ceil)

    def round(self) -> Interval:
        """The image under rounding to the nearest whole number, halves to even."""
        return self.monotone(round)

    def monotone(self, function: Callable[[float], float]) -> Interval:
        """The image under an increasing function that leaves infinities where they are."""
        low = self.low if math.isinf(self.low) else float(function(self.low))
        high = self.high if math.isinf(self.high) else float(function(self.high))
        return Interval(low, high)


Support: TypeAlias = Interval | tuple[Any, ...]
"""What a value can be: any number of an interval, or one of finitely many values."""


def hull(support: Support) -> Interval:
    """The smallest interval around a support of numbers (booleans count as 0 and 1).

    Raises UnboundedError where one of the values is not a number.
    """
    if isinstance(support, Interval):
        return support
    for value in support:
        if not isinstance(value, (bool, int, float)):
            raise UnboundedError(f"{value!r} is not a number")
    return Interval(min(support), max(support))


def union(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval around several; at least one is needed."""
    low, high = math.inf, -math.inf
    for interval in intervals:
        low, high = min(low, interval.low), max(high, interval.high)
    return Interval(low, high)


def _corners(function: Callable[[float, float], float], a: Interval, b: Interval) -> Interval:
    values = (
        function(a.low, b.low),
        function(a.low, b.high),
        function(a.high, b.low),
        function(a.high, b.high),
    )
    return Interval(min(values), max(values))


def _widened(interval: Interval, *, least: float = -math.inf, most: float = math.inf) -> Interval:
    """The ends moved out by one unit in the last place, unless a person would write them so."""
    low = interval.low if is_short(interval.low) else math.nextafter(interval.low, -math.inf)
    high = interval.high if is_short(interval.high) else math.nextafter(interval.high, math.inf)
    return Interval(max(low, least), min(high, most))
