"""Films for the page: a small MP4 with its sound, which browsers play from the page itself."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Clip, Indices
from syncaug.io.container_forms import Coding
from syncaug.io.container_writer import Contents, write_container
from syncaug.maps.plane import Size
from syncaug.report.pictures import levels_of
from syncaug.report.sounds import wav_uri

__all__ = ["film_uri", "sound_uri"]

_LONG_SIDE = 400
"""Pixels of the longer side of a film on the page."""
_LONGEST = 60.0
"""Seconds of a film that the page plays; the files hold all of it."""
_CODING = Coding(crf=30, preset="veryfast")
_SIDES = {4: ([0, 2], [1, 3]), 6: ([0, 2, 4], [1, 2, 5]), 8: ([0, 2, 4, 6], [1, 2, 5, 7])}
"""Number of channels in WAV order -> those that are heard left and right."""


@dataclass(frozen=True, slots=True, eq=False)
class _Small:
    """A clip at the size in which the page plays it, as 8-bit colours, cut at `_LONGEST`."""

    clip: Clip
    size: Size
    count: int

    @property
    def times(self) -> NDArray[np.float64]:
        return self.clip.times[: self.count]

    @property
    def duration(self) -> float:
        return min(self.clip.duration, _LONGEST)

    @property
    def fps(self) -> float:
        return self.clip.fps

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.count, self.size[1], self.size[0], 3

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8)

    def __len__(self) -> int:
        return self.count

    def read(self, indices: Indices) -> NDArray[np.uint8]:
        from syncaug.backends import opencv

        width, height = self.size
        frames = [levels_of(frame) for frame in self.clip.read(indices)]
        kx, ky = width / frames[0].shape[1], height / frames[0].shape[0]
        matrix = np.array([[kx, 0.0, (kx - 1) / 2], [0.0, ky, (ky - 1) / 2], [0.0, 0.0, 1.0]])
        return np.stack([opencv.warp(frame, matrix, self.size, "area") for frame in frames])


def film_uri(clip: Clip, sound: tuple[NDArray[Any], float] | None) -> tuple[str, Size]:
    """A clip with a sound (samples and rate) as the data URI of an MP4, and its size."""
    _, height, width, _ = clip.shape
    factor = min(1.0, _LONG_SIDE / max(height, width))
    size = (max(2, 2 * round(width * factor / 2)), max(2, 2 * round(height * factor / 2)))
    small = _Small(clip, size, int(np.searchsorted(clip.times, _LONGEST)))
    sounds = [] if sound is None else [_heard(*sound)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        write_container(path, Contents([small], sounds), _CODING)
        data = path.read_bytes()
    return "data:video/mp4;base64," + b64encode(data).decode(), size


def sound_uri(samples: NDArray[Any], rate: float) -> str:
    """A sound as the data URI of a WAV."""
    channels, rate = _heard(samples, rate)
    return wav_uri(np.asarray(channels, dtype=np.float32), rate)


def _heard(samples: NDArray[Any], rate: float) -> tuple[NDArray[Any], float]:
    """As many channels as a page plays: one or two; more are mixed, left ones left."""
    channels = np.atleast_2d(samples)[:, : round(_LONGEST * rate)]
    sides = _SIDES.get(len(channels))
    if len(channels) > 2:
        left, right = sides or ([0], [1])
        channels = np.stack([channels[left].mean(axis=0), channels[right].mean(axis=0)])
    return channels, rate
