"""Values: what the compiler puts in a plan for each parameter, gate and variable.

    Constant          always the same
    Drawn             a distribution and the address of its randomness
    Link              follows one variable
    ExpressionLink    follows a formula of variables

All answer the same questions: `evaluate(env)` gives the value for one sample, `interval(env)` all
that it can be, `variables` what it follows, `as_json()` its canonical text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from syncaug.values.distributions import Constant, Distribution, distribution_from_json
from syncaug.values.interval import Support
from syncaug.values.links import ExpressionLink, Link, link_from_json

__all__ = [
    "Constant",
    "Drawn",
    "Environment",
    "ExpressionLink",
    "Link",
    "Value",
    "value_from_json",
]


class Environment(dict[str, Any]):
    """The variables of one sample by name, and `unit`: from an address to its number in (0, 1)."""

    __slots__ = ("unit",)

    def __init__(self, variables: Mapping[str, Any], unit: Callable[[str], float]) -> None:
        super().__init__(variables)
        self.unit = unit


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value drawn from a distribution with the randomness of an address of its own."""

    distribution: Distribution
    address: str
    variables: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", self.distribution.variables)

    def evaluate(self, env: Environment) -> Any:
        """The draw of one sample: the quantile of the address's number."""
        distribution = self.distribution
        if self.variables:
            distribution = distribution.resolve(env)
        return distribution.quantile(env.unit(self.address))

    def interval(self, env: Mapping[str, Support]) -> Support:
        """All that can be drawn."""
        return self.distribution.support(env)

    def as_json(self) -> dict[str, Any]:
        """The distribution in the policy's own words, and the address."""
        return {"draw": self.distribution.as_json(), "address": self.address}


Value: TypeAlias = Constant | Drawn | Link | ExpressionLink


def value_from_json(data: Mapping[str, Any]) -> Value:
    """Read what a value's `as_json` printed."""
    if "draw" in data:
        return Drawn(distribution_from_json(data["draw"]), data["address"])
    if "constant" in data:
        return Constant(data["constant"])
    return link_from_json(data)
