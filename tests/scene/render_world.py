"""The world of the scene: coloured points with normals, upright solids, and cameras."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.lenses import LensEye
from tests.scene.render_picture import BACKDROP
from tests.scene.render_time import places
from tests.scene.scene import Eye, Scene, same
from tests.scene.vectors import four_point_matrix, unit, vector

__all__ = ["COLUMNS", "camera_of", "points_of", "seen_by", "solids_of"]

COLUMNS = ("x", "y", "z", "r", "g", "b", "intensity", "nx", "ny", "nz", "vx", "vy", "vz", "t")
_GRID = np.array([(u, v) for v in (-0.9, -0.3, 0.3, 0.9) for u in (-0.9, -0.3, 0.3, 0.9)])
_INSTANT = 1e-3


def points_of(scene: Scene) -> NDArray[np.float32]:
    """Points on every sheet and on the backdrops; rows as in `COLUMNS`."""
    rows = []
    total = len(_GRID) * (len(scene.shapes) + len(scene.eyes))
    # Measured one after the other, in an order that jumps about.
    measured = scene.first_duration * ((np.arange(total) * 0.618034 + 0.29) % 1.0)
    for shape in scene.shapes:
        _, axes = scene.eyes[shape.faces].first_axes(0.0)
        look = [*scene.colour(shape), shape.reflectivity * scene.reflectivity]
        for u, v in _GRID:
            t = float(measured[len(rows)])
            here, across, down = scene.sheet(shape, t)
            later, _, _ = scene.sheet(shape, t + _INSTANT)
            normal = unit(scene.place(shape.at(t) - axes[2]) - here)
            fast = (later - here) / _INSTANT
            rows.append([*(here + u * across + v * down), *look, *normal, *fast, t])
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
            rows.append(
                [
                    *place,
                    *grey,
                    0.5 * scene.reflectivity,
                    *normal,
                    0.0,
                    0.0,
                    0.0,
                    measured[len(rows)],
                ]
            )
    return _shown(scene, np.array(rows)).astype(np.float32)


def _shown(scene: Scene, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows at the moments at which their own moments are shown now, as often as they are."""
    if scene.moment is same and not scene.blank:
        return rows
    out = []
    for row in rows:
        for first, last in places(scene, row[-1] - 1e-7, row[-1] + 1e-7):
            now = (first + last) / 2
            if any(start <= now < stop for start, stop in scene.blank):
                continue
            moments = scene.moment(now + np.array([-1e-7, 1e-7]))
            pace = float(np.diff(moments)[0]) / 2e-7 if np.isfinite(moments).all() else 1.0
            out.append([*row[:10], *(row[10:13] * pace), now])
    return np.array(out).reshape(-1, len(COLUMNS))


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
    bent = isinstance(eye, LensEye) and not eye.straight
    first = eye.pin(rays) if bent else eye.first_pixels(rays)
    lens = four_point_matrix(rays, eye.pixels.there(first))
    camera = {"K": lens, "world_to_camera": matrix, "size": eye.pixels.size}
    return {**camera, **eye.stated()} if isinstance(eye, LensEye) else camera


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
