"""What a clip becomes while it is carried: the same frames changed.

It is a clip itself. Nothing is computed before it is read, and reading computes only the frames
that are asked for, each by itself: so a clip in memory and one that is decoded from a file give the
same bytes, in any order and in any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.allocation import given_room
from syncaug.backends import opencv
from syncaug.clips.clip import ArrayClip, Clip, DerivedClip, Indices
from syncaug.clips.parts import parts
from syncaug.threads import cores

__all__ = ["Changed", "Step", "changed", "in_memory"]

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
        out = np.empty((len(indices), *self.frame), self.dtype)
        self.read_into(indices, out)
        return out

    def read_into(self, indices: Indices, out: NDArray[Any]) -> None:
        """What `read` gives, in `out`."""
        order = np.asarray(indices, dtype=np.intp)
        if isinstance(self.source, ArrayClip):
            frames = self.source.frames
            self._work([frames[index] for index in order.tolist()], order.tolist(), out)
            return
        for part in parts(self.source, order):
            places = order[part.start : part.stop]
            read = self.source.read(places)
            self._work(list(read), places.tolist(), out[part.start : part.stop])

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


def changed(clip: Clip, steps: tuple[Step, ...], frame: tuple[int, int, int]) -> Clip:
    """The clip with all frames changed; steps after steps are one walk over the frames."""
    if not steps:
        return clip
    if isinstance(clip, Changed):
        return Changed(clip.source, clip.steps + steps, frame)
    return Changed(clip, steps, frame)


def in_memory(clip: Clip) -> ArrayClip:
    """The clip with all its frames computed."""
    if isinstance(clip, ArrayClip):
        return clip
    order = np.arange(len(clip))
    room = given_room(clip.shape, clip.dtype)
    if room is None:
        return ArrayClip(clip.read(order), clip.times, clip.duration)
    if isinstance(clip, Changed):
        clip.read_into(order, room)
    else:
        for part in parts(clip, order):
            room[part.start : part.stop] = clip.read(order[part.start : part.stop])
    return ArrayClip(room, clip.times, clip.duration)


def _allowed() -> int:
    """Threads that this process may use: whoever tells OpenCV to use one means it."""
    return min(cores(), opencv.threads())
