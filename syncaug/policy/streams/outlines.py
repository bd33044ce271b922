"""Streams of outlines in a picture: polygons, masks of instances and oriented boxes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import Sides
from syncaug.policy.stream_values import Share
from syncaug.policy.streams.base import SIDES, Fitting, Labelled, OnFilm, OnPlane

__all__ = ["InstancesStream", "OrientedBoxesStream", "PolygonsStream"]


class PolygonsStream(OnPlane, Fitting, OnFilm):
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


class InstancesStream(OnPlane, Fitting, OnFilm):
    """Masks of N things: NxHxW booleans or 0 and 1, or a list of masks or run lengths."""

    what: ClassVar[str] = "an instances stream"
    modality: Literal["instances"] = Field(description="One mask for each of several things.")
    layout: Literal["nhw", "hwn"] = Field(
        "nhw", description="Whether masks come first or last in an array."
    )
    min_visible: Share = Field(
        0.0, description="The share below which a thing counts as invisible."
    )
    empty: Literal["drop", "error"] = Field(
        "drop",
        description="What becomes of a mask that comes with nobody in it; in a group of rows that "
        "another stream leads it is nothing, and stays.",
    )
    sides: Sides = SIDES


class OrientedBoxesStream(OnPlane, Labelled, OnFilm):
    """Boxes in a picture that lie any way: Nx5 with an angle, or Nx8 or Nx4x2 of corners."""

    what: ClassVar[str] = "an oriented_boxes stream"
    modality: Literal["oriented_boxes"] = Field(description="Boxes that lie any way.")
    angle: Literal["", "radians", "degrees"] = Field(
        "", description="The unit of angles; Nx5 boxes need it."
    )
    direction: Literal["", "clockwise", "counterclockwise"] = Field(
        "",
        description="Which way angles count, as seen; Nx5 boxes need it. OpenCV, mmrotate and YOLO "
        "count clockwise, detectron2 counterclockwise.",
    )
    range: Literal["half", "full", "le90", "le135", "oc"] = Field(
        "half",
        description="Where angles lie that come out: from -90 to 90 degrees, the width being the "
        "one that came (half), from -180 to 180 as a heading (full), or as mmrotate names them: "
        "le90 and le135 (the width is the longer side; from -90 or -45 on, half a turn), oc (above "
        "0, up to 90).",
    )
    corners: Literal["fit", "move"] = Field(
        "fit",
        description="Whether four corners become the least rectangle around them where a map "
        "leaves no right angles, or stay as it moves them.",
    )
    unit: Literal["pixels", "fractions"] = Field(
        "pixels", description="Whether corners are pixels, or fractions of width and height."
    )
    origin: Literal["edge", "centre"] = Field(
        "edge",
        description="Where 0 lies: at the picture's edge, or at the centre of its first pixel.",
    )
    min_visible: Share = Field(0.0, description="The share below which a box counts as invisible.")
    visible: Literal["share", "centre"] = Field(
        "share",
        description="What tells whether a box is still seen: a share of its area, or its centre.",
    )
    outside: Literal["keep", "error", "clip", "drop"] = Field(
        "keep",
        description="What becomes of boxes that reach out of the picture: they stay whole (keep), "
        "are an error, become the least rectangle around what is seen (clip, after each step too), "
        "or go (drop). With clip and drop, those without an area or with NaN are left out.",
    )
    sides: Sides = SIDES
