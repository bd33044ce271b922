"""Operations on the ends of intervals: floating point that goes to infinity and never to nan."""

from __future__ import annotations

import math

__all__ = ["exp", "holds_turn", "is_short", "middle", "over", "power", "times"]

_SHORT_DIGITS = 12


def times(x: float, y: float) -> float:
    """The product, 0 where a factor is 0 though the other is infinite."""
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def over(x: float, y: float) -> float:
    """The quotient, 0 where both are infinite."""
    quotient = x / y
    return 0.0 if math.isnan(quotient) else quotient


def power(x: float, y: float) -> float:
    """The power, infinite where it is too large for a float."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0.0 and y % 2.0 == 1.0 else math.inf


def exp(x: float) -> float:
    """The exponential, infinite where it is too large for a float."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def middle(low: float, high: float) -> float:
    """A number inside of an interval; infinite ends are cut by doubling."""
    if low == -math.inf and high == math.inf:
        return 0.0
    if high == math.inf:
        return max(1.0, 2.0 * low) if low >= 0.0 else 0.0
    if low == -math.inf:
        return min(-1.0, 2.0 * high) if high <= 0.0 else 0.0
    return low + 0.5 * (high - low) if high - low < math.inf else 0.0


def is_short(value: float) -> bool:
    """Whether a person would write the number: at most 12 digits."""
    return math.isinf(value) or float(f"{value:.{_SHORT_DIGITS}g}") == value


def holds_turn(low: float, high: float, *, phase: float, period: float) -> bool:
    """Whether [low, high] radians hold a point 2 pi (phase + k period); doubt counts as yes."""
    start = (low / math.tau - phase) / period
    end = (high / math.tau - phase) / period
    doubt = 1e-12 + 4e-16 * max(abs(start), abs(end))
    return math.floor(end + doubt) > math.floor(start - doubt)
