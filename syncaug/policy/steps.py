"""The steps of a policy: library transforms, linked operations, and choices among steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from syncaug.policy.base import (
    AsTuple,
    Checked,
    Model,
    each,
    fit,
    is_number,
    model_of,
    named,
    ref,
    shown,
    wrong,
)
from syncaug.policy.conditions import When
from syncaug.policy.draws import Distribution, choose_distribution, is_distribution
from syncaug.policy.links import choose_link, is_link
from syncaug.policy.suggest import suggest

__all__ = ["STEPS", "Operation", "Step", "StepName", "StreamName", "VariableName", "choose_step"]

StepName = Annotated[str, named(r"^[A-Za-z_][A-Za-z0-9_-]*$", "a name of letters, digits, _ and -")]
VariableName = Annotated[str, named(r"^[A-Za-z_][A-Za-z0-9_]*$", "a name of letters, digits and _")]
StreamName = Annotated[
    str,
    named(
        r"^(?!\*$)[^\s/]([^/\x00-\x1f]*[^\s/])?$",
        "a name without / and without blanks around it, and not *",
    ),
]
Draw = dict[VariableName, Annotated[Distribution, model_of(choose_distribution, "distribution")]]
Weight = Annotated[float, Field(ge=0)]


# Chance, and how far streams share a draw -------------------------------------------------------


def _chance(raw: Any) -> Any:
    if is_number(raw) and 0 <= raw <= 1:
        return raw
    if is_link(raw):
        return fit(choose_link(raw), raw)
    code = "SA204" if is_number(raw) else "SA203"
    raise wrong(code, f"{shown(raw)} is no chance", expected="a number from 0 to 1, or a link")


Chance = Annotated[
    float,
    Checked(
        _chance,
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, ref("link")]},
    ),
]


class Jitter(Model):
    """A controlled desynchronisation."""

    what: ClassVar[str] = "sync"
    jitter: dict[str, Weight] = Field(
        description="stream.parameter -> how far it may stray from the shared draw."
    )


def _sync(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return fit(Jitter, raw)
    return _sync_word(raw)


def _sync_word(raw: Any) -> Any:
    words = ("strict", "independent")
    if raw in words:
        return raw
    near = suggest(raw, words) if isinstance(raw, str) else ""
    expected = "strict, independent or {jitter: ...}"
    raise wrong("SA205", f"{shown(raw)} does not fit 'sync'", expected=expected, hint=near)


_SYNC_WORDS = {"type": "string", "enum": ["strict", "independent"]}
Sync = Annotated[str | Jitter, Checked(_sync, {"anyOf": [_SYNC_WORDS, ref("jitter")]})]


class Step(Model):
    """What every step may say."""

    what: ClassVar[str] = "a step"
    name: StepName = Field(description="The step's name: it places its draws, so keep it.")
    description: str = Field("", description="What the step is for, for people.")
    draw: Draw = Field(default_factory=dict, description="Variables of this step.")
    p: Chance = Field(1.0, description="The chance of the step: a number from 0 to 1, or a link.")
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
        return f"it belongs beside {kinds[0]}:" if kinds else ""


# A library transform ----------------------------------------------------------------------------


class TransformStep(Step):
    """A step by a transform of the library."""

    uses: str = Field(min_length=1, description="The transform.")
    parameters: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="The transform's parameters."
    )
    partner: Literal["uniform"] = Field(
        "uniform", description="How the partner of a mixing transform is drawn."
    )


# Linked operations ------------------------------------------------------------------------------


class Operation(Model):
    """One library call on one stream; its parameters stand beside `op`."""

    model_config = ConfigDict(extra="allow")
    what: ClassVar[str] = "an operation"
    op: str = Field(min_length=1, description="The operation: library.Name.")


_BARE = ("follow", "keep")
"""What a stream may say instead of an operation."""


def _call(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        meant = [key for key in raw if "op" not in raw and suggest(str(key), ("op",))]
        if meant:
            message = f"unknown key {str(meant[0])!r}"
            raise wrong("SA201", message, hint="did you mean 'op'?", path=(meant[0],), key=True)
        return fit(Operation, raw)
    hint = ""
    if isinstance(raw, str):
        hint = f"write {{op: {raw}}}" if "." in raw else suggest(raw, _BARE)
        hint = f"{raw} stands alone, without a list" if raw in _BARE else hint
    expected = "{op: library.Name, ...}, a list of them, follow or keep"
    raise wrong("SA203", f"{shown(raw)} is no operation", expected=expected, hint=hint)


def _calls(raw: Any) -> Any:
    if raw in _BARE:
        return raw
    if isinstance(raw, list) and raw:
        return each(_call, raw)
    return _call(raw)


_CALL = ref("operation")
Calls = Annotated[
    Any,
    Checked(
        _calls,
        {
            "anyOf": [
                _CALL,
                {"type": "array", "items": _CALL, "minItems": 1},
                {"const": "follow", "description": "Carried along by the step's operation."},
                {"const": "keep", "description": "Stays as it is, whatever the step changes."},
            ]
        },
    ),
]


class OperationsStep(Step):
    """A step by operations of the user's own choice, tied together by its variables."""

    apply: dict[StreamName, Calls] = Field(
        min_length=1, description="Stream -> its operation, a list of them, follow or keep."
    )


# Choices ----------------------------------------------------------------------------------------


_WordSync = Annotated[str, Checked(_sync_word, _SYNC_WORDS)]
AnyStep = Annotated[Step, model_of(lambda raw: choose_step(raw), "step")]
Steps = Annotated[tuple[AnyStep, ...], AsTuple]


class OneOfStep(Step):
    """A choice of one step."""

    sync: _WordSync = Field("strict", description="Whether streams share one draw, or draw alone.")
    one_of: Steps = Field(min_length=1, description="Steps of which one is taken, by weight.")


def _count(raw: Any) -> Any:
    if is_link(raw):
        return fit(choose_link(raw), raw)
    if is_distribution(raw):
        return fit(choose_distribution(raw), raw)
    numbers = raw if isinstance(raw, list) and len(raw) == 2 else [raw]
    if all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers):
        return raw
    expected = "a whole number, [low, high], or a distribution"
    raise wrong("SA203", f"{shown(raw)} does not fit 'count'", expected=expected)


_WHOLE = {"type": "integer", "minimum": 0}
Count = Annotated[
    Any,
    Checked(
        _count,
        {
            "anyOf": [
                _WHOLE,
                {"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2},
                ref("distribution"),
                ref("link"),
            ]
        },
    ),
]


class Several(Model):
    """How many of which steps."""

    what: ClassVar[str] = "some_of"
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

    sync: _WordSync = Field("strict", description="Whether streams share one draw, or draw alone.")
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


STEPS: Mapping[str, type[Step]] = {
    "uses": TransformStep,
    "apply": OperationsStep,
    "one_of": OneOfStep,
    "some_of": SomeOfStep,
}
"""The key that says what a step does -> the model of such a step."""


def choose_step(raw: Any) -> type[Step]:
    """The model of a step, by the one of its keys that says what it does."""
    if not isinstance(raw, Mapping):
        hint = f"write {{name: {raw}, uses: {raw}}}" if isinstance(raw, str) else ""
        raise wrong(
            "SA203", f"{shown(raw)} is no step", expected="a mapping with a name", hint=hint
        )
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
    meant = [kind for kind in STEPS for key in raw if suggest(str(key), (kind,))]
    if meant:
        return STEPS[meant[0]]
    raise wrong("SA208", "the step does nothing", expected="one of uses, apply, one_of and some_of")
