"""The columns of a robot's state or action: what each group of them holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from syncaug.catalogue.quantities import MEANINGS, ORDERS
from syncaug.policy.base import Checked, Model, each, fit, ref, shown, wrong
from syncaug.policy.stream_values import Name
from syncaug.policy.suggest import suggest

__all__ = ["ActionColumn", "ActionColumns", "StateColumn", "StateColumns"]

_SECTION = "quantities"
_FORM = "{name: left_arm.position, is: position}"
_POSITION = "x, y and z are one entry: {name: position, is: position}"
_ROTATION = (
    "the four numbers of a quaternion are one entry: "
    "{name: rotation, is: quaternion, order: xyzw}, or wxyz"
)
_TURNS = "roll, pitch and yaw are one entry: {name: rotation, is: euler, order: xyz}"
_ANGLES = ("roll", "pitch", "yaw")
_NAMED = (
    dict.fromkeys("xyz", _POSITION)
    | dict.fromkeys(("qx", "qy", "qz", "qw"), _ROTATION)
    | {"gripper": "write {name: gripper, is: gripper}"}
)
"""What is written for columns whose names others give one by one."""


def _meaning(raw: Any) -> Any:
    if isinstance(raw, str) and raw in MEANINGS:
        return raw
    hint = suggest(str(raw), MEANINGS, _SECTION)
    expected = "" if hint else f"one of {', '.join(MEANINGS)}"
    raise wrong("SA203", f"{shown(raw)} is no meaning of a column", expected=expected, hint=hint)


def _order(raw: Any) -> Any:
    every = [order for orders in ORDERS.values() for order in orders]
    if isinstance(raw, str) and raw in every:
        return raw
    expected = "wxyz or xyzw of a quaternion, rows or columns, or the axes of angles such as xyz"
    near = suggest(str(raw), every, "words/order")
    raise wrong("SA203", f"{shown(raw)} is no order", expected=expected, hint=near)


def _signs(raw: Any) -> Any:
    signs = raw if isinstance(raw, list) and raw else [raw]
    if all(sign in (1, -1) and not isinstance(sign, bool) for sign in signs):
        return raw
    expected = "1 where a mirror leaves the joint's angle, -1 where it turns the other way"
    raise wrong("SA203", f"{shown(raw)} is no sign", expected=expected)


_SIGN = {"type": "integer", "enum": [1, -1]}
_AXIS = Literal["x", "y", "z"]


class StateColumn(Model):
    """What a group of columns holds."""

    what: ClassVar[str] = "a group of columns"
    others: ClassVar[str] = "keys/a column"
    example: ClassVar[str] = _FORM
    name: Name = Field(
        description="What the columns are called; names that differ in left and right are a pair."
    )
    is_: Annotated[str, Checked(_meaning, {"enum": list(MEANINGS)})] = Field(
        alias="is",
        description="What they hold: position, quaternion, matrix (9), rotation_6d, axis_angle, "
        "euler, linear_velocity, angular_velocity, joint, joint_velocity, gripper, or plain.",
    )
    count: int = Field(
        1, ge=1, description="How many columns, of joints, grippers and plain numbers."
    )
    order: Annotated[
        str,
        Checked(
            _order,
            {"enum": list(dict.fromkeys(one for orders in ORDERS.values() for one in orders))},
        ),
    ] = Field(
        "",
        description="wxyz or xyzw of a quaternion; the axes of Euler angles, small ones fixed (xyz "
        "is roll, pitch, yaw) and capital ones turning along; rows or columns of matrices.",
    )
    unit: Literal["radians", "degrees"] = Field("radians", description="Of Euler angles.")
    mirror: Annotated[
        int | list[int],
        Checked(_signs, {"anyOf": [_SIGN, {"type": "array", "items": _SIGN, "minItems": 1}]}),
    ] = Field(
        1,
        description="Of joints: 1 where a mirror image has the same angle, -1 where it turns the "
        "other way; one for all, or a list.",
    )
    frame: Literal["base", "world", "own"] = Field(
        "base", description="The frame of these numbers, where it is another than the stream's."
    )
    lateral: _AXIS = Field(
        "y", description="The axis of the tool that points to its side, if not the stream's."
    )


class ActionColumn(StateColumn):
    """What a group of columns of an action holds."""

    relative: bool = Field(
        False, description="Whether these are steps, where it differs from the stream's."
    )


def _entry(name: str) -> str:
    """What to write for a column that is only named: an entry may hold several columns."""
    small = name.lower()
    last = re.split(r"[_.]", small)[-1]
    whole = small in _ANGLES and _TURNS  # "wrist_roll" is a joint
    return whole or _NAMED.get(last, f"write {{name: {name}, is: ...}}")


def _columns(model: type[StateColumn], definition: str) -> Checked:
    """A list of groups, each a mapping."""

    def one(raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            hint = _entry(raw) if isinstance(raw, str) else ""
            message = f"{shown(raw)} does not say what its column holds"
            raise wrong("SA203", message, expected=_FORM, hint=hint)
        return fit(model, raw)

    def check(raw: Any) -> Any:
        if not isinstance(raw, list) or not raw:
            expected = f"a list with one entry for each group of columns, such as {_FORM}"
            raise wrong("SA203", f"{shown(raw)} names no columns", expected=expected)
        return each(one, raw)

    return Checked(check, {"type": "array", "items": ref(definition), "minItems": 1})


StateColumns = Annotated[list[Any], _columns(StateColumn, "state_column")]
ActionColumns = Annotated[list[Any], _columns(ActionColumn, "action_column")]
