"""Distributions: a number in [0, 1] becomes a value, by our own inverse distribution functions.

Nothing here draws: `quantile` is a pure function, finite for 0 <= u <= 1 and never outside the
support. It increases in u up to rounding; Bernoulli's alone decreases. A bound may be a link
instead of a number; `resolve` puts numbers in their place, and only then is there a quantile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from syncaug.values.bounded import Bound, Bounded
from syncaug.values.canonical import thaw_number
from syncaug.values.constant import Constant
from syncaug.values.continuous import Beta, LogUniform, Normal, Uniform
from syncaug.values.discrete import Bernoulli, Choice, Integers, scaled_weights
from syncaug.values.links import link_from_json

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
