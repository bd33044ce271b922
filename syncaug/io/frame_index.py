"""When each frame of a video track is shown, from its packets alone: no picture is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import decoding, origin
from syncaug.io.problem import FileProblem
from syncaug.modalities.clip import end_of, regular_times

__all__ = ["FrameIndex", "index_frames"]

_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")
_UNORDERED = frozenset({"avi"})
"""Formats whose packets say when they are decoded, not when they are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """The frames of a track in the order in which they are shown.

    `stamps` (n,) are their times in ticks of the track, by which the decoder names them; empty
    where it names none and frames can only be counted. `times` (n,) and `duration` are seconds of
    the container's clock, `keys` the indices of frames from which decoding can start. `fps` is 0
    where the rate varies, or where the first frame comes late.
    """

    stamps: NDArray[np.int64]
    times: NDArray[np.float64]
    duration: float
    keys: NDArray[np.intp]
    fps: float

    def key_before(self, index: int) -> int:
        """The last frame up to `index` from which decoding can start."""
        place = int(np.searchsorted(self.keys, index, side="right")) - 1
        return int(self.keys[place]) if place >= 0 else 0


def index_frames(path: Path, container: Any, stream: Any, expected: str) -> FrameIndex:
    """Read the times of all frames. Raises FileProblem where there are none."""
    rows: list[tuple[int, int, bool]] = []
    named = not _UNORDERED & set(container.format.name.split(","))
    with decoding(path, expected):
        for packet in container.demux(stream):
            if packet.size == 0:
                continue
            if packet.is_corrupt:
                raise FileProblem(expected, f"{path}, which is damaged: a packet is cut off")
            stamp = packet.pts
            if stamp is None:
                named, stamp = False, packet.dts or 0
            if not packet.is_discard:
                rows.append((stamp, packet.duration or 0, packet.is_keyframe))
    if not rows:
        raise FileProblem(expected, f"{path}, whose video track holds no frame")
    rows.sort()
    stamps = np.array([row[0] for row in rows], dtype=np.int64)
    if len(set(stamps.tolist())) < len(stamps):
        named = False
    tick = float(stream.time_base)
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    times: NDArray[np.float64]
    if not named:
        times = regular_times(len(rows), rate or 25.0)
        end, keys = len(rows) / (rate or 25.0), [0]
        stamps = stamps[:0]
    else:
        start = float(origin(container))
        times = stamps.astype(np.float64) * tick - start
        end = _end(stream, times, rows[-1][1] * tick, start)
        keys = [index for index, row in enumerate(rows) if row[2]]
    return _clipped(stamps, *_regular(times, end, rate, tick), np.array(keys, dtype=np.intp))


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


def _clipped(
    stamps: NDArray[np.int64],
    times: NDArray[np.float64],
    end: float,
    fps: float,
    keys: NDArray[np.intp],
) -> FrameIndex:
    """Without what is shown before the clock's 0 only; the decoder passes over it."""
    early = int(np.searchsorted(np.append(times[1:], end), 0.0, side="right"))
    times = times.copy()
    if early:
        keys = keys[keys >= early] - early
        stamps, times, fps = stamps[early:], times[early:], 0.0
    if len(times) and times[0] < 0:
        times[0], fps = 0.0, 0.0
    return FrameIndex(stamps, times, end, keys, fps)
