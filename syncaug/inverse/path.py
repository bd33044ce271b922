"""Paths: all that one stream has met, as one map for each of its spaces."""

from __future__ import annotations

from collections.abc import Iterable

from syncaug.dataclass import dataclass
from syncaug.engine.state import State
from syncaug.engine.tracks import Event
from syncaug.maps.bearing import Bearing
from syncaug.maps.plane import FieldMap, PlaneMap
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


def path_of(state: State, name: str) -> Path:
    """The way of a declared stream, whether the sample has it or not."""
    stream = state.lanes.by_name[name].stream
    if stream.modality == "label":
        return _of_label(state, stream.options.get("plane", ""))
    plane: PlaneMap | None = None
    time: TimeMap | None = None
    world: WorldMap | None = None
    lost = ""
    bearing = Bearing()
    for kind, map_, step in _events(state, name):
        if kind == "cut":
            plane = None if plane is None else plane.cut
        elif kind == "lens" or isinstance(map_, FieldMap):
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


def _of_label(state: State, plane: str) -> Path:
    """The way of the picture whose sides a label may name: its own, or the only one."""
    if not plane and len(state.totals) == 1:
        plane = next(iter(state.totals))
    total = state.totals.get(plane)
    return Path() if total is None or not total.mirrors else Path(plane=total)


def _events(state: State, name: str) -> Iterable[Event]:
    """What a stream's track holds, and between that what the stream led others by."""
    events = state.met_by(name)
    if name not in state.led:
        return events
    events = list(events)
    for place, event in reversed(state.led[name]):
        events.insert(place, event)
    return events
