"""Whether cameras look where their clouds are: poses of the wrong direction, or of other axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import Matrix, as_twelve
from syncaug.maps.world import Shown
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.modalities.world.points import PointsCarrier

__all__ = ["suspect_poses"]

_POINTS = 2048
_FEWEST = 20
"""Points that a cloud has at least, so that shares of it say something."""
_NONE = 0.02
_MANY = 0.05
_TIMES = 10.0
"""A pose is suspect where its picture shows fewer points than `_NONE` of the cloud, and another
reading of it more than `_MANY` and more than `_TIMES` as many."""
_LEVEL = 0.8
"""The cosine up to which a camera counts as upright, and two as looking the same way."""
_EXACT = 0.998
_ASIDE = 0.5
"""Cosines: one camera counts as exactly level within 3.6 degrees, and as aside beyond 60."""
_FLAT = 0.35
"""How high a cloud is at most, as a share of its width, that must have z up."""
_AXES = np.diag([1.0, -1.0, -1.0, 1.0])

_INVERSE = (
    "the inverse of its pose {better}. world_to_camera takes points of the world to the camera, "
    "camera_to_world is its inverse: name the pose by its direction"
)
_OPENGL = (
    "with the axes of OpenGL (y up, looking along -z) its pose {better}. Declare axes: opengl, or "
    "axes: opencv if x right, y down, z forward is right"
)
_BOTH = (
    "as camera_to_world with the axes of OpenGL (y up, looking along -z; Blender, NeRF) it "
    "{better}. Name it so and declare axes: opengl"
)
_PAGE = " (see docs/cameras.md)."


def suspect_poses(carriers: Iterable[Carrier]) -> None:
    """Let cameras say so whose picture shows almost no point, where another reading shows many.

    A cloud all around has most of its points beside and behind any camera, which is right, and a
    camera of a rig may look away from it: poses are suspected where no camera of the world meets
    the cloud, or where cameras that look about all lie aside and another reading has them upright.
    """
    found = list(carriers)
    cameras = [carrier for carrier in found if isinstance(carrier, CameraCarrier)]
    for cloud in found:
        if not isinstance(cloud, PointsCarrier):
            continue
        here = [c for c in cameras if c.stream.spaces["world"] == cloud.stream.spaces["world"]]
        points = _some(cloud)
        if here and len(points) >= _FEWEST:
            _compare(here, cloud.stream.name, points)
            _upright(here)
            if len(here) == 1 and not _is_suspected(here[0]) and _surrounds(points):
                _level(here[0])


def _is_suspected(camera: CameraCarrier) -> bool:
    return any(said.stream == camera.stream.name for said in camera.suspicions)


def _some(cloud: PointsCarrier) -> Matrix:
    """Finite points of a cloud as it came, evenly chosen."""
    step = max(1, -(-len(cloud.data) // _POINTS))
    if cloud.sweeps is None:
        points = np.asarray(cloud.data[::step, cloud.layout.place_at], dtype=np.float64)
    else:
        points = cloud.places[::step]
    return points[np.isfinite(points).all(axis=1)]


def _compare(cameras: Sequence[CameraCarrier], cloud: str, points: Matrix) -> None:
    """Suspect the camera that another reading would help most, where none meets the cloud."""
    own = [_share(camera.original, camera.original.extrinsics, points) for camera in cameras]
    if max(own) >= _NONE:
        return
    found: list[tuple[float, float, CameraCarrier, str]] = []
    for camera, share in zip(cameras, own, strict=True):
        for text, pose in _readings(camera).items():
            found.append((_share(camera.original, pose, points), share, camera, text))
    most, share, camera, text = max(found, key=lambda reading: reading[0])
    if most >= max(_MANY, _TIMES * max(own)):
        seen = f"its picture shows {share:.1%} of the points of {cloud!r}; "
        camera.suspect("pose", seen + text.format(better=f"would show {most:.0%}") + _PAGE)


def _upright(cameras: Sequence[CameraCarrier]) -> None:
    """Suspect the poses of a rig that looks about, where only another reading is upright."""
    poses = [camera.original.extrinsics for camera in cameras]
    if len(poses) < 2 or sum(_up(pose) > _LEVEL for pose in poses) > len(poses) / 2:
        return
    readings = [_readings(camera) for camera in cameras]
    for text in set.intersection(*map(set, readings)):
        others = [reading[text] for reading in readings]
        ahead = np.stack([pose[2, :3] for pose in others])
        if min(map(_up, others)) > _LEVEL and (ahead @ ahead.T).min() < _LEVEL:
            said = text.format(better="would stand upright")
            cameras[0].suspect(
                "pose", f"its world's {len(poses)} cameras lie aside; " + said + _PAGE
            )
            return


def _surrounds(points: Matrix) -> bool:
    """Whether a cloud lies in all directions about its middle and is flat, as lidars see a road.

    Then z is up, and where a camera looks says nothing of whether it sees the cloud.
    """
    x, y, z = (points - np.median(points, axis=0)).T
    if not z.std() < _FLAT * min(x.std(), y.std()):
        return False
    sectors = np.floor((np.arctan2(y, x) / np.pi + 1.0) * 4.0).astype(np.int64) % 8
    return bool((np.bincount(sectors, minlength=8) >= _NONE * len(points)).all())


def _level(camera: CameraCarrier) -> None:
    """Suspect the pose of one camera amid a cloud that stands exactly level in another reading.

    As it was read it lies aside, or, in the axes of OpenGL, stands on its head.
    """
    up = _up(camera.original.extrinsics)
    for text, pose in _readings(camera).items():
        if _up(pose) > _EXACT and (up < -_EXACT if text is _OPENGL else up < _ASIDE):
            lies = "stands on its head" if text is _OPENGL else "lies aside"
            said = text.format(better="would stand upright")
            camera.suspect("pose", f"it {lies} in its world; " + said + _PAGE)
            return


def _up(pose: Matrix) -> float:
    """How far the top of a camera's picture points up, 1 where it is level."""
    return -float(pose[1, 2])


def _readings(camera: CameraCarrier) -> dict[str, Matrix]:
    """Other poses that may be meant. Declared axes are taken at their word."""
    pose = camera.original.extrinsics
    inverse = np.asarray(np.linalg.inv(pose), dtype=np.float64)
    if "axes" in camera.stream.options:
        return {_INVERSE: inverse}
    return {_INVERSE: inverse, _OPENGL: _AXES @ pose, _BOTH: _AXES @ inverse}


def _share(camera: Camera, extrinsics: Matrix, points: Matrix) -> float:
    """How many of the points the camera's picture would show from another pose."""
    posed = Shown(camera.calibration, as_twelve(extrinsics), camera.size, camera.lens)
    return float(posed.contains(points).mean())
