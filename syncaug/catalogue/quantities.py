"""The quantities of a robot's states and actions: how many columns each takes, and how it moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["AXES", "MEANINGS", "ORDERS", "Meaning"]

AXES = ("x", "y", "z")


class Meaning(NamedTuple):
    """How many columns a quantity takes, and how it moves.

    `turns` is whether it turns with its frame, `grows` whether it grows with its world, and `paced`
    whether it is a rate, which grows with the speed of time. A quantity of width 0 is a number of
    its own in each column.
    """

    width: int
    turns: bool = False
    grows: bool = False
    paced: bool = False
    rotation: bool = False


MEANINGS: Mapping[str, Meaning] = {
    "position": Meaning(3, turns=True, grows=True),
    "quaternion": Meaning(4, turns=True, rotation=True),
    "matrix": Meaning(9, turns=True, rotation=True),
    "rotation_6d": Meaning(6, turns=True, rotation=True),
    "axis_angle": Meaning(3, turns=True, rotation=True),
    "euler": Meaning(3, turns=True, rotation=True),
    "linear_velocity": Meaning(3, turns=True, grows=True, paced=True),
    "angular_velocity": Meaning(3, turns=True, paced=True),
    "joint": Meaning(0),
    "joint_velocity": Meaning(0, paced=True),
    "gripper": Meaning(0),
    "plain": Meaning(0),
}
"""What `is:` may say."""

_EULER = tuple(
    order for one in ("xyz", "xzy", "yxz", "yzx", "zxy", "zyx") for order in (one, one.upper())
)
ORDERS: Mapping[str, tuple[str, ...]] = {
    "quaternion": ("wxyz", "xyzw"),
    "euler": _EULER,
    "matrix": ("rows", "columns"),
    "rotation_6d": ("columns", "rows"),
}
"""What `order:` may say; of a matrix and of 6-D the first holds where nothing is said."""
