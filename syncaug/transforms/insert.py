"""Objects of a partner's world in this one, where they touch nothing.

Yan, Mao and Li, SECOND: Sparsely Embedded Convolutional Detection (Sensors 2018) paste objects with
their points and try another where one would collide. What is drawn here is drawn from an address.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mix import Mix, Placed
from syncaug.maps.oriented import moved_box, overlaps
from syncaug.maps.world import WorldMap
from syncaug.transforms.view import Located, Maps, Objects, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import InsertParameters

__all__ = ["maps"]


def maps(parameters: InsertParameters, view: View) -> Maps:
    """One mix for each stream of a world, all with the same objects at the same places."""
    out: list[Located] = []
    for world in view.worlds(parameters.get("world", "")):
        objects = view.objects(world)
        generator = view.entropy(world).philox()
        placed = _place(parameters, objects, generator)
        weight = len(placed) / max(1, len(placed) + len(objects.own))
        for stream, (_, spaces) in view.mixing().items():
            if spaces.get("world") == world:
                mix = Mix("insert", weight, placed=placed, floor=parameters["floor"])
                out.append(("mix", stream, mix))
    return out


def _place(
    parameters: InsertParameters, objects: Objects, generator: np.random.Generator
) -> tuple[Placed, ...]:
    """Objects in a drawn order, each at the first place tried where it is clear of all others."""
    taken = objects.own
    placed: list[Placed] = []
    candidates = np.flatnonzero(objects.counts >= parameters["least_points"])
    free = parameters["place"] == "free" and objects.extent is not None
    lift = 0.0
    if parameters["ground"] == "match" and objects.ground is not None:
        lift = objects.ground[0] - objects.ground[1]
    for index in generator.permutation(candidates).tolist():
        if len(placed) >= parameters["count"]:
            break
        box = objects.partner[index]
        for _ in range(parameters["tries"] if free else 1):
            move = np.eye(4)
            move[2, 3] = lift
            if free and objects.extent is not None:
                move = _anywhere(box, objects.extent, lift, generator.random(3))
            target = moved_box(box, move)
            if not overlaps(target, taken, parameters["clearance"]).any():
                taken = np.vstack([taken, target])
                placed.append(_placed(index, move, objects))
                break
    return tuple(placed)


def _placed(index: int, move: NDArray[np.float64], objects: Objects) -> Placed:
    """An object of the partner that moves so in upright axes, in the axes of its world."""
    stream, row, solid = objects.solids[index]
    axes = np.eye(4)
    axes[:3, :3] = objects.axes
    world = WorldMap.of(axes @ move @ axes.T)
    return Placed(index, stream, row, world, solid.moved(world))


def _anywhere(
    box: NDArray[np.float64], extent: NDArray[np.float64], lift: float, drawn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The move that puts a box's centre at a place of an extent, turned about the vertical."""
    turn = math.tau * (drawn[2] - 0.5)
    cosine, sine = math.cos(turn), math.sin(turn)
    move = np.eye(4)
    move[:2, :2] = [[cosine, -sine], [sine, cosine]]
    place = extent[0] + drawn[:2] * (extent[1] - extent[0])
    move[:2, 3] = place - move[:2, :2] @ box[:2]
    move[2, 3] = lift
    return move
