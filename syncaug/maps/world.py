"""World maps: similarities of 3-D space, which may mirror; and the frustum of a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.forks import cached_property
from syncaug.maps.lens import NO_LENS, Lens
from syncaug.maps.numbers import (
    IDENTITY,
    Matrix,
    Nine,
    Twelve,
    as_matrix,
    as_pose,
    as_twelve,
    determinant,
    inverse,
    linear_part,
    rigid_product,
    seen_through,
)
from syncaug.maps.plane import Size

__all__ = ["Frustum", "Shown", "WorldMap", "reflection", "rotation_about"]

_TOLERANCE = 1e-6
_LEAST, _MOST = 1e-200, 1e200
"""Between which volumes products of three lengths are safe from the ends of a float."""


_IDENTITY: Twelve = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_new: Any = tuple.__new__
"""Makes a world map without looking at its fields, in half the time of the constructor."""


class _WorldMap(NamedTuple):
    numbers: Twelve


class WorldMap(_WorldMap):
    """A similarity of the world: rotation or mirror, uniform scale, shift (metres).

    `numbers` are the upper three rows of its matrix (4x4), row by row; `matrix` is the whole of it
    as an array.
    """

    @staticmethod
    def of(matrix: Matrix) -> WorldMap:
        """The map of a 4x4 array whose last row is 0 0 0 1; see `checked`."""
        return WorldMap(as_twelve(matrix))

    @staticmethod
    def moving(linear: Nine = IDENTITY, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> WorldMap:
        """The map of a linear part (3x3) followed by a shift."""
        a, b, c, d, e, f, g, h, i = linear
        return _new(WorldMap, ((a, b, c, x, d, e, f, y, g, h, i, z),))  # type: ignore[no-any-return]

    @staticmethod
    def identity() -> WorldMap:
        """The map that leaves the world as it is."""
        return WorldMap.moving()

    @staticmethod
    def checked(matrix: Matrix) -> WorldMap:
        """The map of a matrix that somebody gave. Raises ValueError unless it is a similarity."""
        linear = matrix[:3, :3]
        gram = linear.T @ linear
        scale = gram[0, 0]
        shape = np.array_equal(matrix[3], [0.0, 0.0, 0.0, 1.0])
        if (
            not shape
            or not np.allclose(gram, scale * np.eye(3), atol=_TOLERANCE * max(scale, 1.0))
            or scale <= 0
        ):
            raise ValueError(
                "a world map must be a similarity: rotation, mirror, uniform scale, shift"
            )
        return WorldMap.of(matrix)

    @cached_property
    def matrix(self) -> Matrix:
        """The 4x4 matrix as an array, made when somebody first asks."""
        return as_pose(self.numbers)

    @property
    def is_identity(self) -> bool:
        """Whether it leaves the world as it is, to the last bit."""
        return self.numbers == _IDENTITY

    def then(self, later: WorldMap) -> WorldMap:
        """This map followed by `later`, as one map."""
        return WorldMap(rigid_product(later.numbers, self.numbers))

    @cached_property
    def scale(self) -> float:
        """The factor by which every length grows."""
        unit, size = self._unit
        return float(size * abs(determinant(unit)) ** (1 / 3))

    @property
    def mirrors(self) -> bool:
        """Whether right hands become left hands."""
        return determinant(self._unit[0]) < 0.0

    @cached_property
    def _unit(self) -> tuple[Nine, float]:
        """The linear part and 1; where its cube is beyond a float, its unit, and how many.

        A world of no size has a unit of NaN: what comes of it is refused where it is carried.
        """
        linear = linear_part(self.numbers)
        if _LEAST < abs(determinant(linear)) < _MOST:
            return linear, 1.0
        size = max(map(abs, linear))
        a, b, c, d, e, f, g, h, i = (n / size if size else math.nan for n in linear)
        return (a, b, c, d, e, f, g, h, i), size

    @cached_property
    def inverse(self) -> WorldMap:
        """The map that undoes this one."""
        unit, size = self._unit
        shrink = 1.0 / size if size else math.nan
        a, b, c, d, e, f, g, h, i = (number * shrink for number in inverse(unit))
        x, y, z = self.numbers[3], self.numbers[7], self.numbers[11]
        return WorldMap.moving(
            (a, b, c, d, e, f, g, h, i),
            -(a * x + b * y + c * z),
            -(d * x + e * y + f * z),
            -(g * x + h * y + i * z),
        )

    def __reduce__(self) -> tuple[type[WorldMap], tuple[Any, ...]]:
        return WorldMap, tuple(self)


class Shown(NamedTuple):
    """A picture as its camera sees the world: where a point lands in it, and whether it shows it.

    `numbers` (3x3) take what the `lens` makes of directions to pixels; `pose` is world to camera.
    """

    numbers: Nine
    pose: Twelve
    size: Size
    lens: Lens = NO_LENS

    def contains(self, points: Matrix) -> NDArray[np.bool_]:
        """For each world point (N, 3), whether the picture shows its place."""
        if self.lens.bends:
            pose = np.reshape(self.pose, (3, 4))
            places, seen = self.lens.distorted(points @ pose[:, :3].T + pose[:, 3])
            places[~seen] = 0.0
            matrix = as_matrix(self.numbers)
            return seen & _inside(places @ matrix[:, :2].T + matrix[:, 2], self.size)
        projection = np.reshape(seen_through(self.numbers, self.pose), (3, 4))
        return _inside(points @ projection[:, :3].T + projection[:, 3], self.size)


@dataclass(frozen=True, eq=False)
class Frustum:
    """What one or several cameras see: points in front of one that project into what it shows.

    For each camera, `cameras` has the pictures of which all must show a place: its own, and those
    from which that was cut.
    """

    cameras: tuple[tuple[Shown, ...], ...]

    def contains(self, points: Matrix) -> NDArray[np.bool_]:
        """For each world point (N, 3), whether any camera shows its place."""
        shown = np.zeros(len(points), dtype=np.bool_)
        for pictures in self.cameras:
            inside = np.ones(len(points), dtype=np.bool_)
            for picture in pictures:
                inside &= picture.contains(points)
            shown |= inside
        return shown


def _inside(homogeneous: Matrix, size: Size) -> NDArray[np.bool_]:
    depth = homogeneous[:, 2]
    front = depth > _TOLERANCE
    safe = np.where(front, depth, 1.0)
    x, y = homogeneous[:, 0] / safe, homogeneous[:, 1] / safe
    width, height = size
    inside: NDArray[np.bool_] = (x >= -0.5) & (x < width - 0.5) & (y >= -0.5) & (y < height - 0.5)
    return front & inside


def rotation_about(axis: str, degrees: float) -> Nine:
    """The right-handed rotation about `x`, `y` or `z` (counterclockwise seen from its tip)."""
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    if axis == "x":
        return 1.0, 0.0, 0.0, 0.0, cosine, -sine, 0.0, sine, cosine
    if axis == "y":
        return cosine, 0.0, sine, 0.0, 1.0, 0.0, -sine, 0.0, cosine
    return cosine, -sine, 0.0, sine, cosine, 0.0, 0.0, 0.0, 1.0


def reflection(axis: str) -> Nine:
    """The 3x3 mirror that negates the named axis."""
    x, y, z = (-1.0 if axis == name else 1.0 for name in "xyz")
    return x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, z
