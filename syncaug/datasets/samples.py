"""The samples of a data set: each is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from syncaug.errors import ManifestError, SyncaugError

__all__ = ["SOURCE", "Samples"]

SOURCE = "source"
"""The entry of a sample that tells where it comes from, and what its data set says beside it.

A policy lists it under `untouched:`; `write` reads it.
"""


@dataclass(frozen=True, slots=True)
class Samples(Sequence[dict[str, Any]]):
    """A sequence of samples, read from their files one by one; safe to hand to a loader's workers.

    `keys` are their keys in the same order, for `policy(sample, key=...)`; each sample tells its
    own as `sample["source"]["key"]`. Reading raises ManifestError where a file is not as the data
    set's format has it.
    """

    keys: tuple[str | int, ...]
    load: Callable[[int], dict[str, Any]]
    files: tuple[str, ...] = ()
    """What the samples' files are called, where that is not their key."""
    meta: Any = None
    """What the data set says of itself, for the tables of results; None for kinds without it."""

    def told(self, place: int) -> str:
        """What results of a sample are named after."""
        return self.files[place] if self.files else str(self.keys[place])

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(index, slice):
            return [self._read(place) for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"sample {index} of {len(self)}")
        return self._read(place)

    def _read(self, place: int) -> dict[str, Any]:
        try:
            return self.load(place)
        except SyncaugError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise ManifestError(
                f"sample {self.keys[place]!r}: expected annotations and files as the data set's "
                f"format has them; reading them failed: {type(error).__name__}: {error}"[:400]
            ) from error

    def __repr__(self) -> str:
        return f"<{len(self)} samples>"
