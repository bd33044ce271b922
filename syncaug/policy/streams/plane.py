"""Streams of the plane: what is marked on pictures."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import NamedSides, NumberedSides, Sides
from syncaug.policy.stream_values import DistinctNames, Rate, Share
from syncaug.policy.streams.base import (
    SIDES,
    Fitting,
    InWorld,
    Labelled,
    OnFilm,
    OnPlane,
    Raster,
)

__all__ = ["BoxesStream", "DepthStream", "KeypointsStream", "MaskStream"]


class MaskStream(Raster, OnFilm):
    """Classes of pixels: HxW integers."""

    what: ClassVar[str] = "a mask stream"
    modality: Literal["mask"] = Field(description="Classes of pixels.")
    sides: NumberedSides = Field(
        "keep", description="Pairs of numbers that trade places in a mirror: {swap: [[3, 4]]}."
    )


class DepthStream(Raster, InWorld):
    """Distances of pixels: HxW float32 in metres."""

    what: ClassVar[str] = "a depth stream"
    modality: Literal["depth"] = Field(description="Distances of pixels, in metres.")
    unit: Rate = Field(0.001, description="Metres for one stored unit of a depth file.")


class BoxesStream(OnPlane, Labelled, OnFilm):
    """Boxes in a picture: Nx4."""

    what: ClassVar[str] = "a boxes stream"
    modality: Literal["boxes"] = Field(description="Boxes in a picture.")
    format: Literal["pascal_voc", "coco", "yolo", "albumentations"] = Field(
        "pascal_voc",
        description="Corners in pixels, corner and size in pixels, centre and size as fractions, "
        "or corners as fractions.",
    )
    min_visible: Share = Field(0.0, description="The share below which a box counts as invisible.")
    outside: Literal["error", "clip", "drop"] = Field(
        "error",
        description="What becomes of boxes that reach out of the picture by more than a pixel. "
        "With clip and drop, those without an area or with NaN are left out.",
    )
    sides: Sides = SIDES


class KeypointsStream(OnPlane, Fitting, OnFilm):
    """Points in a picture: NxKx3 or Kx2, with visibility."""

    what: ClassVar[str] = "a keypoints stream"
    modality: Literal["keypoints"] = Field(description="Points in a picture.")
    names: DistinctNames = Field(
        (), description="One name for each point; left and right swap in a mirror."
    )
    origin: Literal["centre", "edge"] = Field(
        "centre",
        description="Where 0 lies: at the centre of the picture's first pixel, or at its edge, "
        "from which boxes count.",
    )
    min_visible: Share = Field(
        0.0, description="The share below which an entry counts as invisible."
    )
    outside: Literal["keep", "error", "clip", "drop"] = Field(
        "keep",
        description="What becomes of visible points outside the picture: keep (they move along), "
        "error, clip (to its edge, hidden), or drop. With clip and drop, NaN is left out.",
    )
    sides: NamedSides = Field(
        "swap", description="Whether names of sides trade places in a mirror."
    )
