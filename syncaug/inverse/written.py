"""Paths in records: as plain data, equal ones once; and back from what a record holds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from syncaug.engine.state import State
from syncaug.errors import RecordError
from syncaug.inverse.course import Course
from syncaug.inverse.path import Path, path_of
from syncaug.maps.numbers import IDENTITY
from syncaug.maps.plane import PlaneMap
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap
from syncaug.maps.window import Window
from syncaug.maps.world import WorldMap

__all__ = ["paths_in", "written"]

FORM = 1
"""The version of what is written here."""
_MOST = 4096
"""Pieces of a clock beyond which its map is not kept, so that a record stays small."""
_ALIKE = 1e-12
"""What rounding leaves of a turn and the turn back."""


_NONE: Mapping[str, State] = MappingProxyType({})


def written(state: State, others: Mapping[str, State] = _NONE) -> Mapping[str, Any]:
    """The paths of all streams that something moved, put down when somebody first reads them.

    `others` are the states of streams that came out of another one.
    """
    return _Waiting(Course.of(state), {name: Course.of(other) for name, other in others.items()})


class _Waiting(Mapping[str, Any]):
    """The paths of a result as a record tells them; they are put down when they are first read."""

    __slots__ = ("_courses", "_told")

    def __init__(self, course: Course, others: Mapping[str, Course]) -> None:
        self._courses: tuple[Course, Mapping[str, Course]] | None = (course, others)
        self._told: dict[str, Any] = {}

    def _read(self) -> dict[str, Any]:
        courses = self._courses
        if courses is not None:  # two threads may put down the same
            self._told = _paths(*courses)
            self._courses = None
        return self._told

    def __getitem__(self, key: str) -> Any:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __repr__(self) -> str:
        return repr(self._read())

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (self._read(),)


def _paths(course: Course, others: Mapping[str, Course]) -> dict[str, Any]:
    """The paths of all streams, equal ones once."""
    paths: list[dict[str, Any]] = []
    streams: dict[str, int] = {}
    traded = course.traded if not others else {}
    for name in course.lanes.by_name:
        path = path_of(others.get(name, course), name)
        if traded.get(name) == name:
            path = replace(path, lost="it was made anew from the picture that took its place")
        told = _told(path)
        if told:
            if told not in paths:
                paths.append(told)
            streams[name] = paths.index(told)
    out: dict[str, Any] = {"form": FORM, "paths": paths, "streams": streams}
    return out | ({"traded": dict(traded)} if traded else {})


def _told(path: Path) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if path.plane is not None and not _stays(path.plane):
        out["plane"] = _plane(path.plane)
    if path.time is not None and not path.time.is_identity:
        if len(path.time.segments) > _MOST:
            return {"lost": f"its clock has more than {_MOST} pieces"}
        out["time"] = {
            "from": path.time.source,
            "pieces": [_numbers(segment[:4]) for segment in path.time.segments],
        }
    if path.world is not None and path.world != WorldMap.identity():
        out["world"] = list(path.world.numbers)
    if path.lost:
        out["lost"] = path.lost
    return out


def _stays(plane: PlaneMap) -> bool:
    """Whether a map moves no pixel, cuts none, and turns no camera."""
    turns = any(abs(n - one) > _ALIKE for n, one in zip(plane.turn, IDENTITY, strict=True))
    return plane.is_identity and not plane.windows and not turns


def _plane(plane: PlaneMap) -> dict[str, Any]:
    out: dict[str, Any] = {
        "matrix": list(plane.numbers),
        "from": list(plane.source),
        "to": list(plane.size),
    }
    if plane.turns:
        out["turn"] = list(plane.turn)
    if plane.windows:
        out["cuts"] = [{"matrix": list(cut), "to": list(size)} for cut, size in plane.windows]
    return out


def _numbers(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def paths_in(maps: Mapping[str, Any]) -> dict[str, Path]:
    """The paths that a record holds, by stream. Raises RecordError for numbers that are no maps."""
    try:
        paths = [_read(told) for told in maps["paths"]]
        return {name: paths[index] for name, index in maps["streams"].items()}
    except IndexError:
        raise RecordError("maps.streams: expected the numbers of paths; got another") from None


def _read(told: Mapping[str, Any]) -> Path:
    plane = time = world = None
    if "plane" in told:
        plane = _read_plane(told["plane"])
    if "time" in told:
        pieces = tuple(
            Segment(*(math.nan if value is None else float(value) for value in piece))
            for piece in told["time"]["pieces"]
        )
        time = TimeMap(pieces, float(told["time"]["from"]))
    if "world" in told:
        world = WorldMap(tuple(map(float, told["world"])))  # type: ignore[arg-type]
    return Path(plane, time, world, told.get("lost", ""))


def _read_plane(told: Mapping[str, Any]) -> PlaneMap:
    windows = tuple(
        Window(tuple(map(float, cut["matrix"])), tuple(cut["to"]))  # type: ignore[arg-type]
        for cut in told.get("cuts", ())
    )
    turn = tuple(map(float, told["turn"])) if "turn" in told else IDENTITY
    numbers = tuple(map(float, told["matrix"]))
    return PlaneMap(numbers, tuple(told["from"]), tuple(told["to"]), turn, windows)  # type: ignore[arg-type]
