"""Choices among steps: one of them, or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from syncaug.policy.base import Checked, Model, each, fit, ref, shown, wrong
from syncaug.policy.step_values import Count, WordSync
from syncaug.policy.steps import Step, Steps, choose_step

__all__ = ["OneOfStep", "Several", "SomeOfStep"]


class OneOfStep(Step):
    """A choice of one step."""

    sync: WordSync = Field("strict", description="Whether streams share one draw, or draw alone.")
    one_of: Steps = Field(min_length=1, description="Steps of which one is taken, by weight.")


class Several(Model):
    """How many of which steps."""

    what: ClassVar[str] = "some_of"
    others: ClassVar[str] = "keys/some_of"
    count: Count = Field(1, description="How many: a whole number, [low, high] or a distribution.")
    steps: Steps = Field(min_length=1, description="Steps of which some are taken, by weight.")


def _some(raw: Any) -> Any:
    if isinstance(raw, list) and raw:
        return each(lambda item: fit(choose_step(item), item), raw)
    if isinstance(raw, Mapping):
        return fit(Several, raw)
    raise wrong(
        "SA203", f"{shown(raw)} does not fit", expected="a list of steps, or {count, steps}"
    )


class SomeOfStep(Step):
    """A choice of several steps."""

    sync: WordSync = Field("strict", description="Whether streams share one draw, or draw alone.")
    some_of: Annotated[
        Any,
        Checked(
            _some,
            {
                "anyOf": [
                    {"type": "array", "items": ref("step"), "minItems": 1},
                    ref("several"),
                ]
            },
        ),
    ] = Field(description="Steps of which some are taken, or {count, steps}.")
    count: Count = Field(1, description="How many: a whole number, [low, high] or a distribution.")
