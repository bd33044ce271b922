"""Sound tracks of containers: samples on the container's clock, as float32.

Sample 0 is the clock's 0: what a codec needs to get going (priming) is not part of the sound, a
track that starts late begins with silence, and what lies before 0 is cut. Gaps are silence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import (
    counts_from_anywhere,
    decoding,
    load_av,
    open_container,
    origin,
    pick,
)
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.problem import FileProblem
from syncaug.io.sound_samples import EXPECTED, as_float
from syncaug.io.track_reader import track_reader

__all__ = ["read_soundtrack"]

_LONGEST_GAP = 6 * 3600.0
"""Seconds of silence that are believed, and of sound that room is made for in advance."""

_MOVED = 1 << 20
"""Samples that are moved at a time, so that a long sound is never twice in memory."""

_TORN = 64
"""Packets at the start of a recording that may be torn."""

_BARE = frozenset({"ac3", "eac3", "dts", "dtshd", "truehd", "mlp"})
"""Formats without times, which FFmpeg makes up in ticks that are no whole number of samples."""

_STREAMED = {"mpegts": 0.002, "mpeg": 0.012}
"""Formats of streams -> seconds by which their times may miss: they are of whichever frame begins
in a packet (FFmpeg's of LPCM up to 10 ms late), or counted on from it in whole ticks."""

_CHECKED = frozenset({"flac"})
"""Codecs with a checksum for each block, which decoders pass over unless they are told."""


def read_soundtrack(
    path: Path, options: Mapping[str, Any], *, track: int = 0, limits: Limits = LIMITS
) -> Any:
    """float32 samples, (T,) of one channel or (C, T), in the file's order of channels.

    With a declared `sample_rate`, which must be the track's, the array alone; without one the
    mapping {"array", "sampling_rate"}. Raises FileProblem, MissingExtraError.
    """
    blocks = track_reader(path, track, limits)
    if blocks is not None and blocks.shape[1] > blocks.block:
        whole = blocks.read(0, -(-blocks.shape[1] // blocks.block))
        return _as_declared(path, whole, blocks.rate, options)
    with open_container(path, EXPECTED) as container:
        stream = pick(path, container, "audio", track)
        if stream.codec_context.name in _CHECKED:
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        sound = _Sound(path, stream, float(origin(container)), limits)
        torn = 0 if counts_from_anywhere(container) else -1
        with decoding(path, EXPECTED):
            for fed, packet in enumerate(container.demux(stream)):
                sound.note_end(packet)
                try:
                    frames = packet.decode()
                except load_av().error.FFmpegError:
                    if fed > torn:
                        raise
                    if fed == 0:
                        torn = _TORN
                    # What a torn block gave before this was sound by chance only.
                    sound = _Sound(path, stream, float(origin(container)), limits)
                    continue
                for frame in frames:
                    sound.add(frame)
    return _as_declared(path, sound.whole(), sound.rate, options)


def _as_declared(
    path: Path, array: NDArray[np.float32], rate: int, options: Mapping[str, Any]
) -> Any:
    """Samples (C, T) in the form that their stream declares. Raises FileProblem."""
    if len(array) == 1:
        array = array[0]
    declared = options.get("sample_rate")
    if not declared:
        return {"array": array, "sampling_rate": rate}
    if declared != rate:
        raise FileProblem(
            f"a sample rate of {declared} Hz, as declared",
            f"{path} with {rate} Hz",
            "Resample it, or leave sample_rate out of the declaration.",
        )
    return array


class _Sound:
    """Samples as they arrive, each at its place in time."""

    def __init__(self, path: Path, stream: Any, origin: float, limits: Limits) -> None:
        self._path, self._origin, self._limits = path, origin, limits
        self._tick = float(stream.time_base)
        name = stream.container.format.name
        self._bare = name in _BARE
        self._loose = _STREAMED.get(name, self._tick)
        self._guess = float((stream.duration or 0) * stream.time_base)
        self._room: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._filled = 0
        self._end = 0.0
        self._last: int | None = None
        self.rate = 0

    def note_end(self, packet: Any) -> None:
        """Remember when the last packet ends: an encoder's last frame may be longer than that."""
        if packet.pts is not None and packet.duration:
            end = (packet.pts + packet.duration) * self._tick - self._origin
            self._end = max(self._end, end)

    def add(self, frame: Any) -> None:
        if self.rate == 0:
            self._begin(frame)
        channels = len(self._room)
        if frame.sample_rate != self.rate or frame.layout.nb_channels != channels:
            raise FileProblem(
                f"{channels} channels at {self.rate} Hz throughout",
                f"{self._path}, with {frame.layout.nb_channels} at {frame.sample_rate} Hz later on",
            )
        if frame.is_corrupt:
            raise FileProblem(EXPECTED, f"{self._path}, which is damaged")
        samples = as_float(frame)
        start = self._filled
        stands = frame.pts is not None and frame.pts == self._last  # no writer's clock
        self._last = frame.pts
        if frame.pts is not None and not stands and not self._bare:
            said = (frame.pts * self._tick - self._origin) * self.rate
            if abs(said - start) > max(1.01, 1.01 * self._loose * self.rate):
                start = round(said)
                if start > self._filled + _LONGEST_GAP * self.rate:
                    raise FileProblem(
                        EXPECTED,
                        f"{self._path}, which is damaged: sound leaps to {said / self.rate:.0f} s",
                    )
        early = max(0, self._filled - start)
        samples, start = samples[:, early:], start + early
        end = start + samples.shape[1]
        self._limits.check_memory(self._path, EXPECTED, 4 * channels * end)
        self._make_room(end)
        self._room[:, start : start + samples.shape[1]] = samples
        self._filled = start + samples.shape[1]

    def whole(self) -> NDArray[np.float32]:
        length = self._filled
        if (
            self.rate and self._loose * self.rate <= 1.01 and not self._bare
        ):  # the end is known to the sample
            length = min(length, max(1, round(self._end * self.rate)) if self._end else length)
        if length == 0:
            raise FileProblem(EXPECTED, f"{self._path}, whose sound track holds no samples")
        return _shortened(self._room, length)

    def _begin(self, frame: Any) -> None:
        self.rate = int(frame.sample_rate)
        self._room = np.zeros((frame.layout.nb_channels, 0), np.float32)
        said = math.ceil(min(self._guess, _LONGEST_GAP) * self.rate) + 4096
        self._make_room(min(said, self._limits.memory // (4 * len(self._room)) + 1))
        self._filled = 0

    def _make_room(self, length: int) -> None:
        have = self._room.shape[1]
        if length > have:
            try:
                more = np.zeros((len(self._room), max(length, have + have // 2) - have), np.float32)
                self._room = np.concatenate([self._room, more], axis=1)
            except MemoryError:
                raise FileProblem(
                    "a sound that fits into memory",
                    f"{self._path}, whose sound lasts {length / self.rate:.0f} s by its times",
                    "Cut it, or mend its times, as `ffmpeg -i FILE -af aresample=async=1` does.",
                ) from None


def _shortened(room: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """The first `length` samples of each channel, moved together in the same memory."""
    channels, have = room.shape
    flat = room.reshape(-1)
    for channel in range(1, channels):
        for start in range(0, length, _MOVED):
            stop = min(start + _MOVED, length)
            flat[channel * length + start : channel * length + stop] = flat[
                channel * have + start : channel * have + stop
            ].copy()
    return flat[: channels * length].reshape(channels, length)
