"""Matrices of a camera's mapping: shapes, rigidity, and a projection taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.numbers import determinant
from syncaug.modalities.carrier import describe
from syncaug.modalities.world.camera_writing import FORM, Fail

__all__ = ["as_rigid", "decomposed", "read_matrix"]

Matrix = NDArray[np.float64]
_SKEW = 1e-5
"""The share of the focal length below which a skew is what rounding made."""


def read_matrix(value: Any, shapes: tuple[tuple[int, int], ...], name: str, fail: Fail) -> Matrix:
    """A finite matrix of one of some shapes. Raises what `fail` makes of anything else."""
    try:
        matrix = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise fail(FORM, f"{name} {describe(value)}", "") from None
    if matrix.shape not in shapes or not np.isfinite(matrix).all():
        wanted = " or ".join(f"{rows}x{columns}" for rows, columns in shapes)
        hint, came = "", f"shape {matrix.shape}"
        if matrix.shape in shapes:
            came = "NaN or infinity"
            hint = "Leave out samples whose calibration is not known."
        elif matrix.size in (rows * columns for rows, columns in shapes):
            hint = f"Reshape it to {wanted}."
        elif name == "K" and matrix.shape in ((3, 4), (4, 4)):
            hint = "K is its left upper 3x3 where the rest adds nothing. A projection is named P."
        raise fail(f"{name} as a finite {wanted} matrix", came, hint)
    return matrix


def as_rigid(matrix: Matrix, name: str, fail: Fail) -> Matrix:
    """A 4x4 or 3x4 matrix as a rigid 4x4. Raises what `fail` makes of one that is not rigid."""
    if len(matrix) == 3:
        matrix = np.vstack([matrix, [0.0, 0.0, 0.0, 1.0]])
    a, b, c, _, d, e, f, _, g, h, i, _, *last = matrix.ravel().tolist()
    lengths = a * a + b * b + c * c, d * d + e * e + f * f, g * g + h * h + i * i
    angles = a * d + b * e + c * f, a * g + b * h + c * i, d * g + e * h + f * i
    stretched = max(abs(length - 1.0) for length in lengths)
    skewed = max(map(abs, angles))
    if not (stretched <= 1.1e-4 and skewed <= 1e-4):
        raise fail(f"a rigid {name}", "one whose rotation is not orthonormal", "")
    if determinant((a, b, c, d, e, f, g, h, i)) < 0.0:
        raise fail(
            f"a rigid {name}",
            "one that mirrors",
            "A mirrored picture has a negative focal length in K instead.",
        )
    if not (max(map(abs, last[:3])) <= 1e-6 and abs(last[3] - 1.0) <= 1.1e-5):
        raise fail(f"a rigid {name}", f"the last row {last}", "")
    return matrix


def decomposed(projection: Matrix) -> tuple[Matrix, Matrix, float]:
    """K (3x3), the pose (4x4) and the factor of a projection (3x4): P = factor K [R | t].

    R is a rotation and K upper triangular, fy above 0; the factor is above 0, so that what is in
    front stays so, and a projection that mirrors gives fx below 0. Hartley and Zisserman, Multiple
    View Geometry, 2nd ed., section 6.2.4. Raises ValueError of one without a focal length.
    """
    linear = projection[:, :3]
    factor = float(np.linalg.norm(linear[2]))
    if factor == 0.0 or abs(np.linalg.det(linear / factor)) < 1e-12:
        raise ValueError(projection)
    linear = linear / factor
    rotation = np.empty((3, 3))
    rotation[2] = linear[2]
    down = linear[1] - (linear[1] @ rotation[2]) * rotation[2]
    rotation[1] = down / np.linalg.norm(down)
    rotation[0] = np.cross(rotation[1], rotation[2])
    intrinsics = np.triu(linear @ rotation.T)
    intrinsics[2, 2] = 1.0
    if abs(intrinsics[0, 1]) < _SKEW * abs(intrinsics[0, 0]):
        intrinsics[0, 1] = 0.0
    pose = np.eye(4)
    pose[:3, :3] = rotation
    pose[:3, 3] = np.linalg.solve(intrinsics, projection[:, 3] / factor)
    return intrinsics, pose, factor
