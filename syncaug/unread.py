"""Streams that are still in their files: read when they are asked for, and only as far as that.

A policy's draw says which frames and samples of a film or a sound are shown, and which streams show
nothing, before a sample is touched. So what `load_sample` gives are handles of this module beneath
a mapping that reads what is looked at; carriers take the handles themselves. What was read is kept
in the handle: a second attempt, or the digest of a record, reads nothing again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from syncaug.clips.kept_clip import KeptClip

__all__ = [
    "IN_MEMORY",
    "LoadedSample",
    "Unread",
    "UnreadFilm",
    "UnreadSound",
    "opened",
    "readable",
    "unread_or_value",
]

IN_MEMORY = frozenset({np.ndarray, str, list, dict, tuple, int, float})
"""Types of most streams, of which it is seen at once that they are in no file."""


class Unread(ABC):
    """A stream in its file: `path` and track `number` tell which."""

    path: Path
    number: int

    @property
    @abstractmethod
    def is_read(self) -> bool:
        """Whether all of it is in memory."""

    @abstractmethod
    def value(self) -> Any:
        """The whole stream, as its sample holds it. Raises ManifestError."""

    def blank(self) -> Any:
        """A stream of the same form that was not decoded; None where only its content tells that.

        Raises ManifestError.
        """
        return None


class UnreadFilm(Unread):
    """A film of which single frames can be read; `rate` is 0 where it comes with timestamps."""

    rate: float

    @property
    @abstractmethod
    def clip(self) -> KeptClip:
        """Its frames, which keep what is read of them."""

    @abstractmethod
    def around(self, frames: Any) -> Any:
        """Frames in the form in which the whole film would come."""


class UnreadSound(Unread):
    """A sound of which spans can be read: it looks like an array (C, T) of float32."""

    rate: float
    dtype = np.dtype(np.float32)
    ndim = 2

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """Channels and samples."""

    @abstractmethod
    def window(self, low: int, high: int) -> NDArray[np.float32]:
        """Samples low..high of all channels, not to be written to. Raises ManifestError."""

    @abstractmethod
    def around(self, array: NDArray[Any]) -> Any:
        """Samples (C, T) in the form in which the whole sound would come."""

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, place: tuple[slice, slice]) -> Any:
        _, samples = place
        if samples.step == -1:
            return _Backwards(self)
        low, high, _ = samples.indices(self.shape[1])
        return self.window(low, max(low, high))


class _Backwards:
    """A sound that is read from its end."""

    dtype, ndim = UnreadSound.dtype, 2

    def __init__(self, sound: UnreadSound) -> None:
        self._sound, self.shape = sound, sound.shape

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, place: tuple[slice, slice]) -> NDArray[np.float32]:
        low, high, _ = place[1].indices(self.shape[1])
        count = self.shape[1]
        return self._sound.window(count - max(low, high), count - low)[:, ::-1]


class LoadedSample(dict[str, Any]):
    """A sample from files. What is looked at is read then, and kept.

    `handles` is the same sample as policies take it, with handles in the place of what nobody has
    read yet.
    """

    @property
    def handles(self) -> dict[str, Any]:
        return {name: dict.__getitem__(self, name) for name in dict.keys(self)}

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Unread):
            value = value.value()
        return value

    def __iter__(self) -> Iterator[str]:  # so that dict(sample) and {**sample} read, too
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401 (which is this method)

    def values(self) -> Any:
        return [self[name] for name in self]

    def items(self) -> Any:
        return [(name, self[name]) for name in self]

    def pop(self, name: str, *default: Any) -> Any:
        if name in self:
            value = self[name]
            del self[name]
            return value
        return super().pop(name, *default)

    def copy(self) -> dict[str, Any]:
        return dict(self)

    def __or__(self, other: Any) -> Any:
        return dict(self) | other

    def __eq__(self, other: object) -> bool:
        return dict(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __repr__(self) -> str:
        return repr(self.handles)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.handles,)


def readable(sample: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same sample, of which what is looked at is read then."""
    if isinstance(sample, LoadedSample):
        return sample
    unread = any(isinstance(value, Unread) for value in sample.values())
    return LoadedSample(sample) if unread else sample


def unread_or_value(sample: Mapping[str, Any], name: str) -> Any:
    """A stream of a sample, as a handle where nobody has read it: carriers read parts of it."""
    return dict.__getitem__(sample, name) if isinstance(sample, LoadedSample) else sample[name]


def opened(sample: Mapping[str, Any]) -> dict[str, Any]:
    """A sample with every handle read. Raises ManifestError."""
    return {
        name: value.value() if isinstance(value, Unread) else value
        for name, value in sample.items()
    }
