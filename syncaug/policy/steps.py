"""The steps of a policy: what all may say, transforms of the library, and which kind a step is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from syncaug.policy.base import AsTuple, Model, model_of, shown, wrong
from syncaug.policy.models import Models
from syncaug.policy.step_slips import meant_step, parameter_names
from syncaug.policy.step_values import Chance, Draw, StepName, Sync, Weight
from syncaug.policy.suggest import guess
from syncaug.policy.when import When

__all__ = ["STEPS", "Step", "Steps", "TransformStep", "choose_step"]


class Step(Model):
    """What every step may say."""

    what: ClassVar[str] = "a step"
    others: ClassVar[str] = "keys/a step"
    name: StepName = Field(description="The step's name: it places its draws, so keep it.")
    description: str = Field("", description="What the step is for, for people.")
    draw: Draw = Field(default_factory=dict, description="Variables of this step.")
    p: Chance = Field(
        1.0, description="The probability of the step: a number from 0 to 1, or a link."
    )
    when: When = Field((), description="What must hold for the step: one condition or a list.")
    sync: Sync = Field(
        "strict",
        description="Whether the streams share one draw (strict), draw alone (independent), or "
        "stray a little ({jitter: {stream.parameter: amount}}).",
    )
    weight: Weight = Field(1.0, description="How often a choice takes this step, against others.")

    @classmethod
    def elsewhere(cls, key: str) -> str:
        """A key of another kind of step."""
        kinds = [kind for kind, model in STEPS.items() if key in model.keys()]  # noqa: SIM118
        if kinds:
            return f"it belongs beside {kinds[0]}:"
        return f"write with: {{{key}: ...}}" if key in parameter_names() else ""


class TransformStep(Step):
    """A step by a transform of the library."""

    uses: str = Field(min_length=1, description="The transform.")
    parameters: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="The transform's parameters."
    )
    partner: Literal["uniform"] = Field(
        "uniform", description="How the partner of a mixing transform is drawn."
    )


AnyStep = Annotated[Step, model_of(lambda raw: choose_step(raw), "step")]
Steps = Annotated[tuple[AnyStep, ...], AsTuple]


STEPS: Mapping[str, type[Step]] = Models(
    {
        "uses": "steps:TransformStep",
        "apply": "operations:OperationsStep",
        "one_of": "choices:OneOfStep",
        "some_of": "choices:SomeOfStep",
    }
)
"""The key that says what a step does -> the model of such a step."""


def choose_step(raw: Any) -> type[Step]:
    """The model of a step, by the one of its keys that says what it does."""
    if not isinstance(raw, Mapping):
        step, hint = meant_step(raw, _keys())
        expected = "a mapping with a name"
        raise wrong("SA203", f"{shown(raw)} is no step", expected=expected, hint=hint, meant=step)
    kinds = [kind for kind in STEPS if kind in raw]
    if len(kinds) > 1:
        second = next(key for key in reversed(raw) if key in STEPS)
        others = " and ".join(kind for kind in kinds if kind != second)
        raise wrong(
            "SA208",
            f"{second!r} cannot stand beside {others!r} in one step",
            expected="one of uses, apply, one_of and some_of",
            hint="make two steps of it",
            path=(second,),
            key=True,
        )
    if kinds:
        return STEPS[kinds[0]]
    for key in raw:
        kind = guess(key, STEPS, Step.others).name
        if kind:
            return STEPS[kind]
    step, hint = meant_step(raw, _keys())
    expected = "one of uses, apply, one_of and some_of"
    unknown = [key for key in raw if key not in _keys()]
    for key in unknown if not hint else ():
        hint = hint or guess(key, _keys(), Step.others).hint
    message = "the step does nothing"
    if unknown and step is None:
        message += (
            f": {', '.join(map(repr, unknown))} {'is' if len(unknown) == 1 else 'are'} no key"
        )
    raise wrong("SA208", message, expected=expected, hint=hint, meant=step)


def _keys() -> frozenset[str]:
    """The keys that a step with a transform may have."""
    return frozenset(TransformStep.keys())
