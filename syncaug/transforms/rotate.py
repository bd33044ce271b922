"""Turn the picture about its centre, counterclockwise as seen; the world and sound when asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Nine, rigid_product, seen_through
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.words import Tilt
from syncaug.maps.world import WorldMap, rotation_about
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import RotateParameters

__all__ = ["FORMULAS", "maps"]

_NAMED = ("x", "y", "z")
_QUARTERS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""Cosine and sine of whole quarter turns, to the last bit."""


def maps(parameters: RotateParameters, view: View) -> Maps:
    """One plane map for each plane; `expand` makes the picture as large as what it shows.

    With `world: turn` the camera takes the turn R as its own (K' = A K R^-1 stays an ordinary
    pinhole) and its world turns about its optical axis, W = E^-1 R E, so that extrinsics stay:
    R E W^-1 = E. Other cameras of that world turn with their own pictures and keep seeing the same.
    With a named axis the world turns about that axis through the origin instead. A camera whose
    lens distorts always takes the turn as its own, which such a lens stays true to.
    """
    out: list[Located] = []
    turns: dict[str, WorldMap] = {}
    degrees, world = parameters["degrees"], parameters["world"]
    for plane, before in view.pictures(parameters.get("plane", "")):
        if "words" in parameters:
            out.append(("words", plane, Tilt.of(parameters["words"])))
        turned = _turned(parameters, before)
        camera = view.camera(plane)
        bent = camera is not None and camera.lens.bends  # its models know no turn of the pixels
        if (world == "keep" and not bent) or (camera is None and not view.has_body(plane)):
            out.append(("plane", plane, turned))
        else:
            cosine, sine = turned.numbers[:2]
            if camera is not None and camera.is_mirrored:
                sine = -sine  # the camera itself turns the other way
            rotation: Nine = (cosine, sine, 0.0, -sine, cosine, 0.0, 0.0, 0.0, 1.0)
            out.append(("plane", plane, turned._replace(turn=rotation)))
            if camera is not None and world == "turn":
                turns.setdefault(view.world_of(plane) or "", _about(camera, rotation))
        if parameters["audio"] == "phase":
            out.append(("phase", plane, degrees))
    named = _turned_world(parameters)
    if named is not None:
        turns = dict.fromkeys(view.worlds(""), named)
    for space, turn in turns.items():
        out.append(("world", space, turn))
    return out


def _turned(parameters: RotateParameters, before: Size) -> PlaneMap:
    """The map of one picture."""
    degrees, (width, height) = parameters["degrees"], before
    quarters, size = degrees / 90.0, before
    if quarters == round(quarters):
        cosine, sine = _QUARTERS[round(quarters) % 4]
    else:
        angle = math.radians(degrees)
        cosine, sine = math.cos(angle), math.sin(angle)
    if parameters["expand"]:
        across, down = abs(cosine), abs(sine)
        size = (_whole(across * width + down * height), _whole(down * width + across * height))
    x, y = (width - 1) / 2, (height - 1) / 2
    right = (size[0] - 1) / 2 - cosine * x - sine * y
    down = (size[1] - 1) / 2 + sine * x - cosine * y
    return PlaneMap.plain((cosine, sine, right, -sine, cosine, down, 0.0, 0.0, 1.0), before, size)


def _turned_world(parameters: RotateParameters) -> WorldMap | None:
    """The map of worlds about a named axis; None where none is named."""
    world = parameters["world"]
    if world not in _NAMED:
        return None
    return WorldMap.moving(rotation_about(world, parameters["degrees"]))


FORMULAS: tuple[Formula, ...] = (("plane", _turned), ("world", _turned_world))


def _about(camera: Camera, rotation: Nine) -> WorldMap:
    """The turn of a world about a camera's optical axis that turns its picture by `rotation`."""
    pose = a, b, c, x, d, e, f, y, g, h, i, z = camera.pose
    back = WorldMap.moving(
        (a, d, g, b, e, h, c, f, i),
        -(a * x + d * y + g * z),
        -(b * x + e * y + h * z),
        -(c * x + f * y + i * z),
    )
    return WorldMap(rigid_product(back.numbers, seen_through(rotation, pose)))


def _whole(length: float) -> int:
    return max(1, math.ceil(length - 1e-9))
