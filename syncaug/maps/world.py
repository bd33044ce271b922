"""World maps: 4x4 similarities of 3-D space, which may mirror; and the frustum of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syncaug.forks import cached_property
from syncaug.maps.plane import Matrix, Size

__all__ = ["Frustum", "WorldMap", "axis_rotation", "reflection"]

_AXES = {"x": 0, "y": 1, "z": 2}
_TOLERANCE = 1e-6
_IDENTITY = np.eye(4)


@dataclass(frozen=True, eq=False)
class WorldMap:
    """A similarity of the world: rotation or mirror, uniform scale, shift (4x4, metres)."""

    matrix: Matrix

    def then(self, later: WorldMap) -> WorldMap:
        """This map followed by `later`, as one map."""
        return WorldMap(later.matrix @ self.matrix)

    @cached_property
    def scale(self) -> float:
        """The factor by which every length grows."""
        return float(abs(np.linalg.det(self.matrix[:3, :3])) ** (1 / 3))

    @cached_property
    def mirrors(self) -> bool:
        """Whether right hands become left hands."""
        return bool(np.linalg.det(self.matrix[:3, :3]) < 0)

    @cached_property
    def inverse(self) -> Matrix:
        """The 4x4 matrix that undoes the map."""
        return np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)

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
        return WorldMap(matrix)

    @staticmethod
    def of(linear: Matrix | None = None, shift: Sequence[float] = ()) -> WorldMap:
        """The map of a linear part (3x3) followed by a shift, either of which may be missing."""
        matrix = _IDENTITY.copy()
        if linear is not None:
            matrix[:3, :3] = linear
        if shift:
            matrix[:3, 3] = shift
        return WorldMap(matrix)

    @staticmethod
    def identity() -> WorldMap:
        """The map that leaves the world as it is."""
        return WorldMap(_IDENTITY.copy())


@dataclass(frozen=True, eq=False)
class Frustum:
    """What one or several cameras see: points in front of one that project into what it shows.

    For each camera, `cameras` has the pictures of which all must show a place: its own, and those
    from which that was cut. Each is a projection (3x4), which takes world points to homogeneous
    pixels, and the size of the picture.
    """

    cameras: tuple[tuple[tuple[Matrix, Size], ...], ...]

    def contains(self, points: Matrix) -> NDArray[np.bool_]:
        """For each world point (N, 3), whether any camera shows its place."""
        shown = np.zeros(len(points), dtype=np.bool_)
        for pictures in self.cameras:
            inside = np.ones(len(points), dtype=np.bool_)
            for projection, size in pictures:
                inside &= _shows(projection, size, points)
            shown |= inside
        return shown


def _shows(projection: Matrix, size: Size, points: Matrix) -> NDArray[np.bool_]:
    homogeneous = points @ projection[:, :3].T + projection[:, 3]
    depth = homogeneous[:, 2]
    front = depth > _TOLERANCE
    safe = np.where(front, depth, 1.0)
    x, y = homogeneous[:, 0] / safe, homogeneous[:, 1] / safe
    width, height = size
    inside: NDArray[np.bool_] = (x >= -0.5) & (x < width - 0.5) & (y >= -0.5) & (y < height - 0.5)
    return front & inside


def axis_rotation(axis: str, degrees: float) -> Matrix:
    """The 3x3 right-handed rotation about `x`, `y` or `z` (counterclockwise seen from its tip)."""
    first, second = ((1, 2), (2, 0), (0, 1))[_AXES[axis]]
    angle = math.radians(degrees)
    matrix = _IDENTITY[:3, :3].copy()
    matrix[first, first] = matrix[second, second] = math.cos(angle)
    matrix[first, second], matrix[second, first] = -math.sin(angle), math.sin(angle)
    return matrix


def reflection(axis: str) -> Matrix:
    """The 3x3 mirror that negates the named axis."""
    matrix = np.eye(3)
    matrix[_AXES[axis], _AXES[axis]] = -1.0
    return matrix
