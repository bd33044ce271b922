"""Handles of streams in files: what `load_sample` puts in the place of what nobody has read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Indices
from syncaug.clips.kept_clip import KeptClip
from syncaug.errors import ManifestError
from syncaug.io.problem import FileProblem
from syncaug.io.video import FileClip
from syncaug.unread import Unread, UnreadFilm, UnreadSound

__all__ = ["FilmInFile", "Read", "SoundInFile", "SpanReader", "WholeFile"]

Placed = Callable[[FileProblem], ManifestError]
"""The error of a sample's stream for what is wrong with its file."""
Read = Callable[[], Any]


class WholeFile(Unread):
    """A stream that is read whole or not at all: `read` does it, `empty` makes one like it."""

    def __init__(
        self, path: Path, read: Read, placed: Placed, empty: Read | None = None, number: int = 0
    ) -> None:
        self.path, self.number = path, number
        self._read, self._placed, self._empty = read, placed, empty
        self._value: Any = None

    @property
    def is_read(self) -> bool:
        return self._value is not None

    def value(self) -> Any:
        if self._value is None:
            try:
                self._value = self._read()
            except FileProblem as problem:
                raise self._placed(problem) from None
        return self._value

    def blank(self) -> Any:
        if self._empty is None:
            return None
        try:
            return self._empty()
        except FileProblem as problem:
            raise self._placed(problem) from None


class _Placed:
    """A clip whose errors name the sample that it belongs to."""

    def __init__(self, clip: FileClip, placed: Placed) -> None:
        self._clip, self._placed = clip, placed
        self.shape, self.dtype = clip.shape, clip.dtype

    def read_into(self, indices: Indices, rows: Sequence[NDArray[Any]]) -> None:
        try:
            self._clip.decode_into(indices, rows)
        except FileProblem as problem:
            raise self._placed(problem) from None


class FilmInFile(UnreadFilm):
    """A film that would fit into memory; `form` is what stands beside its frames, if anything."""

    def __init__(
        self,
        clip: FileClip,
        times: NDArray[np.float64],
        duration: float,
        fps: float,
        form: Mapping[str, Any] | None,
        channels_first: bool,
        placed: Placed,
    ) -> None:
        self.path, self.number = clip.path, clip.number
        self._file, self._form, self._first = clip, form, channels_first
        self.rate = 0.0 if form and "timestamps" in form else fps
        self._clip = KeptClip(_Placed(clip, placed), times, duration, fps)

    @property
    def clip(self) -> KeptClip:
        return self._clip

    @property
    def is_read(self) -> bool:
        return self._clip.is_read

    def value(self) -> Any:
        frames = self._clip.read(np.arange(len(self._clip)))
        self._file.close()
        if self._first:
            frames = np.ascontiguousarray(frames.transpose(0, 3, 1, 2))
        return self.around(frames)

    def around(self, frames: Any) -> Any:
        return frames if self._form is None else {"frames": frames, **self._form}


class SpanReader(ABC):
    """What reads blocks of a sound: `shape` (C, T), `rate`, and samples in a `block`."""

    shape: tuple[int, int]
    rate: int
    block: int

    @abstractmethod
    def read(self, first: int, last: int) -> NDArray[np.float32]:
        """Blocks first..last (excluded), (C, n). Raises FileProblem."""


class SoundInFile(UnreadSound):
    """A sound of which only the blocks that are asked for are decoded, each once."""

    def __init__(
        self, path: Path, number: int, reader: SpanReader, wrapped: bool, placed: Placed
    ) -> None:
        self.path, self.number, self.rate = path, number, float(reader.rate)
        self._reader, self._wrapped, self._placed = reader, wrapped, placed
        self._room: NDArray[np.float32] | None = None
        self._there = np.zeros(-(-reader.shape[1] // reader.block), bool)

    @property
    def shape(self) -> tuple[int, int]:
        return self._reader.shape

    @property
    def is_read(self) -> bool:
        return bool(self._there.all())

    @property
    def decoded(self) -> int:
        """How many samples of each channel were decoded."""
        return min(int(np.count_nonzero(self._there)) * self._reader.block, self.shape[1])

    def window(self, low: int, high: int) -> NDArray[np.float32]:
        if self._room is None:  # the system gives memory as it is written to
            self._room = np.zeros(self.shape, np.float32)
        block = self._reader.block
        first, last = low // block, -(-high // block)
        missing = first + np.flatnonzero(~self._there[first:last])
        for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1):
            if run.size:
                begin, end = int(run[0]), int(run[-1]) + 1
                try:
                    samples = self._reader.read(begin, end)
                except FileProblem as problem:
                    raise self._placed(problem) from None
                self._room[:, begin * block : begin * block + samples.shape[1]] = samples
                self._there[begin:end] = True
        return self._room[:, low:high]

    def value(self) -> Any:
        return self.around(self.window(0, self.shape[1]))

    def around(self, array: NDArray[Any]) -> Any:
        array = array[0] if len(array) == 1 else array
        return {"array": array, "sampling_rate": int(self.rate)} if self._wrapped else array
