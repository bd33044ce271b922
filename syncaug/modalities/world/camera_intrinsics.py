"""The matrix of a camera as its mapping states it: K, another name of it, or its four numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import as_nine, determinant
from syncaug.modalities.world.camera_keys import FOCAL, INTRINSICS, as_pose_matrix
from syncaug.modalities.world.camera_lens import plain
from syncaug.modalities.world.camera_matrices import read_matrix
from syncaug.modalities.world.camera_poses import CLOSE
from syncaug.modalities.world.camera_writing import Fail, Writers, writer_like

__all__ = ["read_intrinsics"]

Matrix = NDArray[np.float64]
_PLACES: Mapping[str, tuple[int, int]] = {"fx": (0, 0), "fy": (1, 1), "cx": (0, 2), "cy": (1, 2)}


def read_intrinsics(
    value: Mapping[str, Any], projected: Matrix | None, writers: Writers, fail: Fail
) -> Matrix | None:
    """K (3x3) of a mapping; `projected` where only a projection tells it, or None where nothing.

    Statements beside the first that agree with it are written anew in `writers`; others are left.
    """
    stated = list(_stated(value, fail))
    if stated:
        intrinsics = stated[0][1]
        if abs(determinant(as_nine(intrinsics))) < 1e-12:
            raise fail(
                "a camera with a focal length",
                f"{stated[0][0]} = {intrinsics.tolist()}",
                "K has fx and fy, in pixels, on its diagonal.",
            )
    elif projected is not None:
        intrinsics = projected
    else:
        return None
    for key, other, given in stated:
        if not np.allclose(other, intrinsics, rtol=CLOSE, atol=CLOSE):
            raise fail(f"{key!r} as K says", "another matrix", "Leave one of them out.")
        if given is not None:
            writers[key] = writer_like(given, _stating(given))
    for key, given in value.items():
        name = FOCAL.get(plain(key))
        if name is None or not _is_number(given):
            continue
        row, column = _PLACES[name]
        if np.isclose(float(given), intrinsics[row, column], rtol=CLOSE, atol=CLOSE):
            writers[key] = _number(given, row, column)
    return intrinsics


def _stated(value: Mapping[str, Any], fail: Fail) -> Iterator[tuple[str, Matrix, Any]]:
    """Each statement of the whole matrix: its key, K, and the value that came, K itself first."""
    if value.get("K") is not None:
        yield "K", read_matrix(value["K"], ((3, 3),), "K", fail), value["K"]
    for key, given in value.items():
        matrix = as_pose_matrix(given) if plain(key) in INTRINSICS else None
        if matrix is not None and _is_plain(matrix):
            yield key, matrix[:3, :3], given
    four = {FOCAL[plain(k)]: float(v) for k, v in value.items() if _tells(k, v)}
    if len(four) == len(_PLACES) and value.get("K") is None:
        if not np.isfinite(list(four.values())).all():
            raise fail("finite fx, fy, cx and cy", f"{four}", "")
        matrix = np.eye(3)
        for name, place in _PLACES.items():
            matrix[place] = four[name]
        yield "fx", matrix, None


def _tells(key: Any, value: Any) -> bool:
    return plain(key) in FOCAL and _is_number(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | np.bool_ | str | bytes) or np.ndim(value) != 0:
        return False
    return isinstance(value, int | float | np.number | np.ndarray)


def _is_plain(matrix: Matrix) -> bool:
    """Whether a matrix of 3x3, 3x4 or 4x4 adds nothing to its left upper 3x3."""
    if matrix.shape == (3, 3):
        return True
    return bool(np.array_equal(matrix[:, 3], np.eye(4)[: len(matrix), 3])) and (
        len(matrix) == 3 or bool(np.array_equal(matrix[3], np.eye(4)[3]))
    )


def _stating(given: Any) -> Callable[[Camera], Matrix]:
    shape = as_pose_matrix(given)
    rows, columns = (3, 3) if shape is None else shape.shape

    def state(camera: Camera) -> Matrix:
        out = np.eye(rows, columns)
        out[:3, :3] = camera.intrinsics
        return out

    return state


def _number(given: Any, row: int, column: int) -> Callable[[Camera], Any]:
    floating = isinstance(given, float | np.floating)
    kind = type(given) if floating else float

    def write(camera: Camera) -> Any:
        number = float(camera.intrinsics[row, column])
        if isinstance(given, np.ndarray):
            return np.array(number, given.dtype if given.dtype.kind == "f" else np.float64)
        return kind(number)

    return write
