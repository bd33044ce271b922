"""Streams of outlines in a picture: polygons and run lengths."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import Sides
from syncaug.policy.stream_values import Share
from syncaug.policy.streams.base import SIDES, Labelled, OnPlane

__all__ = ["PolygonsStream"]


class PolygonsStream(OnPlane, Labelled):
    """Outlines in a picture: N lists of rings, or run lengths."""

    what: ClassVar[str] = "a polygons stream"
    modality: Literal["polygons"] = Field(description="Outlines in a picture.")
    unit: Literal["pixels", "fractions"] = Field(
        "pixels", description="Whether numbers are pixels, or fractions of width and height."
    )
    origin: Literal["edge", "centre"] = Field(
        "edge",
        description="Where 0 lies: at the picture's edge, as COCO has it, or at the centre of its "
        "first pixel, as OpenCV's findContours has it.",
    )
    min_visible: Share = Field(
        0.0, description="The share below which an outline counts as invisible."
    )
    outside: Literal["error", "clip", "drop"] = Field(
        "error",
        description="What becomes of outlines that reach out of the picture by more than a pixel. "
        "With clip and drop, rings without an area or with NaN are left out, and with drop run "
        "lengths of another size.",
    )
    sides: Sides = SIDES
