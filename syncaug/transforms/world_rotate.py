"""Turn the world about one of its axes; cameras turn with it and see the same picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.world import WorldMap, rotation_about
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import WorldRotateParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: WorldRotateParameters, view: View) -> Maps:
    """One world map for each world, about the axis through its origin."""
    made = _turned(parameters)
    return [("world", world, made) for world in view.worlds(parameters.get("world", ""))]


def _turned(parameters: WorldRotateParameters) -> WorldMap:
    """The map itself."""
    return WorldMap.moving(rotation_about(parameters["axis"], parameters["degrees"]))


FORMULAS: tuple[Formula, ...] = (("world", _turned),)
