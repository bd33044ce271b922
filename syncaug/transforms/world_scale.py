"""Grow or shrink the world about its origin; depths grow with it, pixels stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.world import WorldMap
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import WorldScaleParameters

__all__ = ["maps"]


def maps(parameters: WorldScaleParameters, view: View) -> Maps:
    """One world map for each world."""
    factor = parameters["factor"]
    growth = WorldMap.moving((factor, 0.0, 0.0, 0.0, factor, 0.0, 0.0, 0.0, factor))
    return [("world", world, growth) for world in view.worlds(parameters.get("world", ""))]
