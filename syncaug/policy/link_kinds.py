"""What a link to a variable and a formula of variables may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from syncaug.policy.base import AsTuple, Checked, Model, is_number, shown, wrong

__all__ = ["ExpressionLink", "Link"]


def _pair(raw: Any) -> Any:
    if not isinstance(raw, list) or len(raw) != 2:
        raise wrong("SA203", f"{shown(raw)} does not fit", expected="two numbers, [low, high]")
    for index, number in enumerate(raw):
        if not is_number(number):
            message = f"{shown(number)} does not fit"
            raise wrong("SA203", message, expected="a number", path=(index,))
    return raw


_PAIR = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
Pair = Annotated[list[float], Checked(_pair, _PAIR)]


def _table(raw: Any) -> Any:
    if not isinstance(raw, Mapping) or not raw:
        raise wrong(
            "SA203", f"{shown(raw)} is no table", expected="a mapping from values to values"
        )
    return raw


class _Clipped(Model):
    clip: Pair = Field(
        default_factory=list, description="The lowest and highest value; others become these."
    )


class Link(_Clipped):
    """A value that follows one variable: scale * variable + offset, or by a curve or a table."""

    what: ClassVar[str] = "a link"
    others: ClassVar[str] = "keys/a link"
    source: str = Field(
        alias="from",
        description="The variable to follow: one of `draw:`, severity, progress, epoch.",
    )
    scale: float = Field(1.0, description="The factor on the variable.")
    offset: float = Field(0.0, description="What is added after the factor.")
    curve: Annotated[tuple[Pair, ...], AsTuple] = Field(
        (), min_length=1, description="Points [variable, value] of a piecewise linear curve."
    )
    table: Annotated[dict[str, Any], Checked(_table, {"type": "object", "minProperties": 1})] = (
        Field(default_factory=dict, description="One value for each value of the variable.")
    )


class ExpressionLink(_Clipped):
    """A value that follows a formula of variables."""

    what: ClassVar[str] = "a link"
    expr: str = Field(description='A formula of variables, such as "0.5 * hue + tilt".')
