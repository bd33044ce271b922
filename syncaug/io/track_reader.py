"""Spans of sound tracks: each block of ten seconds is decoded by itself, wherever one comes from.

Decoders remember: AAC replaces noise by noise of its own, whose generator goes on from block to
block. So that a span has the same bytes whether all of the track is read or only that span, a long
track is always decoded in blocks, each by a decoder that begins a little before it. Tracks of
less than a minute are one block, decoded from their beginning.

Only tracks whose packets say to the sample when they are heard are read so: MP4 and MOV, where
ticks are samples. `soundtrack` reads all others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import decoding, load_av, open_container, origin, pick
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.problem import FileProblem
from syncaug.io.sound_samples import EXPECTED, as_float
from syncaug.io.unread import SpanReader
from syncaug.threads import limited

__all__ = ["TrackReader", "track_reader"]

LONG = 60.0
"""Seconds from which on a track is read in blocks."""

_BLOCK = 10
"""Seconds of a block."""

_BEFORE = 0.5
"""Seconds of sound that a decoder hears before its block."""

_FORMATS = frozenset({"mov", "mp4"})
_CODECS = frozenset({"aac", "mp3", "mp3float", "alac", "flac", "ac3", "eac3", "opus"})
_CHECKED = frozenset({"flac"})
_TAIL = 3.0
"""Seconds before a track's stated end in which its last packet is looked for."""


class TrackReader(SpanReader):
    """One track of one file; it is opened for each span, so that a handle holds no file open."""

    def __init__(self, path: Path, number: int, channels: int, length: int, rate: int) -> None:
        self.path, self.number = path, number
        self.shape, self.rate = (channels, length), rate
        self.block = _BLOCK * rate if length > LONG * rate else length

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        channels, length = self.shape
        begin, end = first * self.block, min(last * self.block, length)
        out = np.zeros((channels, end - begin), np.float32)
        with open_container(self.path, EXPECTED) as container:
            stream = pick(self.path, container, "audio", self.number)
            for block in range(first, last):
                low = block * self.block
                high = min(low + self.block, length)
                _fill(self.path, container, stream, out[:, low - begin : high - begin], low)
        return out


def track_reader(path: Path, number: int, limits: Limits = LIMITS) -> TrackReader | None:
    """The reader of a long track; None of all others. Raises FileProblem without such a track."""
    with open_container(path, EXPECTED) as container:
        stream = pick(path, container, "audio", number)
        context = stream.codec_context
        rate = int(context.sample_rate or 0)
        exact = (
            _FORMATS & set(container.format.name.split(","))
            and context.name in _CODECS
            and rate
            and stream.time_base == 1 / rate_of(rate)
            and origin(container) == 0
            and (stream.duration or 0) > 0
        )
        if not exact:
            return None
        channels = int(context.layout.nb_channels)
        if 4 * channels * int(stream.duration) > limits.memory:
            return None
        length = _length(path, container, stream)
    return TrackReader(path, number, channels, length, rate) if length else None


def rate_of(rate: int) -> Any:
    """A rate as a fraction, exact."""
    from fractions import Fraction

    return Fraction(rate)


def _length(path: Path, container: Any, stream: Any) -> int:
    """How many samples a track has, from its last packets; 0 where they do not say."""
    near = max(0, int(stream.duration) - round(_TAIL / stream.time_base))
    end = filled = 0
    with decoding(path, EXPECTED):
        for packet, frames in _decoded(container, stream, near):
            if packet.pts is not None and packet.duration:
                end = max(end, packet.pts + packet.duration)
            for frame in frames:
                if frame.pts is not None:
                    filled = max(filled, frame.pts + frame.samples)
    return min(end, filled)


def _fill(path: Path, container: Any, stream: Any, out: NDArray[np.float32], low: int) -> None:
    """Decode the samples from `low` on into `out` (C, n), silence where there are none."""
    channels, count = out.shape
    rate = int(stream.codec_context.sample_rate)
    filled = 0
    with decoding(path, EXPECTED):
        for _, frames in _decoded(container, stream, low - round(_BEFORE * rate)):
            for frame in frames:
                if frame.sample_rate != rate or frame.layout.nb_channels != channels:
                    raise FileProblem(
                        f"{channels} channels at {rate} Hz throughout",
                        f"{path}, with {frame.layout.nb_channels} at {frame.sample_rate} Hz "
                        "later on",
                    )
                if frame.is_corrupt:
                    raise FileProblem(EXPECTED, f"{path}, which is damaged")
                at = (frame.pts or 0) - low
                if at >= count:
                    return
                samples = as_float(frame)
                skipped = max(0, filled - at)
                samples, at = samples[:, skipped:], at + skipped
                samples = samples[:, : count - at]
                if samples.shape[1]:
                    out[:, at : at + samples.shape[1]] = samples
                    filled = at + samples.shape[1]


def _decoded(container: Any, stream: Any, begin: int) -> Iterator[tuple[Any, Any]]:
    """Packets with their frames, by a decoder that is new, from the packet that holds `begin`."""
    for other in container.streams:
        if other is not stream:
            other.discard = load_av().stream.Discard.all
    context = stream.codec_context
    if begin > 0:
        container.seek(max(begin, stream.start_time or 0), stream=stream, backward=True)
        context = _decoder(stream)
    elif context.name in _CHECKED:
        context.options = {"err_detect": "crccheck+explode"}
    for packet in container.demux(stream):
        if packet.pts is not None and packet.pts + (packet.duration or 0) <= begin:
            continue
        yield packet, context.decode(packet if packet.size else None)


def _decoder(stream: Any) -> Any:
    """A decoder of the track that has heard nothing."""
    known = stream.codec_context
    made = load_av().CodecContext.create(known.name, "r")
    made.extradata = known.extradata
    made.sample_rate, made.layout = known.sample_rate, known.layout
    made.thread_count = limited(os.cpu_count() or 1)
    if known.name in _CHECKED:
        made.options = {"err_detect": "crccheck+explode"}
    return made
