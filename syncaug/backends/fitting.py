"""From a moved picture of coordinates to the map that moved it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import FieldMap, PlaneMap, apply_projective

__all__ = ["LINEAR", "coordinates", "implied_map"]

LINEAR = 1
"""OpenCV's number for linear interpolation, under which coordinates stay exact."""
_WHOLE = 0.999
_SAMPLES = 16
_RMS_PIXELS = 0.02
_MAX_PIXELS = 0.1
_SNAP_PIXELS = 0.01
_FEWEST = 8
_EDGE = 1e-3


@lru_cache(maxsize=8)
def coordinates(width: int, height: int) -> NDArray[np.float32]:
    """A float32 picture whose pixels say where they are: x / width, y / height, 1. Read-only."""
    picture = np.ones((height, width, 3), np.float32)
    picture[..., 0] = np.arange(width, dtype=np.float64) / width
    picture[..., 1] = (np.arange(height, dtype=np.float64) / height)[:, None]
    picture.setflags(write=False)
    return picture


def implied_map(moved: NDArray[np.float32], width: int, height: int) -> PlaneMap | FieldMap:
    """The map behind a moved picture of `coordinates(width, height)`, whose outside is zero.

    Projective where one matrix explains all pixels within a fiftieth of a pixel (flips, crops and
    shifts by whole pixels exactly), else a field.
    """
    rows, columns = moved.shape[:2]
    v, u = (
        samples.ravel() for samples in np.meshgrid(_spread(rows), _spread(columns), indexing="ij")
    )
    seen = moved[v, u].astype(np.float64)
    known = seen[:, 2] > _WHOLE
    if known.sum() >= _FEWEST:
        target = np.column_stack([u, v])[known].astype(np.float64)
        source = seen[known, :2] / seen[known, 2:] * (width, height)
        # A resize repeats the outermost pixels, so the extremes of what is seen say nothing.
        inner = ((source > source.min(axis=0) + _EDGE) & (source < source.max(axis=0) - _EDGE)).all(
            axis=1
        )
        if inner.sum() >= _FEWEST:
            source, target = source[inner], target[inner]
        backward = _fitted(target, source)
        if backward is not None:
            forward = np.linalg.inv(backward)
            return PlaneMap.of(_cleaned(forward / forward[2, 2]), (width, height), (columns, rows))
    field = moved[..., :2] / np.maximum(moved[..., 2:], 1e-6) * np.array([width, height])
    return FieldMap(field.astype(np.float32), moved[..., 2] > _WHOLE, (width, height))


def _spread(length: int) -> NDArray[np.int64]:
    """Positions along an axis, both ends among them."""
    return np.unique(np.rint(np.linspace(0, length - 1, _SAMPLES)).astype(np.int64))


def _fitted(target: NDArray[np.float64], source: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The simplest matrix from `target` to `source` that explains all samples, or None."""
    affine = _affine(target, source)
    snapped = np.rint(affine)
    linear = np.abs(snapped[:2, :2])
    if linear.sum() == 2.0 and linear.sum(axis=0).max() == 1.0 and linear.sum(axis=1).max() == 1.0:
        if _errors(snapped, target, source).max() < _SNAP_PIXELS:
            return snapped
    for matrix in (affine, _homography(target, source)):
        errors = _errors(matrix, target, source)
        if np.sqrt(np.mean(errors**2)) < _RMS_PIXELS and errors.max() < _MAX_PIXELS:
            if abs(np.linalg.det(matrix)) > 1e-12:
                return matrix
    return None


def _affine(target: NDArray[np.float64], source: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.column_stack([target, np.ones(len(target))])
    solution = np.linalg.lstsq(rows, source, rcond=None)[0]
    return np.vstack([solution.T, [0.0, 0.0, 1.0]])


def _homography(target: NDArray[np.float64], source: NDArray[np.float64]) -> NDArray[np.float64]:
    """Direct linear transform on normalised points (Hartley and Zisserman, algorithm 4.2)."""
    normal_t, normal_s = _normaliser(target), _normaliser(source)
    points, images = apply_projective(normal_t, target), apply_projective(normal_s, source)
    rows = np.column_stack([points, np.ones(len(points))])
    none = np.zeros_like(rows)
    x, y = images[:, :1], images[:, 1:]
    system = np.vstack([np.hstack([rows, none, -x * rows]), np.hstack([none, rows, -y * rows])])
    matrix = np.linalg.svd(system.T @ system)[2][-1].reshape(3, 3)
    full: NDArray[np.float64] = np.linalg.inv(normal_s) @ matrix @ normal_t
    full /= full[2, 2]
    return full


def _normaliser(points: NDArray[np.float64]) -> NDArray[np.float64]:
    centre: NDArray[np.float64] = points.mean(axis=0)
    spread = float(np.abs(points - centre).mean()) or 1.0
    return np.array(
        [[1 / spread, 0, -centre[0] / spread], [0, 1 / spread, -centre[1] / spread], [0, 0, 1]]
    )


def _errors(
    matrix: NDArray[np.float64], target: NDArray[np.float64], source: NDArray[np.float64]
) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        distance: NDArray[np.float64] = np.linalg.norm(
            apply_projective(matrix, target) - source, axis=1
        )
    return np.nan_to_num(distance, nan=np.inf)


def _cleaned(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Exact zeros in the last row where the fit found next to none: the map is affine."""
    if np.abs(matrix[2, :2]).max() < 1e-12:
        matrix[2] = (0.0, 0.0, 1.0)
    return matrix
