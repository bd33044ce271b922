"""What parts two streams: how, in which unit, and how far at the most."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.plan.stream import Stream

__all__ = ["EXCHANGE", "KNOBS", "Knob", "knobs_of", "moved_of"]

Steps = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Knob:
    """One way to part a stream from the others, which stays as it was.

    `full` is the amount at level 1, in `unit`. With `share`, the amount is the share of samples
    that are changed, each wholly; else every sample is changed by the amount, to a drawn side.
    `steps` are those of a policy, for an amount with its sign and the width of the picture in
    pixels; without them the stream is taken from another sample.
    """

    name: str
    told: str
    unit: str
    full: float
    share: bool
    steps: Callable[[float, int], Steps] | None


def _later(amount: float, width: int) -> Steps:
    return [{"name": "part", "uses": "time_shift", "with": {"seconds": amount / 1000.0}}]


def _aside(amount: float, width: int) -> Steps:
    shift = max(-1.0, min(1.0, amount / max(width, 1)))
    return [{"name": "part", "uses": "translate", "with": {"x": shift}}]


def _turned(amount: float, width: int) -> Steps:
    return [{"name": "part", "uses": "world_rotate", "with": {"axis": "z", "degrees": amount}}]


def _rolled(amount: float, width: int) -> Steps:
    about = {"axis": "optical", "degrees": amount}
    return [{"name": "part", "uses": "camera_rotate", "with": about}]


def _mirrored(amount: float, width: int) -> Steps:
    return [{"name": "part", "uses": "flip", "with": {"axis": "horizontal"}}]


def _recoloured(amount: float, width: int) -> Steps:
    return [{"name": "part", "uses": "colour", "with": {"hue": 180}}]


TIME = Knob("time", "later or earlier", "ms", 1000.0, False, _later)
PLACE = Knob("place", "to the left or the right", "px", 64.0, False, _aside)
ANGLE = Knob("angle", "turned about the vertical axis", "degrees", 30.0, False, _turned)
ROLL = Knob("roll", "turned about the axis of the camera", "degrees", 30.0, False, _rolled)
CHANNELS = Knob("channels", "with left and right exchanged", "share", 1.0, True, _mirrored)
SIDES = Knob("sides", "with left and right exchanged in its words", "share", 1.0, True, _mirrored)
COLOURS = Knob("colours", "with other colours in its words", "share", 1.0, True, _recoloured)
EXCHANGE = Knob("exchange", "from another sample", "share", 1.0, True, None)

KNOBS: Mapping[str, Knob] = {
    knob.name: knob for knob in (TIME, PLACE, ANGLE, ROLL, CHANNELS, SIDES, COLOURS, EXCHANGE)
}
"""All ways to part two streams, by name."""

_SPACES = {"clock": TIME, "plane": PLACE, "world": ANGLE}
"""Kinds of space that two streams share -> what parts them there."""
_BESIDE = {"audio": CHANNELS, "imu": ROLL}
"""Modalities that lie on a plane without a place in it -> what parts them from what it shows."""
_FIRST = (
    *("image", "video", "points", "bev", "audio", "camera", "depth", "disparity", "normals"),
    *("flow", "heatmap", "mask", "instances", "polygons", "oriented_boxes", "boxes", "keypoints"),
    *("boxes3d", "joints", "state", "action", "imu", "embedding", "tabular", "label"),
    *("timed_text", "text", "messages", "phrases"),
)
"""Modalities in the order in which they stay: of two streams the later one is moved."""


def moved_of(one: Stream, other: Stream) -> tuple[Stream, Stream]:
    """The stream that stays and the one that is moved; of equal modalities the first stays."""
    return (one, other) if _rank(one) <= _rank(other) else (other, one)


def _rank(stream: Stream) -> int:
    return _FIRST.index(stream.modality) if stream.modality in _FIRST else len(_FIRST)


def knobs_of(stays: Stream, moves: Stream) -> tuple[Knob, ...]:
    """What parts two streams, of which the second is moved; never nothing.

    Words stand for places and colours of what they describe; conversations may hold coordinates,
    too, which are moved as such. Phrases are words alone: their places are those of their boxes. A
    sound has sides on a plane, and an inertial sensor the axes of its camera.
    """
    shown = (stays.spec.picture or stays.spec.rows) and _share(stays, moves, "plane")
    words = (SIDES, COLOURS) if shown and "words" in moves.spec.carries else ()
    shared = [
        knob
        for kind, knob in _SPACES.items()
        if _share(stays, moves, kind)
        and _carries(moves, kind)
        and moves.modality != "phrases"
        and not (knob is PLACE and (moves.spec.spoken or moves.modality in _BESIDE))
    ]
    beside = [_BESIDE[moves.modality]] if moves.modality in _BESIDE else []
    own = beside if _share(stays, moves, "plane") else []
    return (*shared, *own, *words, EXCHANGE)


def _share(one: Stream, other: Stream, kind: str) -> bool:
    return bool({s for k, s in one.places if k == kind} & {s for k, s in other.places if k == kind})


def _carries(stream: Stream, kind: str) -> bool:
    """Whether a map of a kind of space carries a stream."""
    return {"clock": "time"}.get(kind, kind) in stream.spec.carries
