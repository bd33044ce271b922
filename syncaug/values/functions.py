"""What the arithmetic of expressions knows: each operation as a function and as its bounds."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

from syncaug.values.interval import Interval

__all__ = ["BINARY", "CONSTANTS", "FUNCTIONS", "Function"]

_MANY = 16


class Function(NamedTuple):
    """A function of numbers, the same function of intervals, and how many arguments it takes."""

    call: Callable[..., Any]
    bounds: Callable[..., Interval]
    least: int = 1
    most: int = 1

    @property
    def takes(self) -> str:
        """The number of arguments in words."""
        if self.least == self.most:
            return "1 argument" if self.least == 1 else f"{self.least} arguments"
        return f"{self.least} to {self.most} arguments"


def clip(value: float, low: float, high: float) -> float:
    """min(max(value, low), high); where low > high the result is high."""
    return min(max(value, low), high)


def _clip_bounds(value: Interval, low: Interval, high: Interval) -> Interval:
    return value.maximum(low).minimum(high)


def _minimum(*intervals: Interval) -> Interval:
    return reduce(Interval.minimum, intervals)


def _maximum(*intervals: Interval) -> Interval:
    return reduce(Interval.maximum, intervals)


def _scaled(factor: float) -> Callable[[Interval], Interval]:
    return lambda interval: interval * Interval.point(factor)


def _as_float(function: Callable[[float], int]) -> Callable[[float], float]:
    """The function with whole floats for ints, so that all arithmetic rounds as floats do."""
    return lambda x: float(function(x))


_TO_RADIANS = math.pi / 180.0
_TO_DEGREES = 180.0 / math.pi

CONSTANTS = {"pi": math.pi}

BINARY = {
    "+": Function(operator.add, operator.add, 2, 2),
    "-": Function(operator.sub, operator.sub, 2, 2),
    "*": Function(operator.mul, operator.mul, 2, 2),
    "/": Function(operator.truediv, operator.truediv, 2, 2),
    "%": Function(operator.mod, operator.mod, 2, 2),
    "**": Function(math.pow, operator.pow, 2, 2),
}

FUNCTIONS = {
    "abs": Function(abs, abs),
    "ceil": Function(_as_float(math.ceil), Interval.ceil),
    "clip": Function(clip, _clip_bounds, 3, 3),
    "cos": Function(math.cos, Interval.cos),
    "degrees": Function(lambda x: x * _TO_DEGREES, _scaled(_TO_DEGREES)),
    "exp": Function(math.exp, Interval.exp),
    "floor": Function(_as_float(math.floor), Interval.floor),
    "log": Function(math.log, Interval.log),
    "log10": Function(math.log10, lambda x: x.log(math.log10)),
    "log2": Function(math.log2, lambda x: x.log(math.log2)),
    "max": Function(max, _maximum, 2, _MANY),
    "min": Function(min, _minimum, 2, _MANY),
    "radians": Function(lambda x: x * _TO_RADIANS, _scaled(_TO_RADIANS)),
    "round": Function(_as_float(round), Interval.round),
    "sin": Function(math.sin, Interval.sin),
    "sqrt": Function(math.sqrt, Interval.sqrt),
    "tan": Function(math.tan, Interval.tan),
}
