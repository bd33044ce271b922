"""What the distributions with numeric bounds share: numbers or links, checked and resolved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeAlias

from syncaug.values.canonical import canonical
from syncaug.values.interval import Interval, Support, UnboundedError, hull
from syncaug.values.links import ExpressionLink, Link
from syncaug.values.order import SLACK, never_exceeds

__all__ = ["LINKS", "NO_ENV", "Bound", "Bounded", "numbers", "say"]

Bound: TypeAlias = float | Link | ExpressionLink
"""A number of a distribution, or a link that gives it."""

LINKS = (Link, ExpressionLink)
NO_ENV: Mapping[str, Support] = {}


class Bounded:
    """A distribution whose fields `names` are bounds: numbers, or links until it is resolved."""

    __slots__ = ()
    word: ClassVar[str]
    names: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        open_bounds = False
        for name in self.names:
            bound = getattr(self, name)
            if isinstance(bound, ExpressionLink) and not bound.variables:
                bound = bound.evaluate({})  # a formula of numbers is a number
            if isinstance(bound, LINKS):
                open_bounds = True
            else:
                object.__setattr__(self, name, self._number(name, bound))
        if not open_bounds:
            problems = self.problems()
            if problems:
                raise ValueError("; ".join(problems))
            self._prepare()

    def _prepare(self) -> None:
        """Work out what every quantile needs, once the bounds are numbers."""

    def _number(self, name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            raise ValueError(f"{self.word}: {name} needs a number, not {value!r}")
        number = float(value) + 0.0
        if number - number != 0.0 and not self._may_be_infinite(name, number):
            raise ValueError(f"{self.word}: {name} needs a finite number, not {number:g}")
        return number

    def _may_be_infinite(self, name: str, value: float) -> bool:
        return False

    @property
    def variables(self) -> frozenset[str]:
        """The variables that the bounds follow; empty where all bounds are numbers."""
        bounds = [getattr(self, name) for name in self.names]
        return frozenset[str]().union(*[b.variables for b in bounds if isinstance(b, LINKS)])

    def resolve(self, env: Mapping[str, Any]) -> Self:
        """The distribution with numbers for its links. Raises ValueError where they do not fit."""
        bounds = {name: getattr(self, name) for name in self.names}
        links = {name: bound for name, bound in bounds.items() if isinstance(bound, LINKS)}
        if not links:
            return self
        for name, link in links.items():
            bounds[name] = link.evaluate(env)
        if "low" in bounds:
            low, high = bounds["low"], bounds["high"]
            # `problems` lets rounding take high this far below low.
            if high < low <= high + SLACK * max(1.0, abs(low)):
                bounds["high"] = low
        return type(self)(**bounds)

    def _range(self, name: str, env: Mapping[str, Support]) -> Interval:
        """All that one bound can be."""
        bound = getattr(self, name)
        return hull(bound.interval(env)) if isinstance(bound, LINKS) else Interval(bound, bound)

    def problems(self, env: Mapping[str, Support] = NO_ENV) -> list[str]:
        """What is wrong with the bounds for some value of the variables in `env`, in words."""
        out: list[str] = []
        for name in self.names:
            if isinstance(getattr(self, name), LINKS):
                out += self._problems_of_link(name, env)
        if out:
            return out
        out = self._problems_of_ranges(env)
        if "low" in self.names:
            low, high = getattr(self, "low"), getattr(self, "high")  # noqa: B009
            if not never_exceeds(low, high, env):
                out.append(self._disorder(env))
        return out

    def _problems_of_link(self, name: str, env: Mapping[str, Support]) -> list[str]:
        try:
            bounds = self._range(name, env)
        except UnboundedError as error:
            return [f"{self.word}: {name}: {error}"]
        for end in (bounds.low, bounds.high):
            if math.isinf(end) and not self._may_be_infinite(name, end):
                return [f"{self.word}: {name} is within {bounds}, which is not bounded"]
        return []

    def _problems_of_ranges(self, env: Mapping[str, Support]) -> list[str]:
        """What is wrong with single bounds, whatever the order of low and high."""
        return []

    def _disorder(self, env: Mapping[str, Support]) -> str:
        low, high = self._range("low", env), self._range("high", env)
        if low.is_point and high.is_point:
            return f"{self.word}: low {low.low:g} is greater than high {high.low:g}"
        return f"{self.word}: low, within {low}, can be greater than high, within {high}"

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """All values that can be drawn, where the variables lie within `env`."""
        return self._range("low", env).hull(self._range("high", env))

    def as_json(self) -> dict[str, Any]:
        """The distribution in the policy's own words, bounds by name."""
        out: dict[str, Any] = {}
        for name in self.names:
            bound = getattr(self, name)
            out[name] = bound.as_json() if isinstance(bound, LINKS) else canonical(bound)
        return {self.word: out}


def numbers(*bounds: Bound) -> tuple[float, ...]:
    """The bounds of a resolved distribution, for the type checker."""
    return bounds  # type: ignore[return-value]


def say(bounds: Interval) -> str:
    """The interval in words, for a message."""
    return f"{bounds.low:g}" if bounds.is_point else f"within {bounds}"
