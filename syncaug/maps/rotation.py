"""Rotations as data write them: angles about axes, and quaternions; and the axes of a world's up.

A rotation matrix (N, 3, 3) has what it turns as its columns: where x, y and z then point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "from_angles",
    "from_quaternions",
    "to_angles",
    "to_quaternions",
    "upright_axes",
]

Floats = NDArray[np.float64]

_LOCKED = 1.0 - 1e-12
"""The sine of a pitch from which yaw and roll turn about the same line."""


def from_angles(yaw: Floats, pitch: Floats | None = None, roll: Floats | None = None) -> Floats:
    """Rz(yaw) Ry(pitch) Rx(roll) for each row, in radians: first the roll, about the own x axis.

    These are the angles of ISO 8855 and ROS: a positive pitch lowers the nose.
    """
    out = np.zeros((len(yaw), 3, 3))
    cosine, sine = np.cos(yaw), np.sin(yaw)
    if pitch is None or roll is None:
        out[:, 0, 0] = out[:, 1, 1] = cosine
        out[:, 1, 0], out[:, 0, 1] = sine, -sine
        out[:, 2, 2] = 1.0
        return out
    c, s, d, t = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    out[:, 0] = np.stack([cosine * c, cosine * s * t - sine * d, cosine * s * d + sine * t], axis=1)
    out[:, 1] = np.stack([sine * c, sine * s * t + cosine * d, sine * s * d - cosine * t], axis=1)
    out[:, 2] = np.stack([-s, c * t, c * d], axis=1)
    return out


def to_angles(turns: Floats) -> tuple[Floats, Floats, Floats]:
    """Yaw, pitch and roll of rotations, in radians; the inverse of `from_angles`.

    Yaw and roll are in (-pi, pi], pitch in [-pi/2, pi/2]. Straight up or down the roll is 0.
    """
    sine = np.clip(-turns[:, 2, 0], -1.0, 1.0)
    locked = np.abs(sine) >= _LOCKED
    yaw = np.arctan2(turns[:, 1, 0], turns[:, 0, 0])
    yaw = np.where(locked, np.arctan2(-turns[:, 0, 1], turns[:, 1, 1]), yaw)
    pitch = np.arctan2(sine, np.hypot(turns[:, 2, 1], turns[:, 2, 2]))
    roll = np.where(locked, 0.0, np.arctan2(turns[:, 2, 1], turns[:, 2, 2]))
    return yaw, pitch, roll


def from_quaternions(rows: Floats) -> Floats:
    """The rotations of quaternions (N, 4), w first, of any length but 0."""
    w, x, y, z = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], axis=1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], axis=1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1),
        ],
        axis=1,
    )


def to_quaternions(turns: Floats) -> Floats:
    """The unit quaternions (N, 4) of rotations, w first and not negative.

    The largest component comes from its own square, so that none is a difference of near numbers
    (Shepperd, Quaternion from rotation matrix, J. Guidance and Control 1978).
    """
    m = turns
    trace = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    # Four times the outer product of the quaternion with itself, row by row.
    w = [1 + trace, m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]]
    x = [w[1], 1 + 2 * m[:, 0, 0] - trace, m[:, 1, 0] + m[:, 0, 1], m[:, 0, 2] + m[:, 2, 0]]
    y = [w[2], x[2], 1 + 2 * m[:, 1, 1] - trace, m[:, 2, 1] + m[:, 1, 2]]
    z = [w[3], x[3], y[3], 1 + 2 * m[:, 2, 2] - trace]
    outer = np.stack([np.stack(row, axis=1) for row in (w, x, y, z)], axis=1)
    largest = np.argmax(np.diagonal(outer, axis1=1, axis2=2), axis=1)
    out = outer[np.arange(len(m)), largest]
    out = out / np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(np.where(out[:, :1] < 0.0, -out, out))


def upright_axes(up: str) -> Floats:
    """The rotation (3, 3) from a world whose z is up to one whose `up` is one of x, -x, y ... -z.

    Its columns are the directions of yaw 0, of yaw 90 degrees and up. Yaw 0 is along +x, and along
    +y where x is vertical.
    """
    vertical = np.zeros(3)
    vertical["xyz".index(up[-1])] = -1.0 if up[0] == "-" else 1.0
    ahead = np.array([0.0, 1.0, 0.0] if up[-1] == "x" else [1.0, 0.0, 0.0])
    return np.stack([ahead, np.cross(vertical, ahead), vertical], axis=1)
