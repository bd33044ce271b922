"""Turn the picture about its centre, counterclockwise as seen; the world and sound when asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Nine, rigid_product, seen_through
from syncaug.maps.plane import PlaneMap
from syncaug.maps.words import Tilt
from syncaug.maps.world import WorldMap, rotation_about
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import RotateParameters

__all__ = ["maps"]

_NAMED = ("x", "y", "z")


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
    cosine, sine = _turn(degrees)
    rotation = (cosine, sine, 0.0, -sine, cosine, 0.0, 0.0, 0.0, 1.0)
    for plane, before in view.pictures(parameters.get("plane", "")):
        if "words" in parameters:
            out.append(("words", plane, Tilt.of(parameters["words"])))
        width, height = size = before
        if parameters["expand"]:
            across, down = abs(cosine), abs(sine)
            size = (_whole(across * width + down * height), _whole(down * width + across * height))
        x, y = (width - 1) / 2, (height - 1) / 2
        right = (size[0] - 1) / 2 - cosine * x - sine * y
        down = (size[1] - 1) / 2 + sine * x - cosine * y
        numbers = (cosine, sine, right, -sine, cosine, down, 0.0, 0.0, 1.0)
        camera = view.camera(plane)
        bent = camera is not None and camera.lens.bends  # its models know no turn of the pixels
        if (world == "keep" and not bent) or (camera is None and not view.has_body(plane)):
            out.append(("plane", plane, PlaneMap.plain(numbers, before, size)))
        else:
            out.append(("plane", plane, PlaneMap(numbers, before, size, rotation)))
            if camera is not None and world == "turn":
                turns.setdefault(view.world_of(plane) or "", _about(camera, rotation))
        if parameters["audio"] == "phase":
            out.append(("phase", plane, degrees))
    if world in _NAMED:
        turn = WorldMap.moving(rotation_about(world, degrees))
        turns = dict.fromkeys(view.worlds(""), turn)
    for space, turn in turns.items():
        out.append(("world", space, turn))
    return out


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


def _turn(degrees: float) -> tuple[float, float]:
    """Cosine and sine of an angle in degrees; quarter turns are exact."""
    quarters = degrees / 90.0
    if quarters == round(quarters):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[round(quarters) % 4]
    angle = math.radians(degrees)
    return math.cos(angle), math.sin(angle)


def _whole(length: float) -> int:
    return max(1, math.ceil(length - 1e-9))
