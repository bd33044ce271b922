"""Cameras and points as they came in and as they went out, for checks of geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Outcome
from syncaug.kernels.channels import reordered
from syncaug.maps.camera import Camera
from syncaug.maps.plane import PlaneMap, Size, apply_projective
from syncaug.modalities.plane.depth import DepthCarrier
from syncaug.modalities.plane.image import ImageCarrier
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.modalities.world.points import PointsCarrier

__all__ = [
    "camera_in",
    "grid",
    "has_pixels",
    "in_picture",
    "levels_of",
    "looking",
    "picture_in",
    "shown_by",
]

_MOST_POINTS = 2048
_NEAREST = 1e-3

Points = NDArray[np.float64]


def camera_in(sample: Mapping[str, Any], carrier: CameraCarrier) -> Camera:
    """The camera of the carrier's stream as a sample holds it."""
    return CameraCarrier.of(carrier.stream, sample).camera


def picture_in(sample: Mapping[str, Any], carrier: ImageCarrier | DepthCarrier) -> NDArray[Any]:
    """The picture of the carrier's stream as a sample holds it, channels last and red first.

    It is not held against what a sample may be: float levels that a warp leaves a rounding outside
    of 0 to 1 are no fault of the sample.
    """
    picture: NDArray[Any] = sample[carrier.stream.name]
    if carrier.channels_first:
        picture = np.ascontiguousarray(picture.transpose(1, 2, 0))
    return reordered(picture, carrier.channels) if isinstance(carrier, ImageCarrier) else picture


def looking(
    outcome: Outcome, most: int = _MOST_POINTS
) -> Iterator[tuple[CameraCarrier, PointsCarrier, Points, Points]]:
    """Each camera with each cloud of its world, and the same points before and after.

    At most `most` of the points that are left, evenly chosen.
    """
    for camera in outcome.carriers(CameraCarrier):
        for points in outcome.carriers(PointsCarrier):
            if points.stream.spaces["world"] != camera.stream.spaces["world"]:
                continue
            name, rows = points.stream.name, points.rows
            after = outcome.after[name]
            if points.sweeps is None and len(after) != len(rows):
                continue  # an operation made other points: nothing tells which is which
            own = np.flatnonzero(rows >= 0)  # a partner's points came later
            own = own[:: max(1, -(-len(own) // most))]
            before = points.places_in(outcome.before[name], rows[own])
            now = points.places if points.sweeps is not None else after[:, points.layout.place_at]
            yield camera, points, before, np.asarray(now[own], dtype=np.float64)


def in_picture(camera: Camera, points: Points) -> tuple[Points, Points, NDArray[np.bool_]]:
    """Pixels (N, 2), depths (N,), and which points the picture shows."""
    pixels, depth = camera.project(points)
    return pixels, depth, (depth > _NEAREST) & _inside(camera.size, pixels)


def grid(size: Size, count: int) -> Points:
    """Up to `count` by `count` pixel centres, evenly spread over a picture."""
    width, height = size
    middles = (np.arange(count) + 0.5) / count
    columns, rows = np.unique(middles * width // 1), np.unique(middles * height // 1)
    pixels = np.empty((len(rows), len(columns), 2))
    pixels[..., 0], pixels[..., 1] = columns, rows[:, None]
    return pixels.reshape(-1, 2)


def shown_by(plane: PlaneMap, pixels: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Where pixels of the first picture went, and which of them the last one shows."""
    matrix = plane.matrix
    if matrix[2, 0] == 0.0 and matrix[2, 1] == 0.0 and matrix[2, 2] > _NEAREST:
        target = apply_projective(matrix, pixels)
    else:
        front = pixels @ matrix[2, :2] + matrix[2, 2] > _NEAREST
        target = np.full(pixels.shape, np.nan)
        target[front] = apply_projective(matrix, pixels[front])
    return target, _inside(plane.size, target) & plane.leaves(pixels)


def has_pixels(picture: NDArray[Any], places: Points) -> NDArray[np.bool_]:
    """Which places (N, 2) of a plane are inside of a picture HxW or HxWxC."""
    return _inside((picture.shape[1], picture.shape[0]), places)


def _inside(size: Size, places: Points) -> NDArray[np.bool_]:
    """Which places lie on a pixel of a picture; those at NaN or infinity do not."""
    width, height = size
    x, y = places[:, 0], places[:, 1]
    with np.errstate(invalid="ignore"):
        inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return np.asarray(inside, dtype=np.bool_)


def levels_of(picture: NDArray[Any], pixels: Points) -> NDArray[np.float64]:
    """Grey levels at the pixels nearest to places inside the picture."""
    columns, rows = np.rint(pixels).astype(int).T
    levels = picture[rows, columns].astype(np.float64)
    return levels if levels.ndim == 1 else np.asarray(levels[:, :3].mean(axis=1))
