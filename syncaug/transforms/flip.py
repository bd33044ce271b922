"""Mirror the picture; the world mirrors with it so that cameras stay ordinary cameras."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.maps.camera import Camera
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap, reflection
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import FlipParameters

__all__ = ["FORMULAS", "maps"]

_NAMED = ("x", "y", "z")
_SIGNS = {"horizontal": (-1.0, 1.0), "vertical": (1.0, -1.0), "both": (-1.0, -1.0)}


def maps(parameters: FlipParameters, view: View) -> Maps:
    """One plane map for each plane; with `world: mirror` or an axis, one world map beside them.

    Each camera takes the mirror as a turn of its own (K' = A K turn^-1 keeps fx and fy positive),
    and its world is reflected once: E' = turn E W^-1 is a proper rotation again for every camera of
    that world, whichever plane the world was reflected across. An inertial sensor whose body names
    the plane takes the same turn, also where the sample has no camera.
    """
    sign_x, sign_y = _SIGNS[parameters["axis"]]
    world = parameters["world"]
    out: list[Located] = []
    mirrors: dict[str, WorldMap] = {}
    for plane, size in view.pictures(parameters.get("plane", "")):
        map_ = _mirrored(parameters, size)
        camera = None if world == "keep" else view.camera(plane)
        if world == "keep" or (camera is None and not view.has_body(plane)):
            out.append(("plane", plane, map_))
            continue
        turn = (sign_x, 0.0, 0.0, 0.0, sign_y, 0.0, 0.0, 0.0, 1.0)
        out.append(("plane", plane, map_._replace(turn=turn)))
        if camera is None:
            continue
        space = view.world_of(plane) or ""
        if sign_x * sign_y < 0 and space not in mirrors:
            mirrors[space] = _mirror(world, _reference(parameters, view, space, camera))
    named = _mirrored_world(parameters)
    if named is not None:
        for space in view.worlds(""):  # also those that no camera looks at
            mirrors.setdefault(space, named)
    for space, mirror in mirrors.items():
        out.append(("world", space, mirror))
    return out


def _mirrored(parameters: FlipParameters, size: Size) -> PlaneMap:
    """The map of one picture."""
    (sign_x, sign_y), (width, height) = _SIGNS[parameters["axis"]], size
    right = width - 1.0 if sign_x < 0 else 0.0
    down = height - 1.0 if sign_y < 0 else 0.0
    return PlaneMap.plain((sign_x, 0.0, right, 0.0, sign_y, down, 0.0, 0.0, 1.0), size, size)


def _mirrored_world(parameters: FlipParameters) -> WorldMap | None:
    """The map of worlds across a named axis; None where none is named, or sides stay."""
    world = parameters["world"]
    sign_x, sign_y = _SIGNS[parameters["axis"]]
    if world not in _NAMED or sign_x * sign_y > 0:
        return None
    return WorldMap.moving(reflection(world))


FORMULAS: tuple[Formula, ...] = (("plane", _mirrored), ("world", _mirrored_world))


def _reference(parameters: FlipParameters, view: View, world: str, first: Camera) -> Camera:
    """The camera across whose vertical plane a world is mirrored: the named one, or the first."""
    named = parameters.get("reference", "")
    if named and view.world_of(named) == world:
        return view.camera(named) or first
    return view.foremost(world) or first


def _mirror(world: str, camera: Camera) -> WorldMap:
    """The reflection across the named axis' plane through the origin, or the camera's own plane.

    The camera's plane is the vertical one through its centre and optical axis: its normal is the
    camera's x axis made horizontal (z is up). A camera that looks straight along its own x axis'
    vertical has no such plane; then its x axis itself is the normal.
    """
    if world in _NAMED:
        return WorldMap.moving(reflection(world))
    a, b, c, x, d, e, f, y, g, h, i, z = camera.pose
    p, q, r = a, b, 0.0 if abs(c) < 0.9 else c
    length = math.sqrt(p * p + q * q + r * r)
    p, q, r = p / length, q / length, r / length
    centre = -(a * x + d * y + g * z), -(b * x + e * y + h * z), -(c * x + f * y + i * z)
    away = 2.0 * (p * centre[0] + q * centre[1] + r * centre[2])
    linear = (
        1.0 - 2.0 * p * p,
        -2.0 * p * q,
        -2.0 * p * r,
        -2.0 * q * p,
        1.0 - 2.0 * q * q,
        -2.0 * q * r,
        -2.0 * r * p,
        -2.0 * r * q,
        1.0 - 2.0 * r * r,
    )
    return WorldMap.moving(linear, away * p, away * q, away * r)
