"""When each frame of a video track is shown, from its packets alone: no picture is decoded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import constant_rate, end_of, regular_times
from syncaug.io.block_table import block_table
from syncaug.io.containers import counts_from_anywhere, decoding, load_av, origin
from syncaug.io.frame_slots import slots_of_frames, slots_until
from syncaug.io.problem import FileProblem
from syncaug.io.sample_table import SampleTable, sample_table

__all__ = ["FrameIndex", "index_frames"]

_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")
_UNORDERED = frozenset({"avi"})
"""Formats whose packets say when they are decoded, not when they are shown."""

_FASTEST = 1000.0
"""Frames in a second beyond which a guessed rate is none."""

_REPEATED = 2
"""Frames for each picture up to which repeats become frames; beyond it, frames last longer."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """The frames of a track in the order in which they are shown.

    `shows` (n,) tells of each which of the file's m pictures it is: a picture that the file asks to
    be shown again is there again. `times` (n,) and `duration` are seconds of the container's clock;
    `fps` is 0 where the rate varies, or where the first frame comes late. `stamps` (m,) are the
    times of the pictures in ticks of the track, by which the decoder names them; empty where it
    names none and they can only be counted. `keys` are the pictures from which decoding can start;
    what is shown before the first of them, `lead` pictures, may have lost what it leans on, and has
    where the file begins inside a group of pictures (`headless`). `marks` (m,) are checksums of
    their packets, where a format derives times of its own after a seek; else empty. `tabled` tells
    that the container told so at once, so that it still stands where it begins.
    """

    stamps: NDArray[np.int64]
    times: NDArray[np.float64]
    duration: float
    keys: NDArray[np.intp]
    fps: float
    shows: NDArray[np.intp]
    lead: int = 0
    headless: bool = False
    marks: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    tabled: bool = False

    def key_before(self, picture: int, back: int = 0) -> int:
        """The last picture up to `picture` from which decoding can start, or `back` before it."""
        place = int(np.searchsorted(self.keys, picture, side="right")) - 1 - back
        return int(self.keys[place]) if place >= 0 else 0

    def starting_with(self, picture: int) -> FrameIndex:
        """Without the frames that show pictures before `picture`; the others keep their times."""
        first = int(np.searchsorted(self.shows, picture))
        if not first:
            return self
        return replace(self, times=self.times[first:], shows=self.shows[first:], fps=0.0)


@dataclass(frozen=True, slots=True)
class _Packet:
    shown: int | None
    decoded: int | None
    lasts: int
    is_key: bool
    is_empty: bool
    mark: int

    @property
    def stamp(self) -> int:
        return self.shown if self.shown is not None else self.decoded or 0


def index_frames(path: Path, container: Any, stream: Any, expected: str) -> FrameIndex:
    """Read the times of all frames. Raises FileProblem where there are none."""
    table = sample_table(path, container, stream) or block_table(path, container, stream)
    if table is not None and (np.diff(np.sort(table.shown, kind="stable")) > 0).all():
        return _tabled(container, stream, table)
    counted = bool(_UNORDERED & set(container.format.name.split(",")))
    packets: list[_Packet] = []
    derived = counts_from_anywhere(container)
    discarded = False
    for other in container.streams:
        if other is not stream:
            other.discard = load_av().stream.Discard.all
    with decoding(path, expected):
        for packet in container.demux(stream):
            said = packet.pts is not None or packet.dts is not None
            if packet.size == 0 and (not said or not packets):  # the end; or nothing to repeat
                continue
            if packet.is_corrupt:
                raise FileProblem(expected, f"{path}, which is damaged: a packet is cut off")
            if packet.is_discard:
                discarded = discarded or not packets
            else:
                packets.append(
                    _Packet(
                        packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe,
                        packet.size == 0, crc32(packet) if derived else 0,
                    )
                )  # fmt: skip
    coded = [one for one in packets if not one.is_empty]
    if not coded:
        raise FileProblem(expected, f"{path}, whose video track holds no frame")
    stamps = sorted(one.stamp for one in coded)
    named = not counted and all(one.shown is not None for one in packets)
    named = named and not _is_unsorted(container, stream, packets)
    if named and len(set(stamps)) == len(stamps):
        index = _named(container, stream, packets)
        return replace(index, lead=0, headless=False) if discarded else index
    if named and 2 * len(set(stamps)) > len(stamps):
        return _together(container, stream, coded)
    rate = float(stream.average_rate or stream.guessed_rate or 0) or 25.0
    if not stream.average_rate and rate > _FASTEST:  # a guess that is the clock's, not the film's
        raise FileProblem(
            expected,
            f"{path}, which does not say when its frames are shown",
            "Write it anew with its rate, as `ffmpeg -r 25 -i FILE out.mp4` does for 25 frames in "
            "a second.",
        )
    if counted and stream.average_rate == 1 / stream.time_base:
        decoded = [-1 if one.decoded is None else one.decoded for one in coded]
        slots = slots_of_frames(path, stream, decoded, [one.shown for one in coded], expected)
        if len(slots):
            return _in_slots(stream, slots)
    times = regular_times(len(coded), rate)
    return _counted(times, len(coded) / rate, np.arange(len(coded)), rate)


def _is_unsorted(container: Any, stream: Any, packets: Sequence[_Packet]) -> bool:
    """Whether packets only seem to say when they are shown.

    In an MXF without an index of that, pictures that the decoder sorts have their packets' times.
    """
    if "mxf" not in container.format.name.split(",") or not stream.codec_context.has_b_frames:
        return False
    return all(one.shown == one.decoded for one in packets)


def _named(container: Any, stream: Any, packets: Sequence[_Packet]) -> FrameIndex:
    """The frames of a track whose packets say when they are shown."""
    start, tick = float(origin(container)), float(stream.time_base)
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    rows = sorted(packets, key=lambda one: (one.stamp, one.is_empty))
    rows = [
        row
        for number, row in enumerate(rows)
        if not (row.is_empty and rows[number - 1].stamp == row.stamp)
    ]
    times = np.array([row.stamp for row in rows], dtype=np.float64) * tick - start
    end = _end(stream, times, rows[-1].lasts * tick, start)
    shows = np.maximum(np.cumsum([not row.is_empty for row in rows]) - 1, 0)
    shown = [row for row in rows if not row.is_empty]
    stamps = np.array([row.stamp for row in shown], dtype=np.int64)
    keys = np.array([place for place, row in enumerate(shown) if row.is_key], dtype=np.intp)
    times, end, fps = _regular(times, end, rate, tick)
    marks = np.array([row.mark for row in shown if counts_from_anywhere(container)], np.int64)
    first = next(one for one in packets if not one.is_empty)
    headless = counts_from_anywhere(container) and not first.is_key
    lead = int(keys[0]) if len(keys) else 0
    return _clipped(FrameIndex(stamps, times, end, keys, fps, shows, lead, headless, marks))


def _tabled(container: Any, stream: Any, table: SampleTable) -> FrameIndex:
    """The frames of a track whose container has a table of them."""
    start, tick = float(origin(container)), float(stream.time_base)
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    order = np.argsort(table.shown, kind="stable")
    stamps, shown_keys = table.shown[order], table.keys[order]
    times = stamps.astype(np.float64) * tick - start
    end = _end(stream, times, int(table.lasts[order[-1]]) * tick, start)
    keys = np.flatnonzero(shown_keys)
    times, end, fps = _regular(times, end, rate, tick)
    lead = int(keys[0]) if len(keys) else 0
    shows = np.arange(len(stamps))
    return _clipped(FrameIndex(stamps, times, end, keys, fps, shows, lead, tabled=True))


def _together(container: Any, stream: Any, packets: Sequence[_Packet]) -> FrameIndex:
    """The frames of a track where some are shown within one tick: those share the tick.

    Their times do not name them, so that the reader counts.
    """
    start, tick = float(origin(container)), float(stream.time_base)
    rows = sorted(packets, key=lambda one: one.stamp)
    stamps = np.array([row.stamp for row in rows], dtype=np.int64)
    whole, first, many = np.unique(stamps, return_index=True, return_counts=True)
    place = np.arange(len(stamps)) - np.repeat(first, many)
    times = (np.repeat(whole, many) + place / np.repeat(many, many)) * tick - start
    end = _end(stream, times, rows[-1].lasts * tick, start)
    return _clipped(_counted(times, end, np.arange(len(times)), 0.0))


def _in_slots(stream: Any, slots: NDArray[np.int64]) -> FrameIndex:
    """The frames of a track whose packets count slots, each of one tick."""
    tick = stream.time_base
    end = slots_until(stream, int(slots[-1]), float(1 / tick))
    count = end - int(slots[0])
    shows = np.arange(len(slots))
    if count <= _REPEATED * len(slots):
        shows = np.searchsorted(slots, np.arange(slots[0], end), side="right") - 1
        slots = np.arange(slots[0], end)
    rate = float(1 / tick) if slots[0] == 0 and len(slots) == end else 0.0
    times = slots.astype(np.float64) / float(1 / tick)
    duration = end / float(1 / tick)
    return _counted(times, duration, shows, rate or constant_rate(times, duration))


def _counted(
    times: NDArray[np.float64], end: float, shows: NDArray[np.intp], fps: float
) -> FrameIndex:
    nothing = np.zeros(0, dtype=np.int64)
    return FrameIndex(nothing, times, end, np.zeros(1, dtype=np.intp), fps, shows)


def _end(stream: Any, times: NDArray[np.float64], last: float, start: float) -> float:
    """When the last frame ends: its packet says so, or the track, or the frame before."""
    if last > 0:
        return float(times[-1]) + last
    said = _CLOCK.fullmatch(stream.metadata.get("DURATION", ""))
    if said:
        hours, minutes, seconds = said.groups()
        end = int(hours) * 3600 + int(minutes) * 60 + float(seconds) - start
        if end > times[-1]:
            return end
    return end_of(times)


def _regular(
    times: NDArray[np.float64], end: float, rate: float, tick: float
) -> tuple[NDArray[np.float64], float, float]:
    """Times at the exact rate where the file's ticks are only its rounding."""
    count = len(times)
    if rate <= 0:
        return times, end, 0.0
    exact = times[0] + regular_times(count, rate)
    if (
        np.abs(exact - times).max() > 1.01 * tick
        or abs(exact[0] + count / rate - end) > 2.01 * tick
    ):
        return times, end, 0.0
    return exact, float(exact[0] + count / rate), rate if times[0] == 0 else 0.0


def _clipped(index: FrameIndex) -> FrameIndex:
    """Without what is shown before the clock's 0 only; the reader passes over it."""
    times, fps = index.times, index.fps
    early = int(np.searchsorted(np.append(times[1:], index.duration), 0.0, side="right"))
    times = times[early:].copy()
    if early:
        fps = 0.0
    if len(times) and times[0] < 0:
        times[0], fps = 0.0, 0.0
    return replace(index, times=times, fps=fps, shows=index.shows[early:])
