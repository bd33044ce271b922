"""Clouds in the axes of their sensors: sweeps with a pose each, and how a world map moves them.

A sweep is `{"points": (N, C), "pose": 4x4}`, whose pose takes its points to the world; a cloud may
be a list of them. Its place in the world follows a map exactly, by the pose or by the points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.own_form import in_dtype

__all__ = ["Sweeps", "arrays_of", "is_posed", "like_pose", "read_pose", "read_sweeps"]

Floats = NDArray[np.float64]
Fail = Callable[[str, str, str], SampleError]

POINTS = "points"
_TO_WORLD = ("pose", "sensor_to_world", "lidar_to_world", "radar_to_world")
_FROM_WORLD = ("world_to_sensor", "world_to_lidar", "world_to_radar")
_RIGID = 1e-3
_STEADY = 1e-12
"""What composing turns may do to a scale of 1."""
_OTHER_SIDE = np.diag([1.0, -1.0, 1.0, 1.0])
"""The mirror that a sensor's own axes take: of its left and right, where x is ahead and z up."""
_FORM = (
    'a mapping with "points" and "pose", the 4x4 matrix that takes them to the world, or a list of '
    "such sweeps"
)


@dataclass(frozen=True, slots=True)
class Sweeps:
    """The poses of a cloud's sweeps, and to which sweep each of its rows belongs.

    `entries` are the mappings as they came, `keys` the names of their poses. `one` says that there
    was a single mapping, and no list.
    """

    entries: tuple[Mapping[str, Any], ...]
    keys: tuple[str, ...]
    poses: tuple[WorldMap, ...]
    sweep: NDArray[np.intp]
    one: bool

    def chosen(self, rows: NDArray[np.int64]) -> Sweeps:
        """The poses of some rows."""
        return replace(self, sweep=self.sweep[rows])

    def joined(self, count: int) -> Sweeps:
        """With so many rows more, in the axes of the first sweep."""
        return replace(self, sweep=np.concatenate([self.sweep, np.zeros(count, np.intp)]))

    def parts(self) -> Iterator[tuple[WorldMap, Any]]:
        """Each pose, and what picks the rows of its sweep."""
        if len(self.poses) == 1:
            yield self.poses[0], slice(None)
            return
        for index, pose in enumerate(self.poses):
            yield pose, np.flatnonzero(self.sweep == index)

    @property
    def order(self) -> NDArray[np.intp]:
        """The rows in the order in which they are handed out: sweep by sweep."""
        return np.argsort(self.sweep, kind="stable")

    def places(self, local: Floats) -> Floats:
        """Points (N, 3) of the sensors' axes, in the world."""
        out = np.empty_like(local)
        for pose, rows in self.parts():
            out[rows] = local[rows] @ pose.matrix[:3, :3].T + pose.matrix[:3, 3]
        return out

    def followed(self, world: WorldMap) -> tuple[Sweeps, WorldMap]:
        """The poses after a world map, and what all points do in their sensors' own axes.

        A pose is rigid: it takes the turn and the shift. A scale is one of the points, and so is a
        mirror, which swaps a sensor's left and right.
        """
        own = _OTHER_SIDE.copy() if world.mirrors else np.eye(4)
        if abs(world.scale - 1.0) > _STEADY:
            own[:3, :3] *= world.scale
        back = np.linalg.inv(own)
        poses = tuple(WorldMap.of(world.matrix @ pose.matrix @ back) for pose in self.poses)
        return replace(self, poses=poses), WorldMap.of(own)

    def handed_out(self, points: NDArray[Any]) -> Any:
        """The mappings as they came, with their points and poses as they are now."""
        out = []
        both = zip(self.entries, self.keys, self.parts(), strict=True)
        for entry, key, (pose, rows) in both:
            stated = pose.inverse if key in _FROM_WORLD else pose
            out.append({**entry, POINTS: points[rows], key: like_pose(stated.matrix, entry[key])})
        return out[0] if self.one else out


def is_posed(value: Any) -> bool:
    """Whether a value is a sweep with a pose, or a list of sweeps."""
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(each, Mapping) for each in value)
    )


def arrays_of(value: Any) -> list[Any]:
    """The arrays of points that a sweep or a list of sweeps holds."""
    return [each[POINTS] for each in ([value] if isinstance(value, Mapping) else value)]


def read_sweeps(value: Any, fail: Fail) -> Sweeps:
    """The poses of a sweep or of a list of sweeps. Raises SampleError by `fail`."""
    entries = [value] if isinstance(value, Mapping) else list(value)
    keys, poses, counts = [], [], []
    for entry in entries:
        found = [key for key in (*_TO_WORLD, *_FROM_WORLD) if key in entry]
        if POINTS not in entry or len(found) != 1:
            hint = "Give one of the two poses." if len(found) > 1 else ""
            raise fail(_FORM, describe(entry), hint)
        points = entry[POINTS]
        _refuse_stale(entry, points, fail)
        pose = read_pose(entry[found[0]], found[0], fail)
        keys.append(found[0])
        poses.append(pose.inverse if found[0] in _FROM_WORLD else pose)
        counts.append(len(points) if isinstance(points, np.ndarray) and points.ndim else 0)
    sweep = np.repeat(np.arange(len(entries)), counts)
    return Sweeps(tuple(entries), tuple(keys), tuple(poses), sweep, isinstance(value, Mapping))


def read_pose(value: Any, key: str, fail: Fail) -> WorldMap:
    """A rigid pose, 4x4 or 3x4. Raises SampleError by `fail` where it is none."""
    try:
        given = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise fail(f"{key!r} as a 4x4 matrix", describe(value), "") from None
    if given.shape not in ((4, 4), (3, 4)) or not np.isfinite(given).all():
        raise fail(f"{key!r} as a finite 4x4 matrix", describe(value), "")
    matrix = np.eye(4)
    matrix[:3] = given[:3]
    turn = matrix[:3, :3]
    last = given.shape == (3, 4) or np.array_equal(given[3], [0.0, 0.0, 0.0, 1.0])
    if not last or np.abs(turn @ turn.T - np.eye(3)).max() > _RIGID or np.linalg.det(turn) < 0.0:
        hint = "Its last row is 0, 0, 0, 1, and its upper left 3x3 a rotation; is it transposed?"
        raise fail(f"{key!r} as a rotation and a shift", "another matrix", hint)
    return WorldMap.of(matrix)


def _refuse_stale(entry: Mapping[str, Any], points: Any, fail: Fail) -> None:
    """Raise for entries beside the points that hold one number for each of them."""
    count = len(points) if isinstance(points, np.ndarray) and points.ndim else -1
    for key, beside in entry.items():
        if key != POINTS and isinstance(beside, list | tuple | np.ndarray) and np.ndim(beside):
            if len(beside) == count and np.shape(beside) not in ((4, 4), (3, 4)):
                raise fail(
                    "points with their attributes as columns",
                    f"{key!r} beside them, with {count} entries",
                    "Make it a column, or a list of the sample that labels: names.",
                )


def like_pose(matrix: Floats, like: Any) -> Any:
    """A pose in the type and the shape in which it came."""
    rows = np.shape(like)[0]
    if isinstance(like, np.ndarray):
        return in_dtype(matrix[:rows], like.dtype)
    return matrix[:rows].tolist()
