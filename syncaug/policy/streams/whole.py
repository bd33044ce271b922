"""Streams of the whole sample."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import Sides
from syncaug.policy.stream_values import Classes, DistinctNames, SpaceName
from syncaug.policy.streams.base import SIDES, Rowed, Stream

__all__ = ["LabelStream", "TabularStream"]


class LabelStream(Stream):
    """A class: an int, a name or a vector."""

    what: ClassVar[str] = "a label stream"
    modality: Literal["label"] = Field(description="A class or a value.")
    classes: Classes = Field(0, description="How many classes there are, or their names.")
    sides: Sides = SIDES
    plane: SpaceName = Field(
        "", description="The camera whose mirrors swap its sides; the only one without it."
    )
    soft: bool = Field(
        False, description="Whether a class always comes out as a vector of weights, mixed or not."
    )


class TabularStream(Rowed):
    """Numbers that belong to the whole sample, or to each of its rows."""

    what: ClassVar[str] = "a tabular stream"
    modality: Literal["tabular"] = Field(description="Numbers of the whole sample, or of each row.")
    columns: DistinctNames = Field((), description="What each number is.")
