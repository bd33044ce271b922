"""Grow or shrink the world about its origin; depths grow with it, pixels stay."""

from __future__ import annotations

import numpy as np

from syncaug.maps.world import WorldMap
from syncaug.transforms.view import Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One world map for each world."""
    factor = parameters["factor"]
    world_map = WorldMap(np.diag([factor, factor, factor, 1.0]))
    return [("world", world, world_map) for world in view.worlds(parameters.get("world", ""))]
