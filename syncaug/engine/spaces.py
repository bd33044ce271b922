"""The spaces of one sample: how its planes and clocks stand after what they have met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from syncaug.engine.lanes import Lanes
from syncaug.errors import RefusalError, SampleError
from syncaug.maps.lens_map import LensMap
from syncaug.maps.mask import Occlusion
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import Carrier

__all__ = ["Spaces"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
"""What of most samples stays empty; what is known afterwards takes its place."""

_MUCH_SHORTER, _MUCH_SECONDS = 0.5, 1.0
"""By what share, and by how many seconds, a stream is over so early that it is doubtful."""


class Spaces:
    """The planes and clocks of a sample with what they have met so far.

    `totals` holds for each plane the map from its first to its present picture, as the plane's
    first picture, which `references` names, met it; a plane that met a warp is in `warped`. Where
    that was of a lens, `straight` has the map before it and the warp, and `totals` go on from
    there. `hidden` holds what was covered on a plane, each with the map to the picture that it
    covered. `clocks` holds for each clock the map from its present to its first seconds, as the
    clock's longest stream, which `timekeepers` names, met it; `lasting` holds for each stream how
    long its clock lasts for it, which differs only between streams that draw for themselves.
    `early` holds for each clock the media that came and were over long before another, with both
    ends: later a library may have made one longer, and the other be about to follow.
    """

    __slots__ = (
        *("carriers", "clocks", "early", "hidden", "lanes", "lasting", "references"),
        *("straight", "timekeepers", "totals", "warped"),
    )

    def __init__(self, lanes: Lanes, carriers: dict[str, Carrier]) -> None:
        """Learn how large planes are, and how long clocks last. Raises SampleError."""
        self.lanes, self.carriers = lanes, carriers
        self.references: dict[str, str] = {}
        self.totals: dict[str, PlaneMap] = {}
        self.clocks: dict[str, TimeMap] = {}
        self.timekeepers: dict[str, str] = {}
        self.lasting: Mapping[str, float] = _NOTHING
        self.early: Mapping[str, Sequence[tuple[str, float, str, float]]] = _NOTHING
        self.warped: frozenset[str] = frozenset()
        self.straight: Mapping[str, tuple[PlaneMap, LensMap]] = _NOTHING
        self.hidden: Mapping[str, Sequence[tuple[PlaneMap, Occlusion]]] = _NOTHING
        totals = self.totals
        for name, plane in lanes.sized:
            carrier = carriers.get(name)
            size = None if carrier is None else carrier.picture_size()
            if size is None:
                continue
            if plane not in totals:
                totals[plane] = PlaneMap.identity(size)
                self.references[plane] = name
            elif totals[plane].size != size:
                raise self._another_size(name, plane, size)
        for clock, members in lanes.timed:
            self._time(clock, members)

    def _another_size(self, name: str, plane: str, size: Size) -> SampleError:
        """The error that a picture of a plane has another size than the first one."""
        known, first = self.totals[plane].size, self.references[plane]
        width, height = known
        cameras = "camera" in (self.lanes.modality(name), self.lanes.modality(first))
        return SampleError(
            name,
            expected=f"{width}x{height} pixels, as {first!r} has",
            came=f"{size[0]}x{size[1]}",
            hint="The size of a camera is (width, height)."
            if cameras and size == (height, width)
            else _layout_hint(self.lanes.modality(name), size, known)
            or f"Bring both to one size, or declare another plane: of {name!r} if it is of "
            "another picture.",
        )

    def _time(self, clock: str, members: Iterable[tuple[str, bool, float]]) -> None:
        """Learn a clock's length from the longest of its media; without any, from the rest."""
        longest, ends = (False, -1.0, ""), []
        for name, media, ahead in members:
            carrier = self.carriers.get(name)
            seconds = None if carrier is None else carrier.clock_duration()
            if seconds is not None:
                lasts = (media, seconds + ahead, name)
                if media:
                    ends.append((name, seconds + ahead))
                if lasts > longest:
                    longest = lasts
        if len(ends) > 1:
            self._compare(clock, ends, longest[2], longest[1])
        if longest[2]:
            self.timekeepers[clock] = longest[2]
            self.clocks[clock] = TimeMap.identity(longest[1])

    def _compare(
        self, clock: str, ends: Iterable[tuple[str, float]], longest: str, last: float
    ) -> None:
        """Remember the media that are over long before the longest of their clock."""
        early = [
            (name, end, longest, last)
            for name, end in ends
            if end < _MUCH_SHORTER * last and last - end > _MUCH_SECONDS
        ]
        if early:
            self.early = {**self.early, clock: early}

    def follow(self, plane: str, map_: PlaneMap | FieldMap) -> None:
        """Remember where the pixels of a plane's first picture went."""
        if isinstance(map_, FieldMap):
            self.warped |= {plane}
            straight = {name: way for name, way in self.straight.items() if name != plane}
            if isinstance(map_, LensMap):
                straight[plane] = self.totals[plane], map_
                self.totals[plane] = PlaneMap.identity(map_.size)
            self.straight = straight
            return
        self.totals[plane] = self.totals[plane].then(map_)
        if self.lanes.labels and map_.mirrors:
            self._mirror_labels(plane)

    def _mirror_labels(self, plane: str) -> None:
        """Labels of a plane, or of the only one, are those of a mirror image now."""
        for name, own in self.lanes.labels:
            carrier = self.carriers.get(name)
            if carrier is not None and own in ("", plane):
                carrier.mirror()

    def _doubt_times(self, clock: str, map_: TimeMap) -> None:
        """Let the texts that speak of a clock say which times of it they tell."""
        for name in self.lanes.dated[clock]:
            carrier = self.carriers.get(name)
            if carrier is not None:
                carrier.doubt_times(map_)

    def _doubt_lengths(self, clock: str) -> None:
        """Let media that are over long before another of their clock say so."""
        for name, end, longest, last in self.early.get(clock, ()):
            carrier = self.carriers.get(name)
            if carrier is not None:
                carrier.suspect(
                    "lasting",
                    f"it ends at {end:g} s, and {longest!r}, which is on the same clock, at "
                    f"{last:g} s; nothing is there after its end. Look at its rate or its times, "
                    "or declare clock: NAME if it is of another time than that stream",
                )

    def elapse(self, clock: str, map_: TimeMap, streams: tuple[str, ...]) -> None:
        """Remember how a clock went for the streams that met the map."""
        if all(segment.is_gap for segment in map_.segments):
            raise RefusalError(streams[0], f"nothing of the clock {clock!r} is left")
        if self.timekeepers.get(clock) in streams:
            self.clocks[clock] = self.clocks[clock].then(map_)
        self.lasting = {**self.lasting, **dict.fromkeys(streams, map_.duration)}


def _layout_hint(modality: str, size: Size, known: Size) -> str:
    """What to declare where the axes of an array are those of another layout."""
    if modality == "instances" and size[1] == known[0]:
        return "Declare layout: hwn if the N of the masks is the last axis."
    if modality in ("image", "heatmap", "flow", "normals") and size[0] == known[1]:
        return "Declare layout: chw if channels come first."
    return ""
