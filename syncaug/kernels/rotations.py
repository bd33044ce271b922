"""Rotations of rows: to matrices and back, their logarithm, and what lies between two of them.

A rotation is one of five forms of declared order. Matrices are (N, 3, 3); a column is an axis of
the turned frame. The six numbers are two columns of the matrix (Zhou and others, On the Continuity
of Rotation Representations in Neural Networks, CVPR 2019), made orthonormal as there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "as_matrices",
    "exponential",
    "flaw_of",
    "from_matrices",
    "identity_of",
    "logarithm",
]

Numbers = NDArray[np.float64]
_LOOSE = 1e-2
"""How far rows of a rotation may be from length 1, and from right angles."""
_SMALL = 1e-12


def as_matrices(rows: Numbers, means: str, order: str, *, degrees: bool = False) -> Numbers:
    """Rows (N, w) of a form as matrices (N, 3, 3)."""
    if means == "quaternion":
        w, x, y, z = _wxyz(rows, order).T / np.linalg.norm(rows, axis=1)
        return np.stack(
            [
                np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], 1),
                np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], 1),
                np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], 1),
            ],
            axis=1,
        )
    if means == "matrix":
        matrices = rows.reshape(-1, 3, 3)
        return matrices if order == "rows" else np.asarray(matrices.transpose(0, 2, 1))
    if means == "rotation_6d":
        first = _unit(rows[:, :3])
        second = rows[:, 3:] - np.sum(first * rows[:, 3:], axis=1, keepdims=True) * first
        second = _unit(second)
        made = np.stack([first, second, np.cross(first, second)], axis=2)
        return np.asarray(made if order == "columns" else made.transpose(0, 2, 1))
    if means == "axis_angle":
        return exponential(rows)
    angles = np.radians(rows) if degrees else rows
    turns = [
        _about("xyz".index(axis), angles[:, place]) for place, axis in enumerate(order.lower())
    ]
    a, b, c = turns if order.isupper() else reversed(turns)
    return np.asarray(a @ b @ c)


def from_matrices(matrices: Numbers, means: str, order: str, *, degrees: bool = False) -> Numbers:
    """Matrices (N, 3, 3) as rows of a form; a quaternion with w of 0 or more."""
    if means == "quaternion":
        return _quaternions(matrices, order)
    if means == "matrix":
        turned = matrices if order == "rows" else matrices.transpose(0, 2, 1)
        return np.ascontiguousarray(turned).reshape(-1, 9)
    if means == "rotation_6d":
        turned = matrices if order == "columns" else matrices.transpose(0, 2, 1)
        return np.concatenate([turned[:, :, 0], turned[:, :, 1]], axis=1)
    if means == "axis_angle":
        return logarithm(matrices)
    angles = _euler(matrices, order)
    return np.asarray(np.degrees(angles) if degrees else angles)


def identity_of(means: str, order: str) -> Numbers:
    """The row (w,) of a form that turns nothing."""
    row: Numbers = from_matrices(np.eye(3)[None], means, order)[0]
    return row


def flaw_of(rows: Numbers, means: str) -> tuple[int, str, str]:
    """The first row that is no rotation of its form, what came, and what was expected; or -1."""
    if means == "quaternion":
        length = np.linalg.norm(rows, axis=1)
        wrong = np.abs(length - 1.0) > _LOOSE
        row = int(np.argmax(wrong))
        return _first(wrong, f"length {length[row]:.4g}", "quaternions of length 1")
    if means == "matrix":
        matrices = rows.reshape(-1, 3, 3)
        gram = matrices @ matrices.transpose(0, 2, 1)
        wrong = np.abs(gram - np.eye(3)).max(axis=(1, 2)) > _LOOSE
        wrong |= np.linalg.det(matrices) < 0.0
        row = int(np.argmax(wrong))
        came = f"determinant {np.linalg.det(matrices[row]):.4g}"
        return _first(wrong, came, "rotation matrices, orthonormal with determinant 1")
    if means == "rotation_6d":
        first, second = rows[:, :3], rows[:, 3:]
        off = np.stack([np.linalg.norm(v, axis=1) - 1.0 for v in (first, second)])
        wrong = np.abs(off).max(axis=0) > _LOOSE
        wrong |= np.abs(np.sum(first * second, axis=1)) > _LOOSE
        row = int(np.argmax(wrong))
        came = "two vectors of lengths {:.4g} and {:.4g}".format(*(off[:, row] + 1.0))
        return _first(wrong, came, "two unit vectors at right angles")
    return -1, "", ""


def exponential(vectors: Numbers) -> Numbers:
    """The matrices of axes times angles in radians (N, 3), by Rodrigues' formula."""
    angle = np.linalg.norm(vectors, axis=1)[:, None, None]
    x, y, z = vectors.T
    zero = np.zeros_like(x)
    cross = np.stack(
        [np.stack(row, axis=1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))], axis=1
    )
    first = np.sinc(angle / np.pi)
    second = 0.5 * np.sinc(angle / (2.0 * np.pi)) ** 2
    return np.asarray(np.eye(3) + first * cross + second * (cross @ cross))


def logarithm(matrices: Numbers) -> Numbers:
    """Axes times angles (N, 3), of angles up to half a turn; by way of the quaternion."""
    quaternions = _quaternions(matrices, "wxyz")
    vector = quaternions[:, 1:]
    sine = np.linalg.norm(vector, axis=1)
    angle = 2.0 * np.arctan2(sine, quaternions[:, 0])
    scale = np.where(sine > _SMALL, angle / np.where(sine > _SMALL, sine, 1.0), 2.0)
    return np.asarray(vector * scale[:, None])


def _wxyz(rows: Numbers, order: str) -> Numbers:
    return rows if order == "wxyz" else np.roll(rows, 1, axis=1)


def _unit(rows: Numbers) -> Numbers:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _about(axis: int, angles: Numbers) -> Numbers:
    vectors = np.zeros((len(angles), 3))
    vectors[:, axis] = angles
    return exponential(vectors)


def _quaternions(matrices: Numbers, order: str) -> Numbers:
    """By the largest of the four numbers (Shepperd, 1978), so that none is lost to rounding."""
    m = matrices
    a, b, c = m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]
    squares = np.stack([a + b + c, a - b - c, b - a - c, c - a - b], axis=1) + 1.0
    x, y, z = m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]
    u, v, w = m[:, 0, 1] + m[:, 1, 0], m[:, 0, 2] + m[:, 2, 0], m[:, 1, 2] + m[:, 2, 1]
    table = np.stack(
        [
            np.stack([squares[:, 0], x, y, z], axis=1),
            np.stack([x, squares[:, 1], u, v], axis=1),
            np.stack([y, u, squares[:, 2], w], axis=1),
            np.stack([z, v, w, squares[:, 3]], axis=1),
        ],
        axis=1,
    )
    found = _unit(table[np.arange(len(m)), np.argmax(squares, axis=1)])
    found = np.where(found[:, :1] < 0.0, -found, found)
    return found if order == "wxyz" else np.roll(found, -1, axis=1)


def _euler(matrices: Numbers, order: str) -> Numbers:
    """Three angles; where the second is a quarter turn the third is 0."""
    axes = ["xyz".index(axis) for axis in order.lower()]
    if not order.isupper():
        axes.reverse()
    i, j, k = axes
    even = 1.0 if (j - i) % 3 == 1 else -1.0
    middle = np.arcsin(np.clip(even * matrices[:, i, k], -1.0, 1.0))
    first = np.arctan2(-even * matrices[:, j, k], matrices[:, k, k])
    last = np.arctan2(-even * matrices[:, i, j], matrices[:, i, i])
    locked = np.abs(matrices[:, i, k]) > 1.0 - 1e-12
    first = np.where(locked, np.arctan2(even * matrices[:, k, j], matrices[:, j, j]), first)
    last = np.where(locked, 0.0, last)
    found = [first, middle, last] if order.isupper() else [last, middle, first]
    return np.stack(found, axis=1)


def _first(wrong: NDArray[np.bool_], came: str, expected: str) -> tuple[int, str, str]:
    return (int(np.argmax(wrong)), came, expected) if wrong.any() else (-1, "", "")
