"""Turn the world about one of its axes; cameras turn with it and see the same picture."""

from __future__ import annotations

import numpy as np

from syncaug.maps.world import WorldMap, axis_rotation
from syncaug.transforms.view import Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One world map for each world, about the axis through its origin."""
    matrix = np.eye(4)
    matrix[:3, :3] = axis_rotation(parameters["axis"], parameters["degrees"])
    return [
        ("world", world, WorldMap(matrix)) for world in view.worlds(parameters.get("world", ""))
    ]
