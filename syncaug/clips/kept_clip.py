"""A clip whose frames stay in memory once they were decoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Indices

__all__ = ["Decoding", "KeptClip"]


class Decoding(Protocol):
    """What decodes frames (n, H, W, C) into memory that is there."""

    shape: tuple[int, int, int, int]
    dtype: np.dtype[Any]

    def read_into(self, indices: Indices, rows: Sequence[NDArray[Any]]) -> None:
        """Write frames of ascending places, each into one of `rows`, (H, W, C)."""
        ...


class KeptClip:
    """A clip that decodes each frame of `source` once; its frames follow `times`."""

    def __init__(
        self, source: Decoding, times: NDArray[np.float64], duration: float, fps: float
    ) -> None:
        self._source, self.times, self.duration, self.fps = source, times, duration, fps
        self._room: NDArray[Any] | None = None
        self._there = np.zeros(source.shape[0], bool)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self._source.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._source.dtype

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def is_read(self) -> bool:
        """Whether every frame is in memory."""
        return bool(self._there.all())

    @property
    def decoded(self) -> int:
        """How many frames were decoded."""
        return int(np.count_nonzero(self._there))

    @property
    def room(self) -> NDArray[Any]:
        """Memory for all frames, which the system gives as they are written."""
        if self._room is None:
            self._room = np.empty(self.shape, self.dtype)
        return self._room

    def read(self, indices: Indices) -> NDArray[Any]:
        order = np.asarray(indices, dtype=np.intp)
        room = self.room
        missing = np.unique(order[~self._there[order]])
        if missing.size:
            self._source.read_into(missing, [room[place] for place in missing.tolist()])
            self._there[missing] = True
        if order.size and np.array_equal(order, np.arange(order[0], order[0] + order.size)):
            return room[order[0] : order[0] + order.size]
        return room[order]
