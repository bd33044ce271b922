"""Timelines: what happens on each clock, played and drawn, before and after on one scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities import carrier_class
from syncaug.modalities.carrier import Carrier
from syncaug.plan.plan import Stream
from syncaug.report.figures import Bar, Film, Lane, Row, Shape
from syncaug.report.film_marks import with_marks
from syncaug.report.films import film_uri, sound_uri
from syncaug.report.robots import robot_lanes
from syncaug.report.sides import Sides, row_of
from syncaug.report.sounds import outline_of

__all__ = ["clock_rows", "on_timelines"]

_LANES = ("timed_text", "imu", "state", "action")
"""Modalities that only a timeline shows; a clock that has one, or a video, gets a timeline."""
_NARROWEST = 0.4
"""Percent of a timeline's width that a cue is given at least."""
_POINTS = 300


def on_timelines(sides: Sides) -> dict[str, list[Stream]]:
    """The streams of each clock that is worth a timeline."""
    clocks: dict[str, list[Stream]] = {}
    for stream in sides.plan.streams:
        clock = stream.spaces.get("clock")
        if clock and stream.name in sides.before and stream.modality in ("video", "audio", *_LANES):
            clocks.setdefault(clock, []).append(stream)
    return {
        clock: streams
        for clock, streams in clocks.items()
        if any(stream.modality in ("video", *_LANES) for stream in streams)
    }


def clock_rows(clock: str, streams: Sequence[Stream], sides: Sides) -> Iterator[Row]:
    """One row for a clock: its film or its sound with everything else as lanes below."""
    carried = [
        {stream.name: carrier_class(stream.modality).of(stream, sample) for stream in streams}
        for sample, _ in sides.each()
    ]
    length = max(_seconds(carriers) for carriers in carried)
    first = carried[0]
    shown = [
        _film(streams, carriers, first, length, (sides, sample))
        for carriers, (sample, _) in zip(carried, sides.each(), strict=True)
    ]
    names = ", ".join(stream.name for stream in streams)
    yield row_of(clock, f"one clock: {names}", shown)


def _seconds(carriers: Mapping[str, Carrier]) -> float:
    """How long a clock lasts: as its media do, or else its cues."""
    lengths = [
        (carrier.stream.spec.media, carrier.clock_duration() or 0.0)
        for carrier in carriers.values()
    ]
    return max(lengths)[1] or 1.0


def _film(
    streams: Sequence[Stream],
    carriers: Mapping[str, Carrier],
    first: Mapping[str, Carrier],
    length: float,
    marked: tuple[Sides, Mapping[str, Any]],
) -> Film:
    by_kind: dict[str, list[Any]] = {}
    for stream in streams:
        by_kind.setdefault(stream.modality, []).append(carriers[stream.name])
    video = next(iter(by_kind.get("video", ())), None)
    sound = next(iter(by_kind.get("audio", ())), None)
    lanes = [
        Lane(carrier.stream.name, bars=_bars(carrier, first[carrier.stream.name], length))
        for carrier in by_kind.get("timed_text", ())
    ]
    for carrier in by_kind.get("audio", ()):
        lanes.append(Lane(carrier.stream.name, curves=(_outline(carrier, length),)))
    for carrier in by_kind.get("imu", ()):
        lanes.append(Lane(carrier.stream.name, curves=_curves(carrier, length)))
    for kind in ("state", "action"):
        lanes += [
            lane for carrier in by_kind.get(kind, ()) for lane in robot_lanes(carrier, length)
        ]
    seconds = _seconds(carriers)
    about = f"{seconds:.2f} s"
    if video is not None:
        heard = None if sound is None else (sound.data, sound.rate)
        uri, (width, height) = film_uri(with_marks(video, *marked), heard)
        count, tall, wide, _ = video.data.shape
        about += f", {count} frames of {wide} × {tall}"
        return Film(uri, width, height, seconds, length, about, tuple(lanes))
    uri = sound_uri(sound.data, sound.rate) if sound is not None else ""
    return Film(uri, 0, 0, seconds, length, about, tuple(lanes))


def _bars(carrier: Any, first: Any, length: float) -> tuple[Bar, ...]:
    """Cues in percent of the timeline; a text that no original cue has is marked as changed."""
    known = {cue["text"] for cue in first.data}
    offset = float(carrier.stream.options.get("offset", 0.0))
    bars = []
    for cue in carrier.data:
        left = 100.0 * (cue["start"] + offset) / length
        width = max(_NARROWEST, 100.0 * (cue["end"] - cue["start"]) / length)
        when = f"{cue['start']:.3f} to {cue['end']:.3f} s:"
        text = " ".join(str(cue["text"]).split())
        bars.append(Bar(round(left, 3), round(width, 3), text, when, cue["text"] not in known))
    return tuple(bars)


def _outline(carrier: Any, length: float) -> Shape:
    mono = np.atleast_2d(carrier.data).mean(axis=0)
    peak = float(np.abs(mono).max(initial=0.0))
    return Shape(outline_of(mono, peak, share=carrier.seconds / length), 1)


def _curves(carrier: Any, length: float) -> tuple[Shape, ...]:
    """Each column of an inertial stream as a curve, all of one kind on one scale."""
    table: NDArray[np.float64] = np.asarray(carrier.data, dtype=np.float64)
    columns = carrier.columns
    width = 300.0 * (carrier.clock_duration() or 0.0) / length
    step = max(1, math.ceil(len(table) / _POINTS))
    shapes = []
    for kind in ("g", "a"):
        places = [i for i, name in enumerate(columns) if name[:1] == kind and len(name) == 2]
        top = float(np.abs(table[:, places]).max(initial=0.0)) or 1.0
        for colour, place in enumerate(places, start=0 if kind == "g" else 3):
            levels = 20.0 - 19.0 * table[::step, place] / top
            across = np.linspace(0.0, width, len(levels))
            points = (f"{x:.1f},{y:.1f}" for x, y in zip(across, levels, strict=True))
            shapes.append(Shape("M" + "L".join(points), colour))
    return tuple(shapes)
