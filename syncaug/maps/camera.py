"""The pinhole camera as a value: intrinsics, extrinsics, picture size; and how maps move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from syncaug.maps.plane import Matrix, PlaneMap, Size
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
        turn = plane.turn
        intrinsics = plane.matrix @ self.intrinsics @ turn.T
        # Products such as 1/f * f leave 1e-16 where a pinhole has exact zeros and ones.
        intrinsics = np.where(
            np.abs(intrinsics) < 1e-12 * np.abs(intrinsics).max(), 0.0, intrinsics
        )
        if abs(intrinsics[2, 2] - 1.0) < 1e-12:
            intrinsics[2, 2] = 1.0
        extrinsics = self.extrinsics.copy()
        extrinsics[:3] = turn @ extrinsics[:3]
        return Camera(intrinsics, extrinsics, plane.size)

    def in_world(self, world: WorldMap) -> Camera:
        """The camera in a world that went through `world`.

        E W^-1 scaled by s stays rigid: camera depths grow with the world, pixels stay. Where a
        mirror would leave extrinsics that mirror, the focal length takes the sign instead.
        """
        extrinsics = self.extrinsics @ world.inverse
        extrinsics[:3] *= world.scale
        intrinsics = self.intrinsics
        if world.mirrors and np.linalg.det(extrinsics[:3, :3]) < 0:
            intrinsics = intrinsics * np.array([-1.0, 1.0, 1.0])
            extrinsics[0] *= -1.0
        return Camera(intrinsics, extrinsics, self.size)

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
