"""A clip of other frames of a clip, chosen by time and read when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Clip, Indices
from syncaug.clips.frame_time import NOTHING, Choice

__all__ = ["Chosen", "chosen"]


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


def chosen(clip: Clip, choice: Choice, fps: float, fill: float | Sequence[float]) -> Clip:
    """The clip of the chosen frames."""
    return Chosen(clip, choice, fps, fill)
