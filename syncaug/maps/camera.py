"""The pinhole camera as a value: intrinsics, extrinsics, picture size; and how maps move it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from syncaug.forks import cached_property
from syncaug.maps.numbers import (
    Matrix,
    Nine,
    Twelve,
    as_matrix,
    as_nine,
    as_pose,
    as_twelve,
    determinant,
    linear_part,
    product,
    rigid_product,
    seen_through,
)
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap

__all__ = ["Camera"]


class _Camera(NamedTuple):
    calibration: Nine
    pose: Twelve
    size: Size


class Camera(_Camera):
    """x ~ K [R | t] X, with X in metres and x in pixels whose centres lie on integers.

    `calibration` are the nine numbers of K (3x3), and `pose` the upper three rows of the rigid
    world-to-camera matrix (4x4), row by row (Hartley and Zisserman, Multiple View Geometry, 2nd
    ed., eq. 6.8); `intrinsics` and `extrinsics` are the same as arrays. The camera looks along +z,
    with x to the right and y down.
    """

    @staticmethod
    def of(intrinsics: Matrix, extrinsics: Matrix, size: Size) -> Camera:
        """The camera of a 3x3 and a 4x4 array."""
        return Camera(as_nine(intrinsics), as_twelve(extrinsics), size)

    @cached_property
    def intrinsics(self) -> Matrix:
        """K (3x3) as an array, made when somebody first asks."""
        return as_matrix(self.calibration)

    @cached_property
    def extrinsics(self) -> Matrix:
        """The world-to-camera matrix (4x4) as an array, made when somebody first asks."""
        return as_pose(self.pose)

    @property
    def projection(self) -> Twelve:
        """The 3x4 matrix from world points to homogeneous pixels, row by row."""
        return seen_through(self.calibration, self.pose)

    def moved(self, plane: PlaneMap) -> Camera:
        """The camera whose picture went through `plane`: K' = A K turn^-1, and it turns with it."""
        numbers, pose = product(plane.numbers, self.calibration), self.pose
        if plane.turns:
            a, b, c, d, e, f, g, h, i = turn = plane.turn
            numbers = product(numbers, (a, d, g, b, e, h, c, f, i))
            pose = seen_through(turn, pose)
        return Camera(_cleaned(numbers), pose, plane.size)

    def in_world(self, world: WorldMap) -> Camera:
        """The camera in a world that went through `world`.

        E W^-1 scaled by s stays rigid: camera depths grow with the world, pixels stay. Where a
        mirror would leave extrinsics that mirror, the focal length takes the sign instead.
        """
        scale, calibration = world.scale, self.calibration
        a, b, c, d, e, f, g, h, i, j, k, m = pose = rigid_product(self.pose, world.inverse.numbers)
        sign = scale
        if world.mirrors and determinant(linear_part(pose)) < 0.0:
            p, q, r, s, t, u, v, w, x = calibration
            calibration = -p, q, r, -s, t, u, -v, w, x
            sign = -scale
        a, b, c, d = a * sign, b * sign, c * sign, d * sign
        e, f, g, h = e * scale, f * scale, g * scale, h * scale
        i, j, k, m = i * scale, j * scale, k * scale, m * scale
        return Camera(calibration, (a, b, c, d, e, f, g, h, i, j, k, m), self.size)

    def project(self, points: Matrix) -> tuple[Matrix, Matrix]:
        """Pixels (N, 2) and camera depths (N,) of world points (N, 3)."""
        inside = points @ self.extrinsics[:3, :3].T + self.extrinsics[:3, 3]
        pixels = inside @ self.intrinsics.T
        with np.errstate(divide="ignore", invalid="ignore"):
            return pixels[:, :2] / pixels[:, 2:], inside[:, 2]

    def __reduce__(self) -> tuple[type[Camera], tuple[Any, ...]]:
        return Camera, tuple(self)


def _cleaned(numbers: Nine) -> Nine:
    """Products such as 1/f * f leave 1e-16 where a pinhole has exact zeros and ones."""
    least = 1e-12 * max(map(abs, numbers))
    a, b, c, d, e, f, g, h, i = [0.0 if -least < n < least else n for n in numbers]
    return a, b, c, d, e, f, g, h, 1.0 if abs(i - 1.0) < 1e-12 else i
