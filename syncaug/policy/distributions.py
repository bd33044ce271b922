"""Distributions as models: what follows the word of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from syncaug.policy.base import (
    AsTuple,
    Checked,
    Model,
    each,
    fit,
    is_number,
    model_of,
    ref,
    shown,
    wrong,
)
from syncaug.policy.draws import Distribution
from syncaug.policy.links import BOUND, Bound, read_bound
from syncaug.policy.slips import as_expected

__all__ = ["BetaTable", "ChoiceTable", "NormalTable"]


def _bounds(raw: Any) -> Any:
    if not isinstance(raw, list) or len(raw) != 2:
        several = isinstance(raw, list) and len(raw) > 2
        hint, meant = "for one of them write choice:" if several else "", None
        if isinstance(raw, Mapping) and set(raw) == {"low", "high"}:
            meant = [raw["low"], raw["high"]]
            hint = f"write [{meant[0]}, {meant[1]}]"
        message = f"{shown(raw)} does not fit"
        raise wrong("SA203", message, expected="[low, high]", hint=hint, meant=meant)
    return each(read_bound, raw)


Bounds = Annotated[
    list[Any],
    Checked(_bounds, {"type": "array", "items": BOUND, "minItems": 2, "maxItems": 2}),
]


class NormalTable(Model):
    """The numbers of a normal distribution."""

    what: ClassVar[str] = "normal"
    others: ClassVar[str] = "keys/normal"
    example: ClassVar[str] = "{mean: 0, std: 1}, with low: and high: for bounds"
    mean: Bound = Field(description="The mean.")
    std: Bound = Field(description="The standard deviation, 0 or more.")
    low: Bound = Field(-math.inf, description="The lowest value that may be drawn.")
    high: Bound = Field(math.inf, description="The highest value that may be drawn.")


class BetaTable(Model):
    """The numbers of a beta distribution."""

    what: ClassVar[str] = "beta"
    others: ClassVar[str] = "keys/beta"
    example: ClassVar[str] = "{a: 2, b: 2}"
    a: Bound = Field(description="The first shape, above 0.")
    b: Bound = Field(description="The second shape, above 0.")
    low: Bound = Field(0.0, description="The lowest value that may be drawn.")
    high: Bound = Field(1.0, description="The highest value that may be drawn.")


class ChoiceTable(Model):
    """Values with their weights."""

    what: ClassVar[str] = "choice"
    others: ClassVar[str] = "keys/choice"
    values: Annotated[tuple[Any, ...], AsTuple] = Field(
        min_length=1, description="The values to choose from."
    )
    weights: Annotated[tuple[Annotated[float, Field(ge=0)], ...], AsTuple] = Field(
        (), description="One weight for each value; all alike without them."
    )


def _choice(raw: Any) -> Any:
    if isinstance(raw, Mapping) and "values" not in raw and raw:
        if all(is_number(weight) for weight in raw.values()):
            values, weights = ", ".join(map(str, raw)), ", ".join(map(str, raw.values()))
            raise wrong(
                "SA203",
                "a mapping does not fit",
                expected="a list of values, or {values, weights}",
                hint=f"write {{values: [{values}], weights: [{weights}]}}",
                meant={"values": [*raw], "weights": [*raw.values()]},
            )
    if isinstance(raw, Mapping):
        return fit(ChoiceTable, raw)
    if not isinstance(raw, list) or not raw:
        expected = "a list of values, or {values, weights}"
        hint = as_expected(raw, "a list")
        raise wrong("SA203", f"{shown(raw)} does not fit", expected=expected, hint=hint)
    return raw


class Uniform(Distribution):
    """Every number between two bounds alike."""

    uniform: Bounds = Field(description="[low, high]: every number between them alike.")


class LogUniform(Distribution):
    """Every ratio alike."""

    log_uniform: Bounds = Field(description="[low, high], above 0: every ratio alike.")


class Integers(Distribution):
    """Whole numbers."""

    integers: Bounds = Field(description="[low, high]: every whole number alike, both included.")


def _normal(raw: Any) -> type[NormalTable]:
    if isinstance(raw, list) and len(raw) == 2 and all(map(is_number, raw)):
        raise wrong(
            "SA203",
            "a list does not fit",
            expected="a mapping (normal)",
            hint=f"write {{mean: {raw[0]}, std: {raw[1]}}}",
            meant={"mean": raw[0], "std": raw[1]},
        )
    return NormalTable


class Normal(Distribution):
    """A normal distribution."""

    normal: Annotated[NormalTable, model_of(_normal, "normal")] = Field(
        description="{mean, std, low, high}: a normal distribution kept within bounds."
    )


def _beta(raw: Any) -> type[BetaTable]:
    shapes = raw if isinstance(raw, list) else [raw, raw]
    if len(shapes) == 2 and all(map(is_number, shapes)):
        raise wrong(
            "SA203",
            f"{shown(raw)} does not fit",
            expected="a mapping (beta)",
            hint=f"write {{a: {shapes[0]}, b: {shapes[1]}}}",
            meant={"a": shapes[0], "b": shapes[1]},
        )
    return BetaTable


class Beta(Distribution):
    """A beta distribution."""

    beta: Annotated[BetaTable, model_of(_beta, "beta")] = Field(
        description="{a, b, low, high}: a beta distribution stretched to bounds."
    )


class Choice(Distribution):
    """One of several values."""

    choice: Annotated[
        Any,
        Checked(
            _choice,
            {"anyOf": [{"type": "array", "minItems": 1}, ref("choice")]},
        ),
    ] = Field(description="A list of values, or {values, weights}.")


class Bernoulli(Distribution):
    """True or false."""

    bernoulli: Bound = Field(description="The probability of true; false otherwise.")


class Constant(Distribution):
    """Always the same value."""

    constant: Any = Field(description="The value, which is always the same.")
