"""Projections that state a camera: 3x4 or 4x4 matrices from a frame to pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.modalities.world.camera_keys import PROJECTIONS, TO_IMAGE, as_pose_matrix
from syncaug.modalities.world.camera_lens import plain
from syncaug.modalities.world.camera_matrices import decomposed
from syncaug.modalities.world.camera_poses import CLOSE
from syncaug.modalities.world.camera_writing import Fail, Writers, writer_like

__all__ = ["Projection", "follow_projections", "projections_of"]

Matrix = NDArray[np.float64]
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection as it came, taken apart: factor K [R | t].

    `whole` ones take points of the world itself; others those of the frame that a pose leads to.
    """

    key: str
    given: Any
    matrix: Matrix
    intrinsics: Matrix
    pose: Matrix
    factor: float
    whole: bool

    @property
    def straight(self) -> bool:
        """Whether its frame has the camera's axes, as KITTI's rectified frame has."""
        return bool(np.allclose(self.pose[:3, :3], np.eye(3), atol=_SAME))

    def is_of(self, intrinsics: Matrix) -> bool:
        """Whether it projects by this K."""
        return _is(self.intrinsics, intrinsics)


def projections_of(value: Mapping[str, Any], fail: Fail) -> Iterator[Projection]:
    """The projections of a mapping. Raises what `fail` makes of one without a focal length."""
    for key, given in value.items():
        whole = plain(key) in TO_IMAGE
        if given is None or not (whole or plain(key) in PROJECTIONS):
            continue
        matrix = as_pose_matrix(given)
        if matrix is None or matrix.shape == (3, 3):
            if whole:
                raise fail(f"{key!r} as a finite 4x4 or 3x4 matrix", f"shape {np.shape(given)}", "")
            continue
        if len(matrix) == 4 and not np.allclose(matrix[3], (0.0, 0.0, 0.0, 1.0), atol=_SAME):
            raise fail(
                f"{key!r} with the last row 0, 0, 0, 1",
                f"{matrix[3].tolist()}",
                "A projection takes points to x w, y w and w, its first three rows.",
            )
        try:
            yield Projection(str(key), given, matrix, *decomposed(matrix[:3]), whole)
        except ValueError:
            raise fail(
                "a projection with a focal length",
                f"{key!r}: {np.asarray(given).tolist()}"[:120],
                "Its left 3x3 is K R.",
            ) from None


def follow_projections(
    projections: list[Projection], camera: Camera, posed: bool, writers: Writers, fail: Fail
) -> Camera:
    """Let projections beside K or a pose be written anew where they agree with them.

    One that starts from the frame that the pose leads to gives the camera its baseline.
    """
    for one in projections:
        if _agrees(one, camera.intrinsics, camera.extrinsics):
            writers[one.key] = writer_like(one.given, _stating(one, from_frame=False))
        elif not one.whole and posed and one.straight and one.is_of(camera.intrinsics):
            if any(camera.baseline):
                if not np.allclose(one.pose[:3, 3], camera.baseline, atol=CLOSE):
                    continue
            else:
                shifted = camera.extrinsics.copy()
                shifted[:3, 3] += one.pose[:3, 3]
                x, y, z = one.pose[:3, 3].tolist()
                moved = Camera.of(camera.intrinsics, shifted, camera.size)
                camera = camera._replace(pose=moved.pose, baseline=(x, y, z))
            writers[one.key] = writer_like(one.given, _stating(one, from_frame=True))
        elif one.whole:
            raise fail(
                f"{one.key!r} that agrees with the camera's matrix and pose",
                "one that projects elsewhere",
                "It is K [R | t], from the world to pixels. Leave one of them out.",
            )
    return camera


def _is(one: Matrix, other: Matrix) -> bool:
    return bool(np.allclose(one, other, rtol=CLOSE, atol=CLOSE))


def _agrees(one: Projection, intrinsics: Matrix, pose: Matrix) -> bool:
    return _is(one.matrix[:3], one.factor * intrinsics @ pose[:3])


def _stating(one: Projection, *, from_frame: bool) -> Callable[[Camera], Matrix]:
    def state(camera: Camera) -> Matrix:
        pose = np.eye(3, 4)
        if from_frame:
            pose[:, 3] = camera.baseline
        else:
            pose = camera.extrinsics[:3]
        projection = one.factor * camera.intrinsics @ pose
        if len(one.matrix) == 4:
            projection = np.vstack([projection, one.matrix[3]])
        return projection

    return state
