"""The pinhole camera as a value: intrinsics, extrinsics, picture size; and how maps move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from syncaug.maps.numbers import (
    Matrix,
    Nine,
    as_matrix,
    as_nine,
    as_pose,
    as_twelve,
    determinant,
    linear_part,
    product,
    rigid_product,
)
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap

__all__ = ["Camera"]


@dataclass(frozen=True, eq=False)
class Camera:
    """x ~ K [R | t] X, with X in metres and x in pixels whose centres lie on integers.

    `intrinsics` is K (3x3) and `extrinsics` the 4x4 rigid world-to-camera matrix
    (Hartley and Zisserman, Multiple View Geometry, 2nd ed., eq. 6.8); the camera looks along +z,
    with x to the right and y down.
    """

    intrinsics: Matrix
    extrinsics: Matrix
    size: Size

    def moved(self, plane: PlaneMap) -> Camera:
        """The camera whose picture went through `plane`: K' = A K turn^-1, and it turns with it."""
        numbers = product(plane.numbers, as_nine(self.intrinsics))
        if not plane.turns:
            return Camera(as_matrix(_cleaned(numbers)), self.extrinsics, plane.size)
        a, b, c, d, e, f, g, h, i = plane.turn
        intrinsics = _cleaned(product(numbers, (a, d, g, b, e, h, c, f, i)))
        pose = rigid_product((a, b, c, 0.0, d, e, f, 0.0, g, h, i, 0.0), as_twelve(self.extrinsics))
        return Camera(as_matrix(intrinsics), as_pose(pose), plane.size)

    def in_world(self, world: WorldMap) -> Camera:
        """The camera in a world that went through `world`.

        E W^-1 scaled by s stays rigid: camera depths grow with the world, pixels stay. Where a
        mirror would leave extrinsics that mirror, the focal length takes the sign instead.
        """
        scale = world.scale
        numbers = rigid_product(as_twelve(self.extrinsics), world.inverse.numbers)
        a, b, c, d, *rest = (scale * number for number in numbers)
        intrinsics = self.intrinsics
        if world.mirrors and determinant(linear_part(numbers)) < 0.0:
            intrinsics = intrinsics * np.array([-1.0, 1.0, 1.0])
            a, b, c, d = -a, -b, -c, -d
        e, f, g, h, i, j, k, m = rest
        return Camera(intrinsics, as_pose((a, b, c, d, e, f, g, h, i, j, k, m)), self.size)

    @property
    def projection(self) -> Matrix:
        """The 3x4 matrix from world points to homogeneous pixels."""
        return self.intrinsics @ self.extrinsics[:3]

    def project(self, points: Matrix) -> tuple[Matrix, Matrix]:
        """Pixels (N, 2) and camera depths (N,) of world points (N, 3)."""
        inside = points @ self.extrinsics[:3, :3].T + self.extrinsics[:3, 3]
        pixels = inside @ self.intrinsics.T
        with np.errstate(divide="ignore", invalid="ignore"):
            return pixels[:, :2] / pixels[:, 2:], inside[:, 2]


def _cleaned(numbers: Nine) -> Nine:
    """Products such as 1/f * f leave 1e-16 where a pinhole has exact zeros and ones."""
    least = 1e-12 * max(map(abs, numbers))
    a, b, c, d, e, f, g, h, i = (0.0 if abs(number) < least else number for number in numbers)
    return a, b, c, d, e, f, g, h, 1.0 if abs(i - 1.0) < 1e-12 else i
