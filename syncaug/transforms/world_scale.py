"""Grow or shrink the world about its origin; depths grow with it, pixels stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.world import WorldMap
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import WorldScaleParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: WorldScaleParameters, view: View) -> Maps:
    """One world map for each world."""
    made = _grown(parameters)
    return [("world", world, made) for world in view.worlds(parameters.get("world", ""))]


def _grown(parameters: WorldScaleParameters) -> WorldMap:
    """The map itself."""
    factor = parameters["factor"]
    return WorldMap.moving((factor, 0.0, 0.0, 0.0, factor, 0.0, 0.0, 0.0, factor))


FORMULAS: tuple[Formula, ...] = (("world", _grown),)
