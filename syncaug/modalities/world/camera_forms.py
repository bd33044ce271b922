"""The forms in which a camera states itself, and how each is written true again.

A camera comes as a mapping. Its matrix is `K`, its size `size` or `width` and `height`, its pose
`world_to_camera`, `camera_to_world` (4x4 or 3x4) or `R` and `t`. What is stated in a form goes out
in that form. Other keys pass as they are, unless they tell of the pose, the projection or the
lens: those would be stale, and are refused with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import as_nine, determinant
from syncaug.modalities.carrier import describe
from syncaug.modalities.world.camera_keys import (
    DECOMPOSE,
    INTRINSICS,
    PROJECTIONS,
    TO_CAMERA,
    TO_WORLD,
    as_pose_matrix,
    stale_keys,
)
from syncaug.modalities.world.camera_sizes import read_size
from syncaug.modalities.world.camera_writing import FORM, Fail, Writers, writer_like
from syncaug.modalities.world.lens import plain

__all__ = ["CameraForm", "read_camera"]

Matrix = NDArray[np.float64]

_CLOSE = 1e-4
_OPENGL = np.diag([1.0, -1.0, -1.0, 1.0])
"""From OpenGL's camera axes (y up, looking along -z) to ours, and back."""


@dataclass(frozen=True, slots=True)
class CameraForm:
    """How a camera was stated: what writes each key anew, and what cannot be written.

    `writers` gives for each key the value that states a camera. `stale` holds (what, key, remedy)
    of keys that are untrue once the camera's "pose" or "intrinsics" or "anything" has changed.
    """

    writers: Mapping[str, Callable[[Camera], Any]]
    stale: tuple[tuple[str, str, str], ...]
    posed: bool

    def written(self, camera: Camera) -> dict[str, Any]:
        """Every key that states the camera, true for `camera`."""
        return {key: write(camera) for key, write in self.writers.items()}


def read_camera(value: Any, axes: str, fail: Fail) -> tuple[Camera, CameraForm]:
    """The camera of a mapping, and its form. Raises what `fail` makes of what is wrong."""
    if not isinstance(value, Mapping) or "K" not in value:
        raise fail(FORM, describe(value), "")
    writers: Writers = {"K": writer_like(value["K"], _intrinsics)}
    intrinsics = _matrix(value["K"], ((3, 3),), "K", fail)
    if abs(determinant(as_nine(intrinsics))) < 1e-12:
        raise fail(
            "a camera with a focal length",
            f"K = {intrinsics.tolist()}",
            "K has fx and fy, in pixels, on its diagonal.",
        )
    size = read_size(value, writers, fail)
    extrinsics, posed = _pose(value, axes, writers, fail)
    camera = Camera.of(intrinsics, extrinsics, size)
    _repeated(value, camera, axes, writers, fail)
    stale = tuple(stale_keys(value, writers))
    if not posed:
        for what, key, remedy in stale:
            if what in ("pose", "anything"):
                raise fail(
                    "a pose as world_to_camera, camera_to_world, or R and t", f"{key!r}", remedy
                )
    return camera, CameraForm(writers, stale, posed)


def _matrix(value: Any, shapes: tuple[tuple[int, int], ...], name: str, fail: Fail) -> Matrix:
    try:
        matrix = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise fail(FORM, f"{name} {describe(value)}", "") from None
    if matrix.shape not in shapes or not np.isfinite(matrix).all():
        wanted = " or ".join(f"{rows}x{columns}" for rows, columns in shapes)
        hint = ""
        if matrix.size in (rows * columns for rows, columns in shapes):
            hint = f"Reshape it to {wanted}."
        elif name == "K" and matrix.shape in ((3, 4), (4, 4)):
            hint = "K is its left upper 3x3 where the rest adds nothing. " + DECOMPOSE
        raise fail(f"{name} as a finite {wanted} matrix", f"shape {matrix.shape}", hint)
    return matrix


# Poses


def _pose(value: Mapping[str, Any], axes: str, writers: Writers, fail: Fail) -> tuple[Matrix, bool]:
    """The world-to-camera matrix in our axes, and whether it was stated; all statements agree."""
    turn = _OPENGL if axes == "opengl" else np.eye(4)
    stated: list[tuple[str, Matrix]] = []
    for key, given in value.items():
        inverse = plain(key) in TO_WORLD
        if given is None or not (inverse or plain(key) in TO_CAMERA):
            continue
        rigid = _rigid(_matrix(given, ((4, 4), (3, 4)), str(key), fail), str(key), fail)
        stated.append((str(key), turn @ (_inverse(rigid) if inverse else rigid)))
        writers[key] = writer_like(given, _posing(turn, inverse, len(np.asarray(given))))
    if "R" in value and value.get("t", value.get("T")) is not None:
        shift = "t" if value.get("t") is not None else "T"
        stated.append(("R", turn @ _rotated(value["R"], value[shift], shift, fail)))
        writers["R"] = writer_like(value["R"], lambda camera: (turn @ camera.extrinsics)[:3, :3])
        shape = np.shape(value[shift])
        writers[shift] = writer_like(
            value[shift], lambda camera: (turn @ camera.extrinsics)[:3, 3].reshape(shape)
        )
    for (key, one), (other_key, other) in pairwise(stated):
        if not np.allclose(one, other, atol=_CLOSE * max(1.0, float(np.abs(one).max()))):
            raise fail(
                f"one pose, stated alike by {key!r} and {other_key!r}",
                "two that differ",
                "camera_to_world is the inverse of world_to_camera. Leave one of them out.",
            )
    return (stated[0][1], True) if stated else (np.eye(4), False)


def _posing(turn: Matrix, inverse: bool, rows: int) -> Callable[[Camera], Matrix]:
    def pose(camera: Camera) -> Matrix:
        rigid = turn @ camera.extrinsics
        return (_inverse(rigid) if inverse else rigid)[:rows]

    return pose


def _rotated(rotation: Any, shift: Any, name: str, fail: Fail) -> Matrix:
    """R and t as one matrix: a point X of the world is at R X + t before the camera."""
    rigid = np.eye(4)
    rigid[:3, :3] = _matrix(rotation, ((3, 3),), "R", fail)
    try:
        rigid[:3, 3] = np.array(shift, dtype=np.float64).reshape(3)
    except (TypeError, ValueError):
        raise fail(f"{name} of three numbers", describe(shift), "") from None
    if not np.isfinite(rigid).all():
        raise fail(f"{name} of three finite numbers", describe(shift), "")
    return _rigid(rigid, "R", fail)


def _rigid(matrix: Matrix, name: str, fail: Fail) -> Matrix:
    """A 4x4 or 3x4 matrix as a rigid 4x4."""
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


def _inverse(rigid: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(rigid), dtype=np.float64)


# What states the camera again, and what cannot


def _repeated(
    value: Mapping[str, Any],
    camera: Camera,
    axes: str,
    writers: Writers,
    fail: Fail,
) -> None:
    """Follow a second statement of K, and a projection that is K [R | t]."""
    for key, given in value.items():
        name = plain(key)
        matrix = as_pose_matrix(given)
        if matrix is None or key in writers:
            continue
        if name in INTRINSICS and matrix.shape == (3, 3):
            if not np.allclose(matrix, camera.intrinsics, rtol=_CLOSE, atol=_CLOSE):
                raise fail(f"{key!r} as K says", "another matrix", "Leave one of them out.")
            writers[key] = writer_like(given, _intrinsics)
        elif name in PROJECTIONS and matrix.shape == (3, 4) and axes != "opengl":
            if np.allclose(matrix, _projection(camera), rtol=_CLOSE, atol=_CLOSE):
                writers[key] = writer_like(given, _projection)


def _intrinsics(camera: Camera) -> Matrix:
    return camera.intrinsics


def _projection(camera: Camera) -> Matrix:
    return np.array(camera.projection).reshape(3, 4)
