"""Clips: frames in time that need not be in memory.

A clip is what a video is while it is carried and written. `ArrayClip` holds its frames;
`syncaug.io.video.FileClip` decodes them from a file when they are asked for. Whoever changes a
clip makes another one whose `read` changes what it reads, so that a long video is never whole in
memory.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ArrayClip",
    "Clip",
    "DerivedClip",
    "Indices",
    "chunks",
    "constant_rate",
    "end_of",
    "regular_times",
]

Indices = Sequence[int] | NDArray[np.integer[Any]]


@runtime_checkable
class Clip(Protocol):
    """Frames of one size with the seconds from which each is shown.

    Frame i is shown from `times[i]` to `times[i + 1]`, the last one to `duration`. Times are
    counted from the clip's own start (its stream's `offset` is not in them) and grow strictly; the
    first may lie after 0: then nothing is shown before it.
    """

    @property
    def times(self) -> NDArray[np.float64]:
        """(n,) seconds."""
        ...

    @property
    def duration(self) -> float:
        """The seconds at which the last frame ends."""
        ...

    @property
    def fps(self) -> float:
        """Frames in a second where frame i begins at i / fps; 0 where the rate varies."""
        ...

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(n, height, width, channels)."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8, or float32 in 0..1."""
        ...

    def __len__(self) -> int:
        """How many frames there are."""
        ...

    def read(self, indices: Indices) -> NDArray[Any]:
        """(len(indices), H, W, C): frames in any order, each as often as it is asked for.

        Ascending indices from where the last call ended cost no seeking. The result may be a view
        of what others see: write to a copy only.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ArrayClip:
    """A clip in memory: frames (n, H, W, C), their times (n,) and the seconds when it ends."""

    frames: NDArray[Any]
    times: NDArray[np.float64]
    duration: float

    @property
    def fps(self) -> float:
        return constant_rate(self.times, self.duration)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        count, height, width, channels = self.frames.shape
        return count, height, width, channels

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.frames.dtype

    def __len__(self) -> int:
        return len(self.frames)

    def read(self, indices: Indices) -> NDArray[Any]:
        order = np.asarray(indices, dtype=np.intp)
        if order.size and np.array_equal(order, np.arange(order[0], order[0] + order.size)):
            part: NDArray[Any] = self.frames[order[0] : order[0] + order.size]
            return part
        return self.frames[order]


@dataclass(frozen=True, slots=True, eq=False)
class DerivedClip(ABC):
    """A clip that shows another one, `source`, changed as it is read; times and form stay."""

    source: Clip

    @property
    def times(self) -> NDArray[np.float64]:
        return self.source.times

    @property
    def duration(self) -> float:
        return self.source.duration

    @property
    def fps(self) -> float:
        return self.source.fps

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.source.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.source.dtype

    def __len__(self) -> int:
        return len(self.source)

    @abstractmethod
    def read(self, indices: Indices) -> NDArray[Any]:
        """The frames, changed."""


def regular_times(count: int, fps: float) -> NDArray[np.float64]:
    """The times of `count` frames at a constant rate from 0 on."""
    return np.arange(count, dtype=np.float64) / fps


def end_of(times: NDArray[np.float64], fps: float = 0.0) -> float:
    """When a clip ends whose file does not say: its last frame lasts as long as the one before.

    A single frame lasts 1 / fps, or one second where no rate is known.
    """
    if fps > 0:
        return float(times[-1]) + 1.0 / fps
    return float(2 * times[-1] - times[-2]) if len(times) > 1 else float(times[-1]) + 1.0


def constant_rate(times: NDArray[np.float64], duration: float, tolerance: float = 1e-6) -> float:
    """The rate at which frame i begins at i / fps within `tolerance` seconds; 0 if there is none.

    Rates that are whole, or whole over 1.001, come out exactly so.
    """
    if len(times) == 0 or duration <= 0:
        return 0.0
    step = float(times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else duration
    rate = 1.0 / step
    for exact in (round(rate) or rate, round(rate * 1.001) / 1.001):
        if exact and abs(len(times) / exact - len(times) / rate) <= tolerance:
            rate = exact
            break
    late = np.abs(times - regular_times(len(times), rate)).max()
    return rate if max(float(late), abs(duration - len(times) / rate)) <= tolerance else 0.0


def chunks(count: int, frame_bytes: int, budget: int = 32 << 20) -> Iterator[range]:
    """Ranges of indices whose frames take `budget` bytes at most; one frame at least."""
    size = max(1, budget // max(1, frame_bytes))
    return (range(start, min(start + size, count)) for start in range(0, count, size))
