"""Shift the world by metres; cameras shift with it and see the same picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.world import WorldMap
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import WorldTranslateParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: WorldTranslateParameters, view: View) -> Maps:
    """One world map for each world."""
    made = _moved(parameters)
    return [("world", world, made) for world in view.worlds(parameters.get("world", ""))]


def _moved(parameters: WorldTranslateParameters) -> WorldMap:
    """The map itself."""
    return WorldMap.moving(x=parameters["x"], y=parameters["y"], z=parameters["z"])


FORMULAS: tuple[Formula, ...] = (("world", _moved),)
