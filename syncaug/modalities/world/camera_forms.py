"""The forms in which a camera states itself, and how each is written true again.

A camera comes as a mapping. Its matrix is `K`, its size `size` or `width` and `height`, its pose
`world_to_camera`, `camera_to_world` (4x4 or 3x4) or `R` and `t`. What is stated in a form goes out
in that form. Other keys pass as they are, unless they tell of the pose, the projection or the
lens: those would be stale, and are refused with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.maps.camera import Camera
from syncaug.maps.numbers import as_nine, determinant
from syncaug.modalities.carrier import describe, in_dtype
from syncaug.modalities.world.camera_keys import (
    DECOMPOSE,
    INTRINSICS,
    PROJECTIONS,
    SIZES,
    TO_CAMERA,
    TO_WORLD,
    as_pose_matrix,
    stale_keys,
)
from syncaug.modalities.world.lens import plain

__all__ = ["CameraForm", "read_camera"]

Matrix = NDArray[np.float64]
Fail = Callable[[str, str, str], SampleError]

FORM = (
    'a mapping with "K" (3x3), "size" (width, height) and a pose: "world_to_camera" or '
    '"camera_to_world" (4x4 or 3x4), or "R" and "t"'
)
_CLOSE = 1e-4
_WIDEST = 2**31 - 1
"""Pixels of a side that a camera may tell of."""
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
    writers: dict[str, Callable[[Camera], Any]] = {"K": _writer(value["K"], _intrinsics)}
    intrinsics = _matrix(value["K"], ((3, 3),), "K", fail)
    if abs(determinant(as_nine(intrinsics))) < 1e-12:
        raise fail(
            "a camera with a focal length",
            f"K = {intrinsics.tolist()}",
            "K has fx and fy, in pixels, on its diagonal.",
        )
    size = _size(value, writers, fail)
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


def _pose(
    value: Mapping[str, Any], axes: str, writers: dict[str, Callable[[Camera], Any]], fail: Fail
) -> tuple[Matrix, bool]:
    """The world-to-camera matrix in our axes, and whether it was stated; all statements agree."""
    turn = _OPENGL if axes == "opengl" else np.eye(4)
    stated: list[tuple[str, Matrix]] = []
    for key, given in value.items():
        inverse = plain(key) in TO_WORLD
        if given is None or not (inverse or plain(key) in TO_CAMERA):
            continue
        rigid = _rigid(_matrix(given, ((4, 4), (3, 4)), str(key), fail), str(key), fail)
        stated.append((str(key), turn @ (_inverse(rigid) if inverse else rigid)))
        writers[key] = _writer(given, _posing(turn, inverse, len(np.asarray(given))))
    if "R" in value and value.get("t", value.get("T")) is not None:
        shift = "t" if value.get("t") is not None else "T"
        stated.append(("R", turn @ _rotated(value["R"], value[shift], shift, fail)))
        writers["R"] = _writer(value["R"], lambda camera: (turn @ camera.extrinsics)[:3, :3])
        shape = np.shape(value[shift])
        writers[shift] = _writer(
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


# Sizes


def _size(
    value: Mapping[str, Any], writers: dict[str, Callable[[Camera], Any]], fail: Fail
) -> tuple[int, int]:
    """Width and height, from `size` or from `width` and `height`; other statements are kept."""
    given = value.get("size")
    sides = (value.get("width"), value.get("height"))
    if given is None:
        if None in sides:
            raise fail(FORM, describe(value), "")
        given = sides
    try:
        told = [_whole(number) for number in cast("Sequence[Any]", given)]
        width, height = told
    except (TypeError, ValueError, OverflowError):
        raise fail(FORM, f"size {given!r}"[:80], "Both are whole numbers of pixels.") from None
    if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
        raise fail("a size above 0", f"{width}x{height}"[:80], "")
    if value.get("size") is not None:
        writers["size"] = _writer(value["size"], lambda camera: np.array(camera.size))
    for index, (key, side) in enumerate(zip(("width", "height"), sides, strict=True)):
        if side is None:
            continue
        if not np.isscalar(side) or side != (width, height)[index]:
            raise fail(f"{key} {(width, height)[index]}, as size says", f"{side!r}", "")
        writers[key] = _side(index, type(side))
    for key, other in value.items():
        if plain(key) in SIZES and isinstance(other, list | tuple | np.ndarray):
            order = _order(other, (width, height))
            if order:
                writers[key] = _writer(other, _sizing(order, other))
    return width, height


def _whole(number: Any) -> int:
    """A number of pixels. Raises ValueError or TypeError for texts, truth values and parts."""
    if isinstance(number, str | bytes | bool | np.bool_) or int(number) != number:
        raise ValueError(number)
    return int(number)


def _side(index: int, kind: type) -> Callable[[Camera], Any]:
    return lambda camera: kind(camera.size[index])


def _order(other: Any, size: tuple[int, int]) -> tuple[int, ...]:
    """Which sides the first two numbers tell, where they tell this size."""
    if len(other) not in (2, 3):
        return ()
    for order in ((0, 1), (1, 0)):
        if tuple(other[:2]) == tuple(size[side] for side in order):
            return order
    return ()


def _sizing(order: tuple[int, ...], other: Any) -> Callable[[Camera], Any]:
    return lambda camera: np.array([*(camera.size[side] for side in order), *other[2:]])


# What states the camera again, and what cannot


def _repeated(
    value: Mapping[str, Any],
    camera: Camera,
    axes: str,
    writers: dict[str, Callable[[Camera], Any]],
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
            writers[key] = _writer(given, _intrinsics)
        elif name in PROJECTIONS and matrix.shape == (3, 4) and axes != "opengl":
            if np.allclose(matrix, _projection(camera), rtol=_CLOSE, atol=_CLOSE):
                writers[key] = _writer(given, _projection)


def _intrinsics(camera: Camera) -> Matrix:
    return camera.intrinsics


def _projection(camera: Camera) -> Matrix:
    return np.array(camera.projection).reshape(3, 4)


def _writer(like: Any, state: Callable[[Camera], Any]) -> Callable[[Camera], Any]:
    """What states a camera in the type in which it came: an array, a list or a tuple."""

    def write(camera: Camera) -> Any:
        numbers = np.asarray(state(camera))
        if np.ndim(like) == 1:
            numbers = numbers.reshape(-1)  # a matrix that came flat
        if isinstance(like, np.ndarray):
            whole = numbers.dtype.kind in "iu" and like.dtype.kind in "iuf"
            return numbers.astype(like.dtype) if whole else in_dtype(numbers, like.dtype)
        return _nested(numbers.tolist(), like)

    return write


def _nested(numbers: Any, like: Any) -> Any:
    """Lists as the tuples that came."""
    if not isinstance(numbers, list):
        return numbers
    if isinstance(like, tuple):
        return tuple(_nested(n, x) for n, x in zip(numbers, like, strict=True))
    if isinstance(like, list) and any(isinstance(item, tuple) for item in like):
        return [_nested(n, x) for n, x in zip(numbers, like, strict=True)]
    return numbers
