"""The world of the scene: coloured points with normals, upright solids, and cameras."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_picture import BACKDROP
from tests.scene.scene import Eye, Scene
from tests.scene.vectors import four_point_matrix, unit, vector

__all__ = ["COLUMNS", "camera_of", "points_of", "seen_by", "solids_of"]

COLUMNS = ("x", "y", "z", "r", "g", "b", "intensity", "nx", "ny", "nz", "vx", "vy", "vz")
_GRID = np.array([(u, v) for v in (-0.9, -0.3, 0.3, 0.9) for u in (-0.9, -0.3, 0.3, 0.9)])
_INSTANT = 1e-3


def points_of(scene: Scene) -> NDArray[np.float32]:
    """Points on every sheet and on the backdrops; rows as in `COLUMNS`."""
    rows = []
    for shape in scene.shapes:
        here, across, down = scene.sheet(shape, 0.0)
        later, _, _ = scene.sheet(shape, _INSTANT)
        _, axes = scene.eyes[shape.faces].first_axes(0.0)
        normal = unit(scene.place(shape.at(0.0) - axes[2]) - here)
        look = [*scene.colour(shape), shape.reflectivity * scene.reflectivity]
        rest = [*look, *normal, *((later - here) / _INSTANT)]
        rows += [[*(here + u * across + v * down), *rest] for u, v in _GRID]
    grey = scene.paint(np.full(3, BACKDROP))
    for eye in scene.eyes:
        centre, axes = eye.first_axes(0.0)
        width, height = eye.first_size
        for u, v in _GRID * 0.45:
            pixel = np.array((u + 0.5) * width - 0.5 + 1j * ((v + 0.5) * height - 0.5))
            x, y = eye.first_rays(pixel)
            first = centre + eye.backdrop * (x * axes[0] + y * axes[1] + axes[2])
            place = scene.place(first)
            normal = unit(scene.place(first - axes[2]) - place)
            rows.append([*place, *grey, 0.5 * scene.reflectivity, *normal, 0.0, 0.0, 0.0])
    return np.array(rows, dtype=np.float32)


def solids_of(scene: Scene) -> NDArray[np.float64]:
    """For each shape the upright solid at its place: x, y, z, dx, dy, dz, yaw."""
    rows = []
    for shape in scene.shapes:
        centre, here = shape.at(0.0), scene.place(shape.at(0.0))
        ahead = vector(np.cos(shape.yaw), np.sin(shape.yaw), 0.0)
        way = scene.place(centre + ahead) - here
        grown = float(np.linalg.norm(way))
        rows.append([*here, *(np.array(shape.size) * grown), np.arctan2(way[1], way[0])])
    return np.array(rows)


def camera_of(scene: Scene, eye: Eye) -> dict[str, Any]:
    """K, world_to_camera and size, read off four rays and the axes as they stand."""
    rays = np.array([[-0.3, -0.2], [0.3, -0.2], [0.3, 0.2], [-0.3, 0.2]])
    centre, axes = scene.stand(eye, 0.0)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = axes, -axes @ centre
    lens = four_point_matrix(rays, eye.pixels.there(eye.first_pixels(rays)))
    return {"K": lens, "world_to_camera": matrix, "size": eye.pixels.size}


def seen_by(scene: Scene, eye: Eye, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each world point whether it lies in front of the eye and within its picture."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pixels, distance = scene.look(eye, points)
    width, height = eye.pixels.size
    return np.asarray(
        (distance > 0.0)
        & (np.abs(pixels.real - (width - 1) / 2) < width / 2)
        & (np.abs(pixels.imag - (height - 1) / 2) < height / 2)
    )
