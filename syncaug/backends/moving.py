"""Rows of a cloud moved by a world map: places, and the vectors and lengths beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.world import WorldMap
from syncaug.plan.columns import Layout

__all__ = ["TiltError", "moved_rows"]

_UPRIGHT = 1e-3
"""What a turn may take out of the plane of x and y and still leave vectors in it."""


class TiltError(ValueError):
    """A vector of two components would leave the plane of x and y."""


def moved_rows(points: NDArray[Any], layout: Layout, world: WorldMap) -> NDArray[Any]:
    """The same rows after a world map, as a new array of the same dtype.

    Places move; each vector turns, and grows with the world by its kind's power of the scale. A
    vector of two components has a z of 0. Raises TiltError where it would not stay so.
    """
    places = opencv.transform_points(points[:, layout.place_at], world.matrix)
    if points.shape[1] == len(layout.place) and layout.place == (0, 1, 2):
        return places
    moved = points.copy()
    moved[:, layout.place_at] = places
    for vector in layout.vectors:
        matrix = _matrix(world, vector.kind.world)
        size = len(vector.columns)
        names = ", ".join(layout.names[column] for column in vector.columns)
        if size == 2 and np.abs(matrix[2, :2]).max() > _UPRIGHT * world.scale:
            raise TiltError(
                f"the turn takes {names} out of the plane of x and y, and they have no z component"
            )
        columns = list(vector.columns)
        turn = matrix[:size, :size].astype(points.dtype)
        moved[:, columns] = points[:, columns] @ turn.T
        if vector.kind.placed:
            moved[:, columns] += world.matrix[:size, 3].astype(points.dtype)
    for column, (power, _) in layout.scalars:
        if power and world.scale != 1.0:
            moved[:, column] *= points.dtype.type(world.scale**power)
    return moved


def _matrix(world: WorldMap, power: int) -> NDArray[np.float64]:
    """The linear part of a world map with its scale taken to another power."""
    linear = world.matrix[:3, :3]
    return linear if power == 1 else linear * world.scale ** (power - 1)
