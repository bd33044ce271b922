"""Turn the world about one of its axes; cameras turn with it and see the same picture."""

from __future__ import annotations

from syncaug.maps.world import WorldMap, axis_rotation
from syncaug.transforms.view import Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One world map for each world, about the axis through its origin."""
    turn = WorldMap.of(axis_rotation(parameters["axis"], parameters["degrees"]))
    return [("world", world, turn) for world in view.worlds(parameters.get("world", ""))]
