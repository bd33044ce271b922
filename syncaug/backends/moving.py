"""Rows of a cloud moved by a world map: places, and the vectors and lengths beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.numbers import as_rows
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
    width = points.shape[1]
    if width == len(layout.place) and layout.place == (0, 1, 2):
        return opencv.transform_points(points, as_rows(world.numbers))
    moves = list(_moves(layout, world))
    if width <= _NARROW:
        return opencv.transform_points(points, _together(moves, width))
    moved = points.copy()
    for first in range(0, len(points), _ROWS_AT_ONCE):
        rows, into = (array[first : first + _ROWS_AT_ONCE] for array in (points, moved))
        for columns, matrix in moves:
            part = np.empty((len(rows), len(columns)), points.dtype)
            for place, column in enumerate(columns):
                part[:, place] = rows[:, column]
            part = opencv.transform_points(part, matrix)
            for place, column in enumerate(columns):
                into[:, column] = part[:, place]
    return moved


_NARROW = 4
"""Columns that OpenCV moves in one pass."""
_ROWS_AT_ONCE = 1 << 15
"""Rows that stay in the cache from one of their vectors to the next."""

_Move = tuple[tuple[int, ...], NDArray[np.float64]]
"""Columns that move together, and their matrix; its last column is the shift."""


def _moves(layout: Layout, world: WorldMap) -> Iterator[_Move]:
    """What a world map does to the columns of a cloud; those that are not named stay."""
    yield tuple(layout.place), world.matrix
    for vector in layout.vectors:
        linear = _linear(world, vector.kind.world)
        size = len(vector.columns)
        if size == 2 and np.abs(linear[2, :2]).max() > _UPRIGHT * world.scale:
            names = ", ".join(layout.names[column] for column in vector.columns)
            raise TiltError(
                f"the turn takes {names} out of the plane of x and y, and they have no z component"
            )
        matrix = np.zeros((size, size + 1))
        matrix[:, :size] = linear[:size, :size]
        if vector.kind.placed:
            matrix[:, size] = world.matrix[:size, 3]
        yield tuple(vector.columns), matrix
    for column, (power, _) in layout.scalars:
        if power and world.scale != 1.0:
            yield (column,), np.array([[world.scale**power, 0.0]])


def _linear(world: WorldMap, power: int) -> NDArray[np.float64]:
    """The linear part of a world map with its scale taken to another power."""
    linear = world.matrix[:3, :3]
    return linear if power == 1 else linear * world.scale ** (power - 1)


def _together(moves: Iterable[_Move], width: int) -> NDArray[np.float64]:
    """One matrix for whole rows."""
    matrix = np.eye(width, width + 1)
    for columns, move in moves:
        size = len(columns)
        matrix[np.ix_(columns, (*columns, width))] = move[:size, : size + 1]
    return matrix
