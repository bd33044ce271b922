"""The scene: one sample while it is carried. It holds the carriers and answers transforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.errors import SampleError
from syncaug.maps.camera import Camera
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.modalities.boxes import BoxesCarrier
from syncaug.modalities.camera import CameraCarrier
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.keypoints import KeypointsCarrier
from syncaug.modalities.phrases import PhrasesCarrier
from syncaug.plan.plan import Stream
from syncaug.plan.spaces import MEDIA
from syncaug.randomness import Entropy, Source
from syncaug.transforms.view import Map

__all__ = ["Scene", "StepView", "lives"]

_SPACE_OF = {
    "plane": "plane",
    "field": "plane",
    "occlude": "plane",
    "phase": "plane",
    "tone": "plane",
    "time": "clock",
    "blank": "clock",
    "world": "world",
    "frustum": "world",
}
"""The kind of space that each kind of map acts on; noise, drops and mixes act on streams."""
_ON_STREAMS = frozenset({"noise", "drop", "mix"})
_PLANAR = frozenset({"plane", "field"})


class Scene:
    """All streams of one sample with what they have met so far.

    `totals` holds for each plane the map from its first to its present picture, as the plane's
    first picture met it; a plane that met a warp without a formula is in `bent`. `clocks` holds for
    each clock the map from its present to its first seconds.
    """

    __slots__ = (
        "bent",
        "carriers",
        "clocks",
        "references",
        "sample",
        "source",
        "streams",
        "totals",
    )

    def __init__(
        self,
        streams: Mapping[str, tuple[Stream, type[Carrier]]],
        sample: Mapping[str, Any],
        source: Source,
    ) -> None:
        self.sample, self.source, self.streams = sample, source, streams
        self.carriers: dict[str, Carrier] = {
            name: kind(stream, sample) for name, (stream, kind) in streams.items() if name in sample
        }
        self.references: dict[str, str] = {}
        self.totals: dict[str, PlaneMap] = {}
        self.clocks: dict[str, TimeMap] = {}
        self.bent: set[str] = set()
        self._measure()
        self._time()
        self._connect()

    def _measure(self) -> None:
        """Learn each plane's size from its pictures, which must agree."""
        for name, carrier in self.carriers.items():
            size = carrier.picture_size()
            if size is None:
                continue
            plane = carrier.stream.spaces["plane"]
            if plane not in self.totals:
                self.totals[plane] = PlaneMap.identity(size)
                self.references[plane] = name
            elif self.totals[plane].size != size:
                width, height = self.totals[plane].size
                raise SampleError(
                    name,
                    expected=f"{width}x{height} pixels, as {self.references[plane]!r} has",
                    came=f"{size[0]}x{size[1]}",
                )

    def _time(self) -> None:
        """Learn each clock's length from the longest of its media; without any, from the rest."""
        lengths: dict[str, list[tuple[bool, float]]] = {}
        for carrier in self.carriers.values():
            seconds = carrier.clock_duration()
            if seconds is not None:
                media = carrier.stream.modality in MEDIA
                offset = float(carrier.stream.options.get("offset", 0.0))
                lengths.setdefault(carrier.stream.spaces["clock"], []).append(
                    (media, seconds + max(0.0, offset))
                )
        for clock, known in lengths.items():
            self.clocks[clock] = TimeMap.identity(max(known)[1])

    def _connect(self) -> None:
        for name, carrier in self.carriers.items():
            if isinstance(carrier, BoxesCarrier | KeypointsCarrier):
                plane = carrier.stream.spaces["plane"]
                if plane not in self.totals:
                    raise SampleError(
                        name,
                        expected=f"a picture or a camera on plane {plane!r}",
                        came="none in the sample",
                    )
                carrier.start(self.totals[plane].size)
        for carrier in self.carriers.values():
            if isinstance(carrier, PhrasesCarrier):
                carrier.connect(self.carriers)

    def send(self, kind: str, space: str, map_: Map | FieldMap, streams: Sequence[str]) -> None:
        """Let every one of `streams`, which live in the space, be carried by the map."""
        if kind in _PLANAR and self.references.get(space) in streams:
            self.follow(space, map_)
        elif kind == "time":
            assert isinstance(map_, TimeMap)
            self.clocks[space] = self.clocks[space].then(map_)
        carriers = self.carriers
        for name in streams:
            carrier = carriers.get(name)
            if carrier is not None:
                getattr(carrier, kind)(map_)

    def follow(self, plane: str, map_: Map | FieldMap) -> None:
        """Remember where the pixels of a plane's first picture went."""
        if isinstance(map_, PlaneMap):
            self.totals[plane] = self.totals[plane].then(map_)
        elif isinstance(map_, FieldMap):
            self.bent.add(plane)

    def settle(self) -> None:
        """Carry out everything that is pending, in every stream."""
        for carrier in self.carriers.values():
            carrier.settle()

    def finish(self) -> dict[str, Any]:
        """The sample after all maps: the same entries, in the same order."""
        out = dict(self.sample)
        for carrier in self.carriers.values():
            out.update(carrier.finish())
        return out

    def notes(self) -> dict[str, dict[str, Any]]:
        """What each stream has to say for the record: words changed, boxes dropped."""
        return {name: carrier.notes for name, carrier in self.carriers.items() if carrier.notes}


def lives(stream: Stream, kind: str, space: str) -> bool:
    """Whether a map of this kind and space meets the stream."""
    if kind in _ON_STREAMS:
        return stream.name == space
    if kind == "tone" and not space:
        return True
    return stream.spaces.get(_SPACE_OF[kind]) == space


class StepView:
    """What one step may ask: its own streams' spaces, as they stand now."""

    __slots__ = ("_scene", "_step", "_streams")

    def __init__(self, scene: Scene, step: str, streams: Sequence[str]) -> None:
        self._scene, self._step, self._streams = scene, step, streams

    def _spaces(self, kind: str, named: str) -> Sequence[str]:
        if named:
            return (named,)
        streams = self._scene.streams
        spaces = (streams[name][0].spaces.get(kind, "") for name in self._streams)
        return tuple(dict.fromkeys(space for space in spaces if space))

    def planes(self, named: str) -> Sequence[str]:
        known = self._scene.totals
        if len(known) == 1 and not named:
            return tuple(known)
        return [plane for plane in self._spaces("plane", named) if plane in known]

    def worlds(self, named: str) -> Sequence[str]:
        return self._spaces("world", named)

    def clocks(self, named: str) -> Sequence[str]:
        known = self._scene.clocks
        return [clock for clock in self._spaces("clock", named) if clock in known]

    def duration(self, clock: str) -> float:
        return self._scene.clocks[clock].duration

    def size(self, plane: str) -> Size:
        scene = self._scene
        if scene.references.get(plane) not in self._streams:  # streams that draw for themselves
            for name in self._streams:
                carrier = scene.carriers.get(name)
                if carrier is not None and carrier.stream.spaces.get("plane") == plane:
                    size = carrier.picture_size()
                    if size is not None:
                        return size
        return scene.totals[plane].size

    def _camera(self, plane: str) -> CameraCarrier | None:
        for carrier in self._scene.carriers.values():
            if isinstance(carrier, CameraCarrier) and carrier.stream.spaces["plane"] == plane:
                return carrier
        return None

    def camera(self, plane: str) -> Camera | None:
        carrier = self._camera(plane)
        return None if carrier is None else carrier.camera

    def world_of(self, plane: str) -> str | None:
        carrier = self._camera(plane)
        return None if carrier is None else carrier.stream.spaces.get("world")

    def cameras(self, world: str) -> Sequence[str]:
        return [
            carrier.stream.spaces["plane"]
            for carrier in self._scene.carriers.values()
            if isinstance(carrier, CameraCarrier) and carrier.stream.spaces["world"] == world
        ]

    def noisy(self) -> Mapping[str, str]:
        carriers = self._scene.carriers
        return {name: carriers[name].stream.modality for name in self._streams if name in carriers}

    def entropy(self, stream: str) -> Entropy:
        return self._scene.source.entropy(f"{self._step}/{stream}")
