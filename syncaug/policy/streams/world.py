"""Streams of the world: what is placed in three dimensions."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from syncaug.policy.ground_values import Extent, GridAxes, GridOrigin
from syncaug.policy.sides import NamedSides, NumberedSides, Sides
from syncaug.policy.stream_values import DistinctNames, Names, Rate, Vectors
from syncaug.policy.streams.base import (
    SIDES,
    Filled,
    InEgo,
    InWorld,
    Labelled,
    Listed,
    OnClock,
    OnFilm,
    OnPlane,
)

__all__ = ["BevStream", "Boxes3dStream", "CameraStream", "JointsStream", "PointsStream"]

Up = Literal["z", "-z", "y", "-y", "x", "-x"]
UP: Any = Field(
    "z",
    description="The vertical axis of the world: -y in the axes of a camera. A yaw of 0 is along "
    "+x (+y where x is vertical).",
)


class PointsStream(InEgo, OnClock, Listed):
    """Points in the world: Nx(3 + attributes), or sweeps in their sensor's axes with poses."""

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
    follow: Literal["pose", "points"] = Field(
        "pose",
        description="What of a sweep with a pose follows the world: its pose, which takes turns "
        "and shifts, or its points, while the pose stays.",
    )


class Boxes3dStream(InEgo, Labelled):
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
    up: Up = UP
    invalid: Literal["error", "drop"] = Field(
        "error",
        description="What becomes of rows with NaN or infinity, or without a size: an error, or "
        "they go with their labels.",
    )
    sides: Sides = SIDES


class JointsStream(OnPlane, InWorld, Labelled):
    """Named points of bodies in the world, or as a camera sees them: NxKx3 or Kx3."""

    what: ClassVar[str] = "a joints stream"
    modality: Literal["joints"] = Field(description="Named points of bodies in three dimensions.")
    names: DistinctNames = Field(
        (), description="One name for each point of a body; left and right swap in a mirror."
    )
    axes: Literal["world", "opencv", "opengl"] = Field(
        "world",
        description="Whose axes x, y, z are: the world's, or those of the camera of its plane "
        "(opencv: x right, y down, z ahead; opengl: x right, y up, z back).",
    )
    origin: Literal["axes", "root"] = Field(
        "axes",
        description="What 0, 0, 0 is: the origin of its axes, or a point of each body itself, "
        "which no shift of the world changes.",
    )
    unit: Rate = Field(1.0, description="Metres for one unit of x, y, z: 0.001 for millimetres.")
    sides: NamedSides = Field(
        "swap", description="Whether points whose names tell a side trade places in a mirror."
    )


class BevStream(Filled, InWorld):
    """A map on the ground of a world, as seen from above: HxW or HxWxC."""

    what: ClassVar[str] = "a bev stream"
    modality: Literal["bev"] = Field(description="A map on the ground of a world.")
    axes: GridAxes = Field(
        [],
        description="Along which axis of the world rows go, and along which columns: [-x, -y] is a "
        "map with x up and y to the left.",
    )
    range: Extent = Field(
        [],
        description="Least and most of the ground's axes at the map's edges, in metres: "
        "[least x, least y, most x, most y].",
    )
    resolution: Rate = Field(1.0, description="Metres for one cell.")
    origin: GridOrigin = Field(
        "centre",
        description="Beside resolution: where the world's origin is, in the middle (centre), or "
        "the place [x, y] of the first cell's outer corner.",
    )
    holds: Literal["values", "heights"] = Field(
        "values",
        description="Whether numbers stay as they are, or are metres that move with the world.",
    )
    up: Up = UP
    sides: NumberedSides = Field(
        "keep", description="Pairs of numbers that trade places in a mirror: {swap: [[3, 4]]}."
    )


class CameraStream(OnPlane, InWorld, OnFilm):
    """A camera: K, size and a pose, or one for each frame of a film."""

    what: ClassVar[str] = "a camera stream"
    modality: Literal["camera"] = Field(description="A camera that joins a plane and a world.")
    axes: Literal["opencv", "opengl"] = Field(
        "opencv",
        description="The axes of its pose: x right, y down, looking along z; or of OpenGL, Blender "
        "and NeRF: x right, y up, looking along -z.",
    )
