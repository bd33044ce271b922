"""The solids of a scene in the columns and conventions of data sets: one form, one stream.

Angles and quaternions come from scipy, out of where a thing's front, left and top lie now: a thing
that is mirrored has its front and its top where they are seen, and its left beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from tests.scene.scene import Scene, Shape
from tests.scene.vectors import cross, turned, unit, vector

__all__ = ["FORMS", "FREE", "UPRIGHT", "YAWS", "rows_of"]

Rows = NDArray[np.float64]
_X, _Y, _Z = vector(1, 0, 0), vector(0, 1, 0), vector(0, 0, 1)

FORMS = {
    "plain": "{modality: boxes3d, columns: [x, y, z, dx, dy, dz, yaw, vx, vy, score], labels: who}",
    "nuscenes": "{modality: boxes3d, columns: [x, y, z, w, l, h, qw, qx, qy, qz, vx, vy, vz], "
    "labels: who}",
    "degrees": "{modality: boxes3d, yaw: degrees, direction: clockwise, origin: bottom, "
    "columns: [yaw, vx, vy, x, y, z, h, w, l], labels: who}",
    "angles": "{modality: boxes3d, size: wlh, origin: bottom, "
    "columns: [x, y, z, dx, dy, dz, roll, pitch, yaw, ax, ay, az], "
    "vectors: {acceleration: [ax, ay, az]}, labels: who}",
    "kitti": "{modality: boxes3d, columns: [h, w, l, x, y, z, rotation_y, vx, vz], "
    "origin: bottom, up: -y, labels: who}",
}
"""How each form is declared."""
YAWS = {"plain": (6, 1.0), "degrees": (0, 180.0 / np.pi), "angles": (8, 1.0), "kitti": (6, 1.0)}
"""The column of each form that holds a yaw, and its unit."""
FREE = ("nuscenes", "angles")
"""Forms that say any rotation."""
UPRIGHT = ("plain", "degrees", "kitti")


def rows_of(scene: Scene, form: str) -> Rows:
    """The rows of all shapes, as they are now."""
    return np.array([_ROWS[form](*_seen(scene, shape, form in FREE)) for shape in scene.shapes])


def _seen(scene: Scene, shape: Shape, free: bool) -> tuple[Any, ...]:
    """Where a thing's centre is, its size, front, left, top and velocity, in the world now."""
    centre = shape.at(0.0)
    front, top = vector(np.cos(shape.yaw), np.sin(shape.yaw), 0.0), _Z
    if free:
        front, top = (turned(turned(way, _X, 35.0), _Y, -50.0) for way in (front, top))
    here = scene.place(centre)
    front_now, top_now = (scene.place(centre + way) - here for way in (front, top))
    size = np.array(shape.size) * np.linalg.norm(front_now)
    speed = vector(*shape.speed) if free else vector(*shape.speed) * [1.0, 1.0, 0.0]
    fast = scene.place(centre + speed) - here
    front_now, top_now = unit(front_now), unit(top_now)
    if not free and top_now @ _vertical(scene) < 0.0:
        top_now = -top_now  # it can only stand
    return here, size, front_now, cross(top_now, front_now), top_now, fast


def _vertical(scene: Scene) -> Rows:
    """Which way is up in the axes of the scene's world: z, or -y in those of a camera."""
    return _Z if scene.label < 10 else -_Y


def _plain(here: Any, size: Any, front: Any, left: Any, top: Any, fast: Any) -> list[float]:
    return [*here, *size, np.arctan2(front[1], front[0]), *fast[:2], 0.5]


def _nuscenes(here: Any, size: Any, front: Any, left: Any, top: Any, fast: Any) -> list[float]:
    x, y, z, w = Rotation.from_matrix(np.stack([front, left, top], axis=1)).as_quat()
    sign = -1.0 if w < 0.0 else 1.0
    length, width, height = size
    return [*here, width, length, height, *(np.array([w, x, y, z]) * sign), *fast]


def _degrees(here: Any, size: Any, front: Any, left: Any, top: Any, fast: Any) -> list[float]:
    length, width, height = size
    yaw = -np.degrees(np.arctan2(front[1], front[0]))
    return [yaw, *fast[:2], *(here - top * height / 2), height, width, length]


def _angles(here: Any, size: Any, front: Any, left: Any, top: Any, fast: Any) -> list[float]:
    length, width, height = size
    yaw, pitch, roll = Rotation.from_matrix(np.stack([front, left, top], axis=1)).as_euler("ZYX")
    bottom = here - top * height / 2
    return [*bottom, width, length, height, roll, pitch, yaw, *fast]


def _kitti(here: Any, size: Any, front: Any, left: Any, top: Any, fast: Any) -> list[float]:
    length, width, height = size
    # KITTI's devkit turns x, 0, z by [[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]].
    about = np.arctan2(-front[2], front[0])
    return [height, width, length, *(here - top * height / 2), about, fast[0], fast[2]]


_ROWS: dict[str, Callable[..., list[float]]] = {
    "plain": _plain,
    "nuscenes": _nuscenes,
    "degrees": _degrees,
    "angles": _angles,
    "kitti": _kitti,
}
