"""Spans of sound tracks: each block of ten seconds is decoded by itself, wherever one comes from.

Decoders remember: AAC replaces noise by noise of its own, whose generator goes on from block to
block. So that a span has the same bytes whether all of the track is read or only that span, a long
track is always decoded in blocks, each by a decoder that begins a little before it. Tracks of
less than a minute are one block, decoded from their beginning.

Only tracks whose packets say to the sample when they are heard are read so: MP4 and MOV, where
ticks are samples, and Matroska and WebM where sound lies on a grid. `soundtrack` reads all others.
"""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import decoding, open_container, origin, pick
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.problem import FileProblem
from syncaug.io.sample_grid import SampleGrid, sample_grid
from syncaug.io.shared_container import shared_container
from syncaug.io.sound_samples import EXPECTED, as_float
from syncaug.io.track_packets import decoded, is_matroska
from syncaug.io.unread import SpanReader

__all__ = ["TrackReader", "track_reader"]

LONG = 60.0
"""Seconds from which on a track is read in blocks."""

_BLOCK = 10
"""Seconds of a block."""

_BEFORE = 0.5
"""Seconds of sound that a decoder hears before its block."""

_FORMATS = frozenset({"mov", "mp4"})
_CODECS = frozenset({"aac", "mp3", "mp3float", "alac", "flac", "ac3", "eac3", "opus"})
_TAIL = 3.0
"""Seconds before a track's stated end in which its last packet is looked for."""


class TrackReader(SpanReader):
    """One track of one file; a handle holds no file open. Without a `grid` ticks are samples."""

    def __init__(
        self,
        path: Path,
        number: int,
        channels: int,
        length: int,
        rate: int,
        grid: SampleGrid | None = None,
    ) -> None:
        self.path, self.number, self._grid = path, number, grid
        self.shape, self.rate = (channels, length), rate
        self.block = _BLOCK * rate if length > LONG * rate else length

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        channels, length = self.shape
        begin, end = first * self.block, min(last * self.block, length)
        out = np.zeros((channels, end - begin), np.float32)
        with ExitStack() as stack:
            if first:
                shared = stack.enter_context(shared_container(self.path, EXPECTED, anywhere=True))
                shared.moved, container = True, shared.container
            else:  # whose decoder hears the track from its beginning
                container = stack.enter_context(open_container(self.path, EXPECTED))
            stream = pick(self.path, container, "audio", self.number)
            for block in range(first, last):
                low = block * self.block
                high = min(low + self.block, length)
                self._fill(container, stream, out[:, low - begin : high - begin], low)
        return out

    def _fill(self, container: Any, stream: Any, out: NDArray[np.float32], low: int) -> None:
        """Decode the samples from `low` on into `out` (C, n), silence where there are none."""
        count = out.shape[1]
        tick = self._grid.tick if self._grid else 1.0
        frames: list[Any] = []
        with decoding(self.path, EXPECTED):
            begin = round((low - _BEFORE * self.rate) / tick)
            for _, more in decoded(container, stream, begin):
                frames += more
                if frames and (frames[-1].pts or 0) * tick > low + count + 2 * tick:
                    break
        for frame in frames:
            self._check(frame)
        times = [frame.pts or 0 for frame in frames]
        places = times
        if self._grid is not None:
            places = self._grid.places(times, [frame.samples for frame in frames])
        filled = 0
        for place, frame in zip(places, frames, strict=True):
            at = place - low
            if at >= count:
                return
            samples = as_float(frame)
            skipped = max(0, filled - at)
            samples, at = samples[:, skipped:], at + skipped
            samples = samples[:, : count - at]
            if samples.shape[1]:
                out[:, at : at + samples.shape[1]] = samples
                filled = at + samples.shape[1]

    def _check(self, frame: Any) -> None:
        channels, rate = self.shape[0], self.rate
        if frame.sample_rate != rate or frame.layout.nb_channels != channels:
            raise FileProblem(
                f"{channels} channels at {rate} Hz throughout",
                f"{self.path}, with {frame.layout.nb_channels} at {frame.sample_rate} Hz later on",
            )
        if frame.is_corrupt:
            raise FileProblem(EXPECTED, f"{self.path}, which is damaged")


def track_reader(path: Path, number: int, limits: Limits = LIMITS) -> TrackReader | None:
    """The reader of a track of which spans can be read; None of all others.

    Raises FileProblem without such a track.
    """
    with shared_container(path, EXPECTED, anywhere=True) as opened:
        container = opened.container
        stream = pick(path, container, "audio", number)
        context = stream.codec_context
        rate = int(context.sample_rate or 0)
        if context.name not in _CODECS or not rate or origin(container) != 0:
            return None
        channels = int(context.layout.nb_channels)
        seconds = float((stream.duration or 0) * stream.time_base)
        if is_matroska(container):
            seconds = (container.duration or 0) / 1e6
            if seconds <= LONG:
                return None
        else:
            exact = _FORMATS & set(container.format.name.split(",")) and seconds > 0
            if not exact or stream.time_base != Fraction(1, rate):
                return None
        if 4 * channels * seconds * rate > limits.memory:
            return None
        if not is_matroska(container) and seconds > _TAIL:
            opened.moved = True
            length = _length(path, container, stream)
            return TrackReader(path, number, channels, length, rate) if length else None
    with open_container(path, EXPECTED) as container:  # it is read from its beginning
        stream = pick(path, container, "audio", number)
        if is_matroska(container):
            found = sample_grid(path, container, stream)
            if found is None or found[1] <= LONG * rate:
                return None
            return TrackReader(path, number, channels, found[1], rate, found[0])
        length = _length(path, container, stream)
    return TrackReader(path, number, channels, length, rate) if length else None


def _length(path: Path, container: Any, stream: Any) -> int:
    """How many samples a track has, from its last packets; 0 where they do not say."""
    near = max(0, int(stream.duration) - round(_TAIL / stream.time_base))
    end = filled = 0
    with decoding(path, EXPECTED):
        for packet, frames in decoded(container, stream, near):
            if packet.pts is not None and packet.duration:
                end = max(end, packet.pts + packet.duration)
            for frame in frames:
                if frame.pts is not None:
                    filled = max(filled, frame.pts + frame.samples)
    return min(end, filled)
