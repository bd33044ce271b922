"""The forms in which a camera states itself, and how each is written true again.

A camera comes as a mapping. Its matrix is `K`, or `fx`, `fy`, `cx` and `cy`; its size `size` or
`width` and `height`; its pose `world_to_camera`, `camera_to_world` (4x4 or 3x4) or `R` and `t`; its
lens `distortion`. A projection (`P`, `lidar2img`) states matrix and pose at once. What is stated in
a form goes out in that form. Other keys pass as they are, unless they tell of the pose or the
projection: those would be stale, and are refused with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Matrix
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe
from syncaug.modalities.world.camera_intrinsics import read_intrinsics
from syncaug.modalities.world.camera_keys import FOCAL, stale_keys
from syncaug.modalities.world.camera_lens import plain, read_lens
from syncaug.modalities.world.camera_poses import read_pose
from syncaug.modalities.world.camera_projections import follow_projections, projections_of
from syncaug.modalities.world.camera_sizes import read_size
from syncaug.modalities.world.camera_writing import FORM, Fail, Writers

__all__ = ["CameraForm", "read_camera"]

_SHORTEST = 8.0
"""Pixels: no picture of more is taken with a shorter focal length."""


@dataclass(frozen=True, slots=True)
class CameraForm:
    """How a camera was stated: what writes each key anew, and what cannot be written.

    `writers` gives for each key the value that states a camera. `stale` holds (what, key, remedy)
    of keys that are untrue once the camera's "pose" or "intrinsics" or "anything" has changed.
    Where it is `plain`, fx, fy, cx and cy state its matrix, which have no place for a skew.
    """

    writers: Mapping[str, Callable[[Camera], Any]]
    stale: tuple[tuple[str, str, str], ...]
    posed: bool
    plain: bool

    def written(self, camera: Camera) -> dict[str, Any]:
        """Every key that states the camera, true for `camera`."""
        return {key: write(camera) for key, write in self.writers.items()}


def read_camera(
    value: Any, axes: str, fail: Fail, suspect: Callable[[str, str], None]
) -> tuple[Camera, CameraForm]:
    """The camera of a mapping, and its form. Raises what `fail` makes of what is wrong."""
    if not isinstance(value, Mapping):
        raise fail(FORM, describe(value), "")
    writers: Writers = {}
    projections = [] if axes == "opengl" else list(projections_of(value, fail))
    first = projections[0] if projections else None
    intrinsics = read_intrinsics(value, first.intrinsics if first else None, writers, fail)
    if intrinsics is None:
        raise fail(FORM, describe(value), "")
    size = read_size(value, writers, fail)
    _suspect_fractions(intrinsics, size, suspect)
    extrinsics, posed = read_pose(value, axes, writers, fail)
    if not posed and first is not None and first.is_of(intrinsics):
        extrinsics, posed = first.pose, True
    lens = read_lens(value, writers, fail, suspect)
    camera = Camera.of(intrinsics, extrinsics, size)._replace(lens=lens)
    camera = follow_projections(projections, camera, posed, writers, fail)
    stale = tuple(stale_keys(value, writers))
    if not posed:
        for what, key, remedy in stale:
            if what in ("pose", "anything"):
                raise fail(
                    "a pose as world_to_camera, camera_to_world, or R and t", f"{key!r}", remedy
                )
    return camera, CameraForm(writers, stale, posed, any(plain(key) in FOCAL for key in writers))


def _suspect_fractions(intrinsics: Matrix, size: Size, suspect: Callable[[str, str], None]) -> None:
    """A K for pictures of 1x1, as some data sets have it for all of their sizes."""
    (fx, _, cx), (_, fy, cy) = (intrinsics / intrinsics[2, 2])[:2].tolist()
    if 0.0 < cx <= 1.0 and 0.0 < cy <= 1.0 and max(fx, fy) < _SHORTEST < min(size):
        suspect(
            "K",
            f"its principal point is {cx:g}, {cy:g} in a picture of {size[0]}x{size[1]}; K is in "
            "pixels, and this looks like fractions. Multiply its first row by the width and its "
            "second by the height",
        )
