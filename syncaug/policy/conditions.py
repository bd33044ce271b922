"""Conditions of a step: a stream that is there, or a variable against a bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from syncaug.policy.base import AsTuple, Checked, Model, each, fit, ref, shown, wrong

__all__ = ["Absent", "Present", "VariableTest", "When", "choose_condition"]

_SIGNS: Mapping[str, str] = {
    ">": "above",
    ">=": "above",
    "<": "below",
    "<=": "below",
    "==": "is",
    "=": "is",
    "!=": "not",
}
_TESTS = ("is", "not", "in", "above", "below")
_PYTHON = re.compile(
    r"\s*(not\s+|!\s*)?([A-Za-z_]\w*)\s*(?:(>=|<=|==|!=|>|<|=)\s*([^\s<>=!&|]+)\s*)?$"
)


class Present(Model):
    """A stream that this sample has."""

    what: ClassVar[str] = "a condition"
    present: str = Field(description="A stream that this sample must have.")


class Absent(Model):
    """A stream that this sample lacks."""

    what: ClassVar[str] = "a condition"
    absent: str = Field(description="A stream that this sample must lack.")


class VariableTest(Model):
    """A variable whose drawn value passes every test that is given."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [t]} for t in _TESTS]})
    what: ClassVar[str] = "a condition"
    others: ClassVar[str] = "keys/a condition"
    var: str = Field(description="A variable of `draw:`, or severity, progress, epoch.")
    equal: Any = Field(None, alias="is", description="The value that it must be.")
    unequal: Any = Field(None, alias="not", description="The value that it must not be.")
    among: Annotated[tuple[Any, ...], AsTuple] = Field(
        (), alias="in", min_length=1, description="The values of which it must be one."
    )
    above: float = Field(0.0, description="The bound that it must exceed.")
    below: float = Field(0.0, description="The bound that it must stay under.")


def choose_condition(raw: Any) -> type[Model]:
    """The model of a condition, by its keys."""
    expected = "{present: STREAM}, {absent: STREAM} or {var: NAME, is: VALUE}"
    if not isinstance(raw, Mapping):
        raise wrong("SA203", f"{shown(raw)} is no condition", expected=expected, hint=_hint(raw))
    for key, model in (("present", Present), ("absent", Absent)):
        if key in raw:
            return model
    if "var" not in raw and not any(test in raw for test in _TESTS):
        raise wrong("SA203", "this is no condition", expected=expected)
    if "var" in raw and len(raw) == 1:
        tests = ", ".join(_TESTS)
        raise wrong("SA202", "a condition on a variable needs a test", expected=f"one of {tests}")
    return VariableTest


def _hint(raw: Any) -> str:
    """What to write for a condition that is written as in Python."""
    found = _PYTHON.match(raw) if isinstance(raw, str) else None
    if found is None:
        return ""
    no, name, sign, value = found.groups()
    if sign:
        excluded = ", which excludes the bound" if sign in ("<=", ">=") else ""
        return f"write {{var: {name}, {_SIGNS[sign]}: {value}}}{excluded}"
    holds, there = ("false", "absent") if no else ("true", "present")
    return f"write {{var: {name}, is: {holds}}}, or {{{there}: {name}}} for a stream"


def _when(raw: Any) -> Any:
    def one(item: Any) -> Any:
        return fit(choose_condition(item), item)

    if isinstance(raw, list) and raw:
        return each(one, raw)
    return one(raw)


_ONE = ref("condition")
When = Annotated[
    Any, Checked(_when, {"anyOf": [_ONE, {"type": "array", "items": _ONE, "minItems": 1}]})
]
