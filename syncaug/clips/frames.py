"""What a clip becomes while it is carried: the same frames changed, or other frames chosen.

Both are clips themselves. Nothing is computed before it is read, and reading computes only the
frames that are asked for, each by itself: so a clip in memory and one that is decoded from a file
give the same bytes, in any order and in any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.clips.clip import ArrayClip, Clip, DerivedClip, Indices, chunks
from syncaug.clips.frame_time import NOTHING, Choice
from syncaug.dataclass import dataclass
from syncaug.threads import cores

__all__ = ["Changed", "Chosen", "Step", "changed", "chosen", "in_memory"]

_THREADS = 2
_WORTH_A_THREAD = 1 << 20
"""Bytes of frames under which a second thread does not pay."""


class Step(Protocol):
    """A pure function of one frame and its place in the clip: the frame after the step."""

    def __call__(self, frame: NDArray[Any], index: int) -> NDArray[Any]:
        """A new frame; the one that came in is left as it is."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Changed(DerivedClip):
    """A clip whose frames all go through the same steps; `frame` is the shape in which they end."""

    steps: tuple[Step, ...]
    frame: tuple[int, int, int]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self.source), *self.frame

    def read(self, indices: Indices) -> NDArray[Any]:
        order = np.asarray(indices, dtype=np.intp)
        out = np.empty((len(order), *self.frame), self.dtype)
        if isinstance(self.source, ArrayClip):
            frames = self.source.frames
            self._work([frames[index] for index in order.tolist()], order.tolist(), out)
            return out
        bytes_each = int(np.prod(self.source.shape[1:])) * self.dtype.itemsize
        for part in chunks(len(order), bytes_each):
            places = order[part.start : part.stop]
            read = self.source.read(places)
            self._work(list(read), places.tolist(), out[part.start : part.stop])
        return out

    def _work(self, frames: Sequence[NDArray[Any]], places: list[int], out: NDArray[Any]) -> None:
        """Frames through all steps into `out`, in two threads where that pays."""
        threads = min(_THREADS, _allowed(), len(frames)) if out.nbytes >= _WORTH_A_THREAD else 1
        if threads == 1:
            self._run(frames, places, out, 0, 1)
            return
        with ThreadPoolExecutor(threads - 1) as pool:
            others = [
                pool.submit(self._run, frames, places, out, first, threads)
                for first in range(1, threads)
            ]
            self._run(frames, places, out, 0, threads)
            for other in others:
                other.result()

    def _run(
        self,
        frames: Sequence[NDArray[Any]],
        places: list[int],
        out: NDArray[Any],
        first: int,
        stride: int,
    ) -> None:
        for at in range(first, len(frames), stride):
            frame = np.ascontiguousarray(frames[at])
            for step in self.steps:
                frame = step(frame, places[at])
            out[at] = frame


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A clip of other frames: frame j is the source's frame `choice.frames[j]`, or `fill`."""

    source: Clip
    choice: Choice
    fps: float
    fill: float | Sequence[float]

    @property
    def times(self) -> NDArray[np.float64]:
        return self.choice.times

    @property
    def duration(self) -> float:
        return self.choice.duration

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self), *self.source.shape[1:]

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.source.dtype

    def __len__(self) -> int:
        return len(self.choice.frames)

    def read(self, indices: Indices) -> NDArray[Any]:
        rows = self.choice.frames[np.asarray(indices, dtype=np.intp)]
        if len(rows) and rows[0] != NOTHING and (np.diff(rows) > 0).all():
            return self.source.read(rows)
        shown = np.unique(rows[rows != NOTHING])
        read = self.source.read(shown)
        out = np.empty((len(rows), *self.shape[1:]), self.dtype)
        out[rows == NOTHING] = np.asarray(self.fill).astype(self.dtype)
        there = np.flatnonzero(rows != NOTHING)
        for at, place in zip(there.tolist(), np.searchsorted(shown, rows[there]), strict=True):
            out[at] = read[place]
        return out


def changed(clip: Clip, steps: tuple[Step, ...], frame: tuple[int, int, int]) -> Clip:
    """The clip with all frames changed; steps after steps are one walk over the frames."""
    if not steps:
        return clip
    if isinstance(clip, Changed):
        return Changed(clip.source, clip.steps + steps, frame)
    return Changed(clip, steps, frame)


def chosen(clip: Clip, choice: Choice, fps: float, fill: float | Sequence[float]) -> Clip:
    """The clip of the chosen frames."""
    return Chosen(clip, choice, fps, fill)


def in_memory(clip: Clip) -> ArrayClip:
    """The clip with all its frames computed."""
    if isinstance(clip, ArrayClip):
        return clip
    return ArrayClip(clip.read(np.arange(len(clip))), clip.times, clip.duration)


def _allowed() -> int:
    """Threads that this process may use: whoever tells OpenCV to use one means it."""
    return min(cores(), opencv.threads())
