"""A camera as a value: intrinsics, extrinsics, picture size and lens; and how maps move it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from syncaug.forks import cached_property
from syncaug.maps.lens import NO_LENS, Lens, LensError
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
from syncaug.maps.world import Shown, WorldMap, reflection

__all__ = ["Camera"]


_SKEW = 1e-9
"""The share of a focal length below which a skew is what rounding made."""


class _Camera(NamedTuple):
    calibration: Nine
    pose: Twelve
    size: Size
    lens: Lens = NO_LENS
    baseline: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Camera(_Camera):
    """x ~ K f([R | t] X), with X in metres and x in pixels whose centres lie on integers.

    `calibration` are the nine numbers of K (3x3), and `pose` the upper three rows of the rigid
    world-to-camera matrix (4x4), row by row (Hartley and Zisserman, Multiple View Geometry, 2nd
    ed., eq. 6.8); `intrinsics` and `extrinsics` are the same as arrays. The camera looks along +z,
    with x to the right and y down. `lens` is f, the distortion between the two; a plain pinhole has
    none. `baseline` is where the frame that its data set takes points to first lies before the
    camera, as KITTI's rectified frame does: the pose is [I | baseline] after that of the frame.
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
        """The 3x4 matrix from world points to homogeneous pixels, row by row; without the lens."""
        return seen_through(self.calibration, self.pose)

    def moved(self, plane: PlaneMap) -> Camera:
        """The camera whose picture went through `plane`: K' = A K turn^-1, and it turns with it.

        Raises LensError where the turn leaves no lens of its model.
        """
        numbers, pose, lens = product(plane.numbers, self.calibration), self.pose, self.lens
        baseline = self.baseline
        if plane.turns:
            a, b, c, d, e, f, g, h, i = turn = plane.turn
            numbers = product(numbers, (a, d, g, b, e, h, c, f, i))
            pose = seen_through(turn, pose)
            lens = lens.turned(turn)
            x, y, z = baseline
            baseline = a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z
        return Camera(_cleaned(numbers), pose, plane.size, lens, baseline)

    def in_world(self, world: WorldMap) -> Camera:
        """The camera in a world that went through `world`.

        E W^-1 scaled by s stays rigid: camera depths grow with the world, pixels stay. Where a
        mirror would leave extrinsics that mirror, the focal length takes the sign instead.
        """
        scale, calibration, lens = world.scale, self.calibration, self.lens
        x, y, z = self.baseline
        pose = rigid_product(self.pose, world.inverse.numbers)
        sign = scale
        if world.mirrors and determinant(linear_part(pose)) < 0.0:
            k, m, n, o, p, q, r, s, t = calibration
            calibration = -k, m, n, -o, p, q, -r, s, t
            sign = -scale
            lens = lens.turned(reflection("x"))
        a, b, c, d, e, f, g, h, i, j, k, m = pose
        a, b, c, d = a * sign, b * sign, c * sign, d * sign
        e, f, g, h = e * scale, f * scale, g * scale, h * scale
        i, j, k, m = i * scale, j * scale, k * scale, m * scale
        pose = a, b, c, d, e, f, g, h, i, j, k, m
        return Camera(calibration, pose, self.size, lens, (x * sign, y * scale, z * scale))

    def project(self, points: Matrix) -> tuple[Matrix, Matrix]:
        """Pixels (N, 2) and camera depths (N,) of world points (N, 3).

        Through a lens, what it cannot show has pixels of NaN.
        """
        inside = points @ self.extrinsics[:3, :3].T + self.extrinsics[:3, 3]
        return self.seen(inside), inside[:, 2]

    def seen(self, inside: Matrix) -> Matrix:
        """Pixels (N, 2) of points (N, 3) in the camera's own axes."""
        if self.lens.bends:
            places, _ = self.lens.distorted(inside)
            inside = np.concatenate([places, np.ones((len(places), 1))], axis=1)
        pixels = inside @ self.intrinsics.T
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(pixels[:, :2] / pixels[:, 2:])

    def upright(self, original: Camera) -> Camera:
        """The same camera with a diagonal of focal lengths in K, as models of lenses need it.

        OpenCV's models have no skew: where pixels turned, K = D Q with Q orthogonal, which the pose
        and the lens take as a turn about the optical axis. A K that came with a skew keeps its own.
        Raises LensError where no such D is: fx and fy differ, and the picture turned otherwise
        than by quarter turns.
        """
        a, b, x, c, d, y, *last = self.calibration
        least = _SKEW * math.sqrt(a * a + b * b + c * c + d * d)
        if max(abs(b), abs(c)) <= least or original.calibration[1] or original.calibration[3]:
            return self
        across, down = math.hypot(a, b), math.hypot(c, d)
        if last != [0.0, 0.0, 1.0] or abs(a * c + b * d) > _SKEW * across * down:
            raise LensError("its picture turned, and fx and fy differ")
        down = math.copysign(down, original.calibration[4])
        across = math.copysign(across, (a * d - b * c) * down)
        turn = (a / across, b / across, 0.0, c / down, d / down, 0.0, 0.0, 0.0, 1.0)
        (e, f, g), lens = self.baseline, self.lens.turned(turn)
        baseline = turn[0] * e + turn[1] * f, turn[3] * e + turn[4] * f, g
        numbers = (across, 0.0, x, 0.0, down, y, 0.0, 0.0, 1.0)
        return Camera(numbers, seen_through(turn, self.pose), self.size, lens, baseline)

    @property
    def is_mirrored(self) -> bool:
        """Whether K holds a mirror, as after one of the picture alone (`world: keep`)."""
        a, b, _, d, e, *_ = self.calibration
        return a * e - b * d < 0.0

    @property
    def shown(self) -> Shown:
        """Its picture, which says of points of the world whether it shows them."""
        return Shown(self.calibration, self.pose, self.size, self.lens)

    def __reduce__(self) -> tuple[type[Camera], tuple[Any, ...]]:
        return Camera, tuple(self)


def _cleaned(numbers: Nine) -> Nine:
    """Products such as 1/f * f leave 1e-16 where a pinhole has exact zeros and ones."""
    least = 1e-12 * max(map(abs, numbers))
    a, b, c, d, e, f, g, h, i = [0.0 if -least < n < least else n for n in numbers]
    return a, b, c, d, e, f, g, h, 1.0 if abs(i - 1.0) < 1e-12 else i
