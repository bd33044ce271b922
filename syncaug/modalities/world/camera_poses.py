"""The pose of a camera as its mapping states it, once or several times alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.modalities.carrier import describe
from syncaug.modalities.world.camera_keys import TO_CAMERA, TO_WORLD
from syncaug.modalities.world.camera_lens import plain
from syncaug.modalities.world.camera_matrices import as_rigid, read_matrix
from syncaug.modalities.world.camera_writing import Fail, Writers, writer_like

__all__ = ["CLOSE", "read_pose"]

Matrix = NDArray[np.float64]

CLOSE = 1e-4
"""How near two statements of the same are: a share of the largest number."""
_OPENGL = np.diag([1.0, -1.0, -1.0, 1.0])
"""From OpenGL's camera axes (y up, looking along -z) to ours, and back."""


def read_pose(
    value: Mapping[str, Any], axes: str, writers: Writers, fail: Fail
) -> tuple[Matrix, bool]:
    """The world-to-camera matrix in our axes, and whether it was stated; all statements agree."""
    turn = _OPENGL if axes == "opengl" else np.eye(4)
    stated: list[tuple[str, Matrix]] = []
    for key, given in value.items():
        inverse = plain(key) in TO_WORLD
        if given is None or not (inverse or plain(key) in TO_CAMERA):
            continue
        rigid = as_rigid(read_matrix(given, ((4, 4), (3, 4)), str(key), fail), str(key), fail)
        stated.append((str(key), np.asarray(turn @ (np.linalg.inv(rigid) if inverse else rigid))))
        writers[key] = writer_like(given, _posing(turn, inverse, len(np.asarray(given))))
    if "R" in value and value.get("t", value.get("T")) is not None:
        shift = "t" if value.get("t") is not None else "T"
        stated.append(("R", turn @ _rotated(value["R"], value[shift], shift, fail)))
        writers["R"] = writer_like(value["R"], lambda camera: (turn @ _frame(camera))[:3, :3])
        shape = np.shape(value[shift])
        writers[shift] = writer_like(
            value[shift], lambda camera: (turn @ _frame(camera))[:3, 3].reshape(shape)
        )
    for (key, one), (other_key, other) in pairwise(stated):
        if not np.allclose(one, other, atol=CLOSE * max(1.0, float(np.abs(one).max()))):
            raise fail(
                f"one pose, stated alike by {key!r} and {other_key!r}",
                "two that differ",
                "camera_to_world is the inverse of world_to_camera. Leave one of them out.",
            )
    return (stated[0][1], True) if stated else (np.eye(4), False)


def _frame(camera: Camera) -> Matrix:
    """The matrix from the world to the frame in which the pose was stated."""
    frame = camera.extrinsics.copy()
    frame[:3, 3] -= camera.baseline
    return frame


def _posing(turn: Matrix, inverse: bool, rows: int) -> Callable[[Camera], Matrix]:
    def pose(camera: Camera) -> Matrix:
        rigid = turn @ _frame(camera)
        return np.asarray((np.linalg.inv(rigid) if inverse else rigid)[:rows])

    return pose


def _rotated(rotation: Any, shift: Any, name: str, fail: Fail) -> Matrix:
    """R and t as one matrix: a point X of the world is at R X + t before the camera."""
    rigid = np.eye(4)
    rigid[:3, :3] = read_matrix(rotation, ((3, 3),), "R", fail)
    try:
        rigid[:3, 3] = np.array(shift, dtype=np.float64).reshape(3)
    except (TypeError, ValueError):
        raise fail(f"{name} of three numbers", describe(shift), "") from None
    if not np.isfinite(rigid).all():
        raise fail(f"{name} of three finite numbers", describe(shift), "")
    return as_rigid(rigid, "R", fail)
