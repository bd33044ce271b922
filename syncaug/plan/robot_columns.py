"""What the columns of a robot's states and actions hold: groups of columns with a meaning.

Each entry of `columns:` declares one group, in the order of the columns. Names that differ in left
and right are the two sides of the robot, which trade places in a mirror.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from json import dumps, loads
from typing import Any

from syncaug.body_sides import swapped_name, swapped_order
from syncaug.catalogue.quantities import AXES, MEANINGS, ORDERS, Meaning

__all__ = [
    "Group",
    "RobotLayout",
    "is_relative",
    "names_side",
    "other_side",
    "robot_layout",
    "width_of",
]


@dataclass(frozen=True, slots=True)
class Group:
    """Columns [start, start + width) that hold one quantity.

    `frame` is the frame of its numbers, `relative` whether they are steps from one row to the next.
    `lateral` is the axis (0, 1 or 2) that a mirror turns round: of the base, and of the tool.
    `signs` are those of joints in a mirror. `other` is the place of the other side's group, or its
    own. `rides` is the place of the rotation along whose axes steps of a tool lead, or -1.
    """

    name: str
    means: str
    start: int
    width: int
    order: str
    degrees: bool
    frame: str
    relative: bool
    base_lateral: int
    tool_lateral: int
    signs: tuple[float, ...]
    other: int
    rides: int

    @property
    def columns(self) -> slice:
        """The columns of the group."""
        return slice(self.start, self.start + self.width)

    @property
    def meaning(self) -> Meaning:
        """How its quantity moves."""
        return MEANINGS[self.means]


@dataclass(frozen=True, slots=True)
class RobotLayout:
    """The groups of a stream, in the order of its columns."""

    groups: tuple[Group, ...]
    width: int


def robot_layout(options: Mapping[str, Any], *, relative: bool) -> RobotLayout:
    """The layout that a stream declares; `relative` is what holds where a column does not say."""
    declared = dumps([options.get("columns") or (), options.get("sides", "swap")])
    frame, lateral = options.get("frame", "base"), options.get("lateral", "y")
    return _layout(declared, frame, lateral, bool(options.get("relative", relative)))


def width_of(column: Mapping[str, Any]) -> int:
    """How many columns an entry declares."""
    meaning = MEANINGS[column["is"]]
    return meaning.width or int(column.get("count", 1))


def is_relative(column: Mapping[str, Any], relative: bool) -> bool:
    """Whether a column holds steps: a gripper and plain numbers only where they say so."""
    means = column["is"]
    usual = relative and means not in ("gripper", "plain") and not MEANINGS[means].paced
    return bool(column.get("relative", usual))


def other_side(columns: Sequence[Mapping[str, Any]]) -> list[int]:
    """For each entry the place of the one that stands for the other side, or its own."""
    return swapped_order(tuple(str(column["name"]) for column in columns))


def names_side(name: str) -> bool:
    """Whether a name says left or right."""
    return swapped_name(name) != name


@lru_cache(maxsize=256)
def _layout(declared: str, frame: str, lateral: str, relative: bool) -> RobotLayout:
    columns, sides = loads(declared)
    others = other_side(columns) if sides == "swap" else list(range(len(columns)))
    groups: list[Group] = []
    start = 0
    for column, other in zip(columns, others, strict=True):
        means, width = column["is"], width_of(column)
        sign = column.get("mirror", 1)
        signs = tuple(map(float, sign)) if isinstance(sign, list) else (float(sign),) * width
        groups.append(
            Group(
                name=column["name"],
                means=means,
                start=start,
                width=width,
                order=column.get("order", (*ORDERS.get(means, ()), "")[0]),
                degrees=column.get("unit") == "degrees",
                frame=column.get("frame", frame),
                relative=is_relative(column, relative),
                base_lateral=AXES.index(lateral),
                tool_lateral=AXES.index(column.get("lateral", lateral)),
                signs=signs,
                other=other,
                rides=-1,
            )
        )
        start += width
    found = (
        replace(group, rides=_rotation_of(place, groups)) for place, group in enumerate(groups)
    )
    return RobotLayout(tuple(found), start)


def _rotation_of(place: int, groups: Sequence[Group]) -> int:
    """The rotation beside steps along a tool's own axes: the entry after them, or before."""
    group = groups[place]
    if group.relative and group.frame == "own" and group.means == "position":
        for near in (place + 1, place - 1):
            if 0 <= near < len(groups):
                beside = groups[near]
                if beside.meaning.rotation and beside.relative and beside.frame == "own":
                    return near
    return -1
