"""Paths: all that one stream has met, as one map for each of its spaces."""

from __future__ import annotations

from dataclasses import dataclass

from syncaug.inverse.course import Course
from syncaug.maps.bearing import Bearing
from syncaug.maps.plane import PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap

__all__ = ["Path", "path_of"]


@dataclass(frozen=True, slots=True)
class Path:
    """The way of one stream from the original to the result.

    `plane`, `time` and `world` are None where nothing of the kind met it. `lost` says what no map
    can tell the way of: a warp without a formula, by the step that made it; else it is empty.
    """

    plane: PlaneMap | None = None
    time: TimeMap | None = None
    world: WorldMap | None = None
    lost: str = ""

    @property
    def is_still(self) -> bool:
        """Whether nothing moved the stream."""
        return self == Path()


_BENT = "warps the picture without a formula"


def path_of(course: Course, name: str) -> Path:
    """The way of a declared stream, whether the sample has it or not."""
    stream = course.lanes.by_name[name].stream
    if stream.modality == "label":
        return _of_label(course, stream.options.get("plane", ""))
    plane: PlaneMap | None = None
    time: TimeMap | None = None
    world: WorldMap | None = None
    lost = ""
    bearing = Bearing()
    for kind, map_, step in course.met_by(name):
        if kind == "cut":
            plane = None if plane is None else plane.cut
        elif kind in ("lens", "field"):
            what = "takes the distortion of a lens out" if kind == "lens" else _BENT
            lost = lost or f"step {step!r} {what}"
        elif isinstance(map_, PlaneMap):
            plane = map_ if plane is None else plane.then(map_)
            if stream.modality == "normals":
                bearing = bearing.then(map_)
        elif isinstance(map_, TimeMap):
            time = map_ if time is None else time.then(map_)
        elif isinstance(map_, WorldMap):
            world = map_ if world is None else world.then(map_)
    if stream.modality == "normals" and plane is not None:
        plane = plane._replace(turn=bearing.numbers)
    return Path(plane, time, world, lost)


def _of_label(course: Course, plane: str) -> Path:
    """The way of the picture whose sides a label may name: its own, or the only one."""
    if not plane and len(course.totals) == 1:
        plane = next(iter(course.totals))
    total = course.totals.get(plane)
    return Path() if total is None or not total.mirrors else Path(plane=total)
