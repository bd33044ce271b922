"""The scene: one sample while it is carried. It holds the carriers and answers transforms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncaug.errors import RefusalError, SampleError
from syncaug.maps.camera import Camera
from syncaug.maps.mask import Occlusion
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Speech
from syncaug.maps.world import WorldMap
from syncaug.modalities.border import admitted, reading
from syncaug.modalities.carrier import Carrier, Lane
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.language.greys import coloured, shown_by
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.moments import check_moments
from syncaug.modalities.plane.geometry import GeometryCarrier
from syncaug.modalities.results import handed_out
from syncaug.modalities.whole.label import LabelCarrier
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.modalities.world.objects import objects_of
from syncaug.modalities.world.points import PointsCarrier
from syncaug.plan.plan import Stream
from syncaug.plan.spaces import MEDIA, PICTURES, SPACE_OF
from syncaug.randomness import Entropy, Source
from syncaug.transforms.view import Map, Objects

__all__ = ["Scene", "StepView", "lives"]

_ON_STREAMS = frozenset({"noise", "drop", "mix"})
_PLANAR = frozenset({"plane", "field"})
_CARRIED_OUT = frozenset({"field", "occlude", "noise", "tone"})
"""Kinds of map before which a picture carries out what is pending."""
_ANYWHERE = frozenset({"tone", "pitch"})


class Scene:
    """All streams of one sample with what they have met so far.

    `totals` holds for each plane the map from its first to its present picture, as the plane's
    first picture met it; a plane that met a warp without a formula is in `warped`. `hidden` holds
    what was covered on a plane, each with the map to the picture that it covered. `clocks` holds
    for each clock the map from its present to its first seconds, as the clock's longest stream,
    which `timekeepers` names, met it; `lasting` holds for each stream how long its clock lasts for
    it, which differs only between streams that draw for themselves. `guest` is the scene of the
    partner that the sample is mixed with, once a step has asked for it. `tell` warns of what
    carriers suspect of the results.
    """

    __slots__ = (
        "carriers",
        "clocks",
        "guest",
        "hidden",
        "invite",
        "labels",
        "lasting",
        "references",
        "sample",
        "source",
        "step",
        "streams",
        "tell",
        "timekeepers",
        "totals",
        "warped",
    )

    def __init__(
        self,
        streams: Mapping[str, Lane],
        sample: Mapping[str, Any],
        source: Source,
        invite: Callable[[str], Scene] | None = None,
    ) -> None:
        """`invite` makes the partner's scene for the step of that name."""
        self.sample, self.source, self.streams = sample, source, streams
        self.invite = invite
        self.guest: Scene | None = None
        self.tell: Callable[[Scene], None] | None = None
        self.carriers: dict[str, Carrier] = {
            name: admitted(lane, sample) for name, lane in streams.items() if name in sample
        }
        self.labels = [c for c in self.carriers.values() if isinstance(c, LabelCarrier)]
        self.references: dict[str, str] = {}
        self.totals: dict[str, PlaneMap] = {}
        self.clocks: dict[str, TimeMap] = {}
        self.timekeepers: dict[str, str] = {}
        self.lasting: dict[str, float] = {}
        self.step = ""
        self.warped: set[str] = set()
        self.hidden: dict[str, list[tuple[PlaneMap, Occlusion]]] = {}
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
                    hint="The size of a camera is (width, height)."
                    if "camera" in (carrier.stream.modality, self._modality(plane))
                    and size == (height, width)
                    else "",
                )

    def _modality(self, plane: str) -> str:
        """What tells the plane's size."""
        return self.carriers[self.references[plane]].stream.modality

    def _time(self) -> None:
        """Learn each clock's length from the longest of its media; without any, from the rest."""
        lengths: dict[str, list[tuple[bool, float, str]]] = {}
        for name, carrier in self.carriers.items():
            seconds = carrier.clock_duration()
            if seconds is not None:
                media = carrier.stream.modality in MEDIA
                offset = float(carrier.stream.options.get("offset", 0.0))
                lengths.setdefault(carrier.stream.spaces["clock"], []).append(
                    (media, seconds + max(0.0, offset), name)
                )
        for clock, known in lengths.items():
            _, seconds, self.timekeepers[clock] = max(known)
            self.clocks[clock] = TimeMap.identity(seconds)
        check_moments(self.carriers, self.timekeepers)

    def _connect(self) -> None:
        for name, carrier in self.carriers.items():
            if isinstance(carrier, GeometryCarrier):
                plane = carrier.stream.spaces["plane"]
                if plane not in self.totals:
                    raise SampleError(
                        name,
                        expected=f"a picture or a camera on plane {plane!r}",
                        came="none in the sample",
                    )
                with reading(name, self.sample[name]):
                    carrier.start(self.totals[plane].size)
        for name, carrier in self.carriers.items():
            if isinstance(carrier, PhrasesCarrier):
                with reading(name, self.sample[name]):
                    carrier.connect(self.carriers)
            elif isinstance(carrier, Boxes3dCarrier):
                world = carrier.stream.spaces["world"]
                carrier.clouds = [
                    cloud
                    for cloud in self.carriers.values()
                    if isinstance(cloud, PointsCarrier) and cloud.stream.spaces["world"] == world
                ]

    def send(self, kind: str, space: str, map_: Map | FieldMap, streams: Sequence[str]) -> None:
        """Let every one of `streams`, which live in the space, be carried by the map."""
        if kind in _CARRIED_OUT:
            self._cut_for(kind, space, streams)
        if kind in _PLANAR and self.references.get(space) in streams:
            self.follow(space, map_)
        elif kind == "time":
            assert isinstance(map_, TimeMap)
            self.elapse(space, map_, streams)
        elif kind == "world" and self.labels and not self.totals:
            assert isinstance(map_, WorldMap)
            if map_.mirrors:
                self._mirror_labels("")
        elif kind == "occlude" and streams:
            assert isinstance(map_, Occlusion)
            self.hidden.setdefault(space, []).append((self.totals[space], map_))
        carriers = self.carriers
        if isinstance(map_, ToneMap) and map_.hue:
            shown = shown_by(lane.stream for lane in self.streams.values())
            streams = coloured(carriers, streams, shown)
        for name in streams:
            carrier = carriers.get(name)
            if carrier is not None:
                carrier.step = self.step
                getattr(carrier, kind)(map_)
                if kind == "drop":
                    carrier.notes["out"] = True

    def cut(self, plane: str) -> None:
        """Let what lies outside of a plane's picture now be gone in all of its streams.

        One of them is about to be carried out, which then has no more than its picture.
        """
        if plane in self.totals:
            self.totals[plane] = self.totals[plane].cut
        for carrier in self.carriers.values():
            if carrier.stream.spaces.get("plane") == plane:
                carrier.cut()

    def _cut_for(self, kind: str, space: str, streams: Sequence[str]) -> None:
        """Cut the planes whose pictures a map of this kind makes carry out what is pending."""
        if kind in _PLANAR or kind == "occlude":
            planes = {space}
        else:
            met = (self.streams[name].stream for name in streams if name in self.carriers)
            planes = {stream.spaces["plane"] for stream in met if stream.modality in PICTURES}
        for plane in planes:
            self.cut(plane)

    def settled(self, name: str) -> Carrier:
        """The carrier of a stream, brought up to what a library's operation has to see."""
        carrier = self.carriers[name]
        carrier.expose()
        return carrier

    def partner(self, step: str) -> Scene:
        """The partner's scene, made when a step first asks. Raises SampleError without one."""
        if self.guest is None:
            assert self.invite is not None, "a partner has no partner"
            self.guest = self.invite(step)
        return self.guest

    def follow(self, plane: str, map_: Map | FieldMap) -> None:
        """Remember where the pixels of a plane's first picture went."""
        if isinstance(map_, PlaneMap):
            self.totals[plane] = self.totals[plane].then(map_)
            if self.labels and map_.mirrors:
                self._mirror_labels(plane)
        elif isinstance(map_, FieldMap):
            self.warped.add(plane)

    def _mirror_labels(self, plane: str) -> None:
        """Labels of a plane, or of the only one, are those of a mirror image now."""
        for carrier in self.labels:
            if carrier.stream.options.get("plane", plane) == plane:
                carrier.mirror()

    def elapse(self, clock: str, map_: TimeMap, streams: Sequence[str]) -> None:
        """Remember how a clock went for the streams that met the map."""
        if all(segment.is_gap for segment in map_.segments):
            raise RefusalError(streams[0], f"nothing of the clock {clock!r} is left")
        if self.timekeepers.get(clock) in streams:
            self.clocks[clock] = self.clocks[clock].then(map_)
        for name in streams:
            self.lasting[name] = map_.duration

    def settle(self) -> None:
        """Carry out everything that is pending, in every stream; steps may come later."""
        for plane in self.totals:
            self.cut(plane)
        self.end()

    def end(self) -> None:
        """Carry out everything that is pending, in every stream, after the last step."""
        for carrier in self.carriers.values():
            carrier.settle()

    def finish(self) -> dict[str, Any]:
        """The sample after all maps: the same entries, in the same order."""
        out = dict(self.sample)
        for carrier in self.carriers.values():
            out.update(handed_out(carrier))
        if self.tell is not None:
            self.tell(self)
        return out

    def notes(self) -> dict[str, dict[str, Any]]:
        """What each stream has to say for the record: words changed, boxes dropped."""
        return {name: carrier.notes for name, carrier in self.carriers.items() if carrier.notes}


def lives(stream: Stream, kind: str, space: str) -> bool:
    """Whether a map of this kind and space meets the stream."""
    if kind in _ON_STREAMS:
        return stream.name == space
    if kind in _ANYWHERE and not space:
        return True
    return stream.spaces.get(SPACE_OF[kind]) == space


class StepView:
    """What one step may ask: its own streams' spaces, as they stand now."""

    __slots__ = ("_scene", "_step", "_streams")

    def __init__(self, scene: Scene, step: str, streams: Sequence[str]) -> None:
        self._scene, self._step, self._streams = scene, step, streams

    def _spaces(self, kind: str, named: str) -> Sequence[str]:
        if named:
            return (named,)
        streams = self._scene.streams
        spaces = (streams[name].stream.spaces.get(kind, "") for name in self._streams)
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
        clocks = self._spaces("clock", named)
        for name in self._streams:
            carrier = self._scene.carriers.get(name)
            if isinstance(carrier, AudioCarrier) and not carrier.rate:
                if carrier.stream.spaces["clock"] in clocks:
                    raise carrier.fail(
                        "a known sample rate where time moves",
                        "an array, which does not say",
                        "Declare sample_rate: in Hz.",
                    )
        return [clock for clock in clocks if clock in known]

    def duration(self, clock: str) -> float:
        scene = self._scene
        if scene.timekeepers.get(clock) not in self._streams:  # streams that draw for themselves
            for name in self._streams:
                if scene.streams[name].stream.spaces.get("clock") == clock:
                    return scene.lasting.get(name, scene.clocks[clock].source)
        return scene.clocks[clock].duration

    def tick(self, clock: str) -> float:
        scene = self._scene
        rates = (
            scene.carriers[name].sample_rate()
            for name in self._streams
            if name in scene.carriers and scene.streams[name].stream.spaces.get("clock") == clock
        )
        finest = max(rates, default=0.0)
        return 1.0 / finest if finest else 0.0

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

    def history(self, plane: str) -> PlaneMap:
        scene = self._scene
        size = self.size(plane)
        if plane in scene.warped or scene.references.get(plane) not in self._streams:
            return PlaneMap.identity(size)
        return scene.totals[plane]

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

    def has_body(self, plane: str) -> bool:
        carriers = self._scene.carriers.values()
        return any(
            carrier.stream.modality == "imu" and carrier.stream.spaces.get("plane") == plane
            for carrier in carriers
        )

    def cameras(self, world: str) -> Sequence[str]:
        return [
            carrier.stream.spaces["plane"]
            for carrier in self._scene.carriers.values()
            if isinstance(carrier, CameraCarrier) and carrier.stream.spaces["world"] == world
        ]

    def speeches(self, plane: str, cut: PlaneMap) -> Sequence[Speech]:
        return [
            carrier.speech(cut)
            for name, carrier in self._scene.carriers.items()
            if isinstance(carrier, PhrasesCarrier)
            and name in self._streams
            and carrier.stream.spaces.get("plane") == plane
            and carrier.stream.spaces.get("clock") in self._scene.clocks
        ]

    def noisy(self) -> Mapping[str, str]:
        carriers = self._scene.carriers
        return {name: carriers[name].stream.modality for name in self._streams if name in carriers}

    def mixing(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        carriers = self._scene.carriers
        return {
            name: (carriers[name].stream.modality, carriers[name].stream.spaces)
            for name in self._streams
            if name in carriers
        }

    def partner_duration(self, clock: str) -> float:
        guest = self._scene.partner(self._step)
        return guest.clocks[clock].duration if clock in guest.clocks else 0.0

    def objects(self, world: str) -> Objects:
        return objects_of(self._scene.carriers, self._scene.partner(self._step).carriers, world)

    def entropy(self, stream: str) -> Entropy:
        return self._scene.source.entropy(f"{self._step}/{stream}")
