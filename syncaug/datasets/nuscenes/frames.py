"""Poses as nuScenes has them, a translation and a unit quaternion, and as 4x4 matrices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import ManifestError

__all__ = ["Matrix", "inverse", "matrix_of", "moved", "pose_of", "quaternion_of", "turned"]

Matrix = NDArray[np.float64]

_UNIT = 1e-3
"""How far from 1 the length of a quaternion may be."""


def matrix_of(record: Mapping[str, Any]) -> Matrix:
    """4x4, from a frame into the one that its record places it in. Raises ManifestError."""
    matrix = np.eye(4)
    try:
        matrix[:3, :3] = _rotation(record["rotation"])
        matrix[:3, 3] = record["translation"]
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestError(
            f"record {record.get('token')!r}: expected a translation of three numbers and a "
            f"rotation as a unit quaternion (w, x, y, z); got {error}"
        ) from None
    return matrix


def pose_of(matrix: Matrix) -> dict[str, list[float]]:
    """The translation and the rotation (w, x, y, z) of a rigid 4x4 matrix."""
    return {
        "translation": matrix[:3, 3].tolist(),
        "rotation": quaternion_of(matrix[:3, :3]),
    }


def inverse(matrix: Matrix) -> Matrix:
    """The 4x4 matrix of the way back."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def moved(points: Matrix, matrix: Matrix) -> Matrix:
    """Nx3 points under a 4x4 matrix."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def turned(vectors: Matrix, matrix: Matrix) -> Matrix:
    """Nx3 directions under a 4x4 matrix."""
    return vectors @ matrix[:3, :3].T


def _rotation(quaternion: Sequence[float]) -> Matrix:
    """The matrix of a unit quaternion (w, x, y, z), as in Shoemake 1985."""
    w, x, y, z = map(float, quaternion)
    length = math.sqrt(w * w + x * x + y * y + z * z)
    if not abs(length - 1) <= _UNIT:
        raise ValueError(f"a quaternion of length {length:g}")
    w, x, y, z = w / length, x / length, y / length, z / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def quaternion_of(rotation: Matrix) -> list[float]:
    """The unit quaternion (w, x, y, z), w not negative, of a 3x3 rotation.

    The eigenvector of the largest eigenvalue of Bar-Itzhack's matrix (2000), which is exact for
    rotations and closest for what rounding has left of one.
    """
    r = np.asarray(rotation, float)
    k = np.array(
        [
            [r[0, 0] - r[1, 1] - r[2, 2], 0, 0, 0],
            [r[1, 0] + r[0, 1], r[1, 1] - r[0, 0] - r[2, 2], 0, 0],
            [r[2, 0] + r[0, 2], r[2, 1] + r[1, 2], r[2, 2] - r[0, 0] - r[1, 1], 0],
            [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], np.trace(r)],
        ]
    )
    x, y, z, w = np.linalg.eigh(k / 3, UPLO="L")[1][:, -1].tolist()
    sign = -1.0 if w < 0 else 1.0
    return [sign * w, sign * x, sign * y, sign * z]
