"""Streams of robots: what they measure of themselves, and what they are told to do."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.robot_columns import ActionColumns, StateColumns
from syncaug.policy.sides import NamedSides
from syncaug.policy.stream_values import Rate
from syncaug.policy.streams.base import InWorld, OnClock

__all__ = ["ActionStream", "RobotStream", "StateStream"]


class RobotStream(OnClock, InWorld):
    """Rows of a robot whose columns say what they hold."""

    rate: Rate = Field(
        0.0, description="Rows in a second; without it, and without clock:, there is one moment."
    )
    frame: Literal["base", "world", "own"] = Field(
        "base",
        description="The frame of the numbers: the robot's base, which goes where its world goes; "
        "the world itself; or the tool's own, of velocities and steps.",
    )
    lateral: Literal["x", "y", "z"] = Field(
        "y",
        description="The axis of base and tools that points to the side, which a mirror turns "
        "round; flip says the same: world: y.",
    )
    sides: NamedSides = Field(
        "swap", description="Whether left and right columns trade places in a mirror."
    )


class StateStream(RobotStream):
    """What a robot measures of itself: D numbers, or TxD."""

    what: ClassVar[str] = "a state stream"
    modality: Literal["state"] = Field(description="What a robot measures of itself.")
    columns: StateColumns = Field(
        description="What columns hold, in order: {name: left_arm.position, is: position}."
    )


class ActionStream(RobotStream):
    """What a robot is told to do: D numbers, or TxD."""

    what: ClassVar[str] = "an action stream"
    modality: Literal["action"] = Field(description="What a robot is told to do.")
    columns: ActionColumns = Field(
        description="What columns hold, in order: {name: left_arm.position, is: position}."
    )
    relative: bool = Field(
        False,
        description="Whether positions, rotations and joints are steps from one row to the next "
        "(deltas), not targets; a column may say otherwise.",
    )
    ahead: int = Field(
        0,
        ge=0,
        description="Rows by which a target lies ahead of the state that reaches it, usually 1; "
        "targets are reversed only where it is said.",
    )
