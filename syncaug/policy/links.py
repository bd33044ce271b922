"""Links: what ties a value to a variable, or to a formula of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from syncaug.policy.base import AsTuple, Checked, Model, fit, is_number, ref, shown, wrong

__all__ = ["BOUND", "Bound", "ExpressionLink", "Link", "choose_link", "is_link", "read_bound"]


def is_link(raw: Any) -> bool:
    """Whether a value is meant as a link."""
    return isinstance(raw, Mapping) and ("from" in raw or "expr" in raw)


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


def choose_link(raw: Any) -> type[Model]:
    """The model of a link, by whether it has `from` or `expr`."""
    if isinstance(raw, Mapping) and "from" in raw and "expr" in raw:
        message, hint = "a link has either from or expr, not both", "remove one of them"
        raise wrong("SA211", message, hint=hint, path=("expr",), key=True)
    return ExpressionLink if isinstance(raw, Mapping) and "expr" in raw else Link


def read_bound(raw: Any) -> Any:
    """A number of a distribution, or a link that gives it."""
    if is_number(raw):
        return raw
    if isinstance(raw, Mapping):
        return fit(choose_link(raw), raw)
    raise wrong("SA203", f"{shown(raw)} does not fit", expected="a number or a link")


BOUND = {"anyOf": [{"type": "number"}, ref("link")]}
Bound = Annotated[float, Checked(read_bound, BOUND)]
