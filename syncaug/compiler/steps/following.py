"""Who follows which operation: each stream of a space that it moves follows or stays.

Phrases go where their boxes and their text go without being named; sound follows a picture only
where it is named. What an operation does to a clock, streams of that clock may do for themselves.
"""

from __future__ import annotations

from syncaug import catalogue
from syncaug.catalogue import OperationSpec
from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.applied import Applied
from syncaug.compiler.rules.rectified import complain_of_unlike
from syncaug.plan.step import Call
from syncaug.plan.stream import Stream

__all__ = ["following"]

_SPACE_MOVED = {"plane": "plane", "field": "plane", "clock": "clock", "world": "world"}
_UNNAMED = frozenset({"phrases", "audio"})
"""Modalities that need not be named: phrases follow by themselves, sound stays by itself."""

_STATES_TIME = "audiomentations"
"""The library whose operations state the time map that they imply."""


def following(applied: Applied, declared: Declared) -> list[Call]:
    """The calls of the streams that follow; complains about those that would be left behind."""
    followers = _Followers(applied, declared)
    for call in applied.calls:
        followers.behind(call)
        _mirrors_robots(call, applied, declared)
        if catalogue.operation(call.operation).may_change("sides"):
            complain_of_unlike(call.operation, {call.stream, *applied.followers}, declared)
    for name in applied.followers:
        if name not in followers.led and not applied.refused:
            declared.complaints.add(
                "SA507",
                (*applied.path, name),
                f"{name!r} has nothing to follow",
                expected="an operation on a stream of the same space that moves it",
                hint=f"leave {name!r} out, or write {name}: keep",
            )
    return followers.calls


def _mirrors_robots(call: Call, applied: Applied, declared: Declared) -> None:
    """Complain of an operation that may mirror the picture of a robot that no camera ties to it."""
    if not catalogue.operation(call.operation).may_change("mirror"):
        return
    cameras = declared.index.of_modality("camera")
    seen = {camera.spaces.get("world") for camera in cameras if not camera.optional}
    for kind in ("state", "action"):
        for stream in declared.index.of_modality(kind):
            if stream.name not in applied.keeping and stream.spaces.get("world") not in seen:
                axis = stream.options.get("lateral", "y")
                declared.complaints.add(
                    "SA591",
                    (*applied.path, call.stream),
                    f"{call.operation} may mirror the picture, and {stream.name!r} would stay "
                    "behind",
                    expected=f"uses: flip, with: {{world: {axis}}}, or {stream.name}: keep",
                )
                return


class _Followers:
    """The followers found so far, with the operation that leads each in each space."""

    def __init__(self, applied: Applied, declared: Declared) -> None:
        self._applied, self._declared = applied, declared
        self.calls: list[Call] = []
        self.led: set[str] = set()
        self._leaders: dict[tuple[str, str], str] = {}
        self._moving: dict[str, set[str]] = {}
        for call in applied.calls:
            moves = catalogue.operation(call.operation).moves
            self._moving.setdefault(moves, set()).add(call.stream)

    def behind(self, call: Call) -> None:
        """Let the other streams of the space that an operation moves follow it."""
        spec = catalogue.operation(call.operation)
        kind = _SPACE_MOVED.get(spec.moves, "")
        space = self._declared.streams[call.stream].spaces.get(kind)
        if space is None:
            return
        for stream in self._declared.index.living(kind, space):
            if stream.name == call.stream or (stream.modality == "imu" and kind == "plane"):
                continue  # a body turns with its camera only, and libraries know none
            if stream.name in self._applied.keeping:
                self._keeps(call, spec, stream)
            else:
                self._follows(call, spec, stream, kind)

    def _follows(self, call: Call, spec: OperationSpec, stream: Stream, kind: str) -> None:
        """Let a stream follow where it is to, or by itself; complain where it would stay behind."""
        name = stream.name
        if name in self._applied.followers:
            if self._carries(call, spec, stream):
                self._led_by(call, name, kind)
            else:
                self.led.add(name)  # what it may not follow is told
        elif spec.moves == "clock" and name in self._moving["clock"]:
            return  # an operation of its own moves it
        elif name in self._applied.refused:
            return  # what is to move it is told
        elif spec.moves != "clock" and stream.modality in _UNNAMED:
            if stream.modality == "phrases" and kind == "plane":
                self.calls.append(Call(name, "", {}, leader=call.stream))
        else:
            self._declared.complaints.add(
                "SA502",
                (*self._applied.path, call.stream),
                f"{call.operation} moves the {kind}, and {name!r} would stay behind",
                expected=f"{name}: follow, or {name}: keep to leave it as it is",
                key=True,
            )

    def _led_by(self, call: Call, name: str, kind: str) -> None:
        """Let a stream follow an operation; complain where another leads it already."""
        self.led.add(name)
        leader = self._leaders.setdefault((name, kind), call.stream)
        if leader != call.stream:
            self._declared.complaints.add(
                "SA507",
                (*self._applied.path, name),
                f"{name!r} cannot follow both {leader!r} and {call.stream!r}",
                expected=f"one operation that leads, and {call.stream}: follow",
            )
        self.calls.append(Call(name, "", {}, leader=call.stream))

    def _keeps(self, call: Call, spec: OperationSpec, stream: Stream) -> None:
        """All pictures of a plane are of one size, so that none can stay where that may change."""
        if stream.spec.picture and spec.may_change("size"):
            self._declared.complaints.add(
                "SA507",
                (*self._applied.path, stream.name),
                f"{stream.name!r} cannot stay: {call.operation} may change the size of the picture",
                expected=f"{stream.name}: follow",
            )

    def _carries(self, call: Call, spec: OperationSpec, stream: Stream) -> bool:
        """Whether the map that the operation implies can carry the stream."""
        message = expected = ""
        if spec.moves == "clock" and spec.library != _STATES_TIME:
            message = f"{call.operation} does not state how it moves the clock"
            expected = "a transform of time, or streams alone on their clock"
        elif spec.moves == "field" and "field" not in stream.spec.carries:
            message = (
                f"{call.operation} warps the picture without a formula, which {stream.modality} "
                "streams cannot follow"
            )
            expected = "an operation that keeps straight lines straight"
        if message:
            path = (*self._applied.path, stream.name)
            self._declared.complaints.add("SA507", path, message, expected=expected)
        return not message
