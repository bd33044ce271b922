"""Streams of the world: what is placed in three dimensions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.sides import Sides
from syncaug.policy.stream_values import Names, Vectors
from syncaug.policy.streams.base import SIDES, InWorld, Labelled, OnClock, OnPlane

__all__ = ["Boxes3dStream", "CameraStream", "PointsStream"]


class PointsStream(InWorld, OnClock):
    """Points in the world: Nx(3 + attributes)."""

    what: ClassVar[str] = "a points stream"
    modality: Literal["points"] = Field(description="Points in the world.")
    columns: Names = Field(
        ("x", "y", "z"),
        description="What each column holds: x, y, z, intensity, r, g, b, t (seconds) ..., in any "
        "order.",
    )
    vectors: Vectors = Field(
        {},
        description="Columns that form vectors, where their names (vx, vy, vz; nx, ny, nz) do not "
        "say so: {velocity: [a, b, c]}, or acceleration, normal, offset, position; plain stays.",
    )
    invalid: Literal["error", "drop"] = Field(
        "error",
        description="What becomes of points with NaN or infinity, as missing returns have: an "
        "error, or they go.",
    )


class Boxes3dStream(InWorld, Labelled):
    """Boxes in the world: rows of x, y, z, dx, dy, dz, yaw, or of the columns that it names."""

    what: ClassVar[str] = "a boxes3d stream"
    modality: Literal["boxes3d"] = Field(description="Boxes in the world.")
    columns: Names = Field(
        ("x", "y", "z", "dx", "dy", "dz", "yaw"),
        description="What each column holds, in any order: x, y, z; l, w, h or dx, dy, dz; yaw, "
        "alone or with pitch and roll, or qw, qx, qy, qz; vx, vy, vz and other vectors; all others "
        "stay. rotation_y is a yaw about +y by the right hand.",
    )
    vectors: Vectors = Field(
        {},
        description="Columns that form vectors, where their names (vx, vy, vz) do not say so: "
        "{velocity: [a, b, c]}, or acceleration, normal, offset, position; plain stays.",
    )
    size: Literal["lwh", "lhw", "wlh", "whl", "hlw", "hwl"] = Field(
        "lwh",
        description="In which order dx, dy, dz hold length (along the heading), width and height.",
    )
    origin: Literal["centre", "bottom"] = Field(
        "centre", description="Which point x, y, z is: the centre, or that of the lowest face."
    )
    yaw: Literal["radians", "degrees"] = Field("radians", description="The unit of angles.")
    direction: Literal["counterclockwise", "clockwise"] = Field(
        "counterclockwise",
        description="Which way the yaw grows, as seen from above; that of the right hand where "
        "the column names its axis.",
    )
    up: Literal["z", "-z", "y", "-y", "x", "-x"] = Field(
        "z",
        description="The vertical axis of the world: -y in the axes of a camera. Yaw 0 is along "
        "+x (+y where x is vertical).",
    )
    invalid: Literal["error", "drop"] = Field(
        "error",
        description="What becomes of rows with NaN or infinity, or without a size: an error, or "
        "they go with their labels.",
    )
    sides: Sides = SIDES


class CameraStream(OnPlane, InWorld):
    """A camera: K, size and a pose."""

    what: ClassVar[str] = "a camera stream"
    modality: Literal["camera"] = Field(description="A camera that joins a plane and a world.")
    axes: Literal["opencv", "opengl"] = Field(
        "opencv",
        description="The axes of its pose: x right, y down, looking along z; or of OpenGL, Blender "
        "and NeRF: x right, y up, looking along -z.",
    )
