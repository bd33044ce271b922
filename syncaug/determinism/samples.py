"""The samples of a check, read where they are asked for, and what becomes of one of them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Protocol

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.manifest import Entry
from syncaug.io.packed import unpacked
from syncaug.io.streams import load_sample
from syncaug.suspicions import Suspicions

__all__ = ["DROPPED_WORD", "OUTCOME", "Rows", "Samples", "augmented", "tried"]

OUTCOME = "(outcome)"
"""The entry of a result that is no sample: the error that it ended with, or that it was dropped."""
DROPPED_WORD = "dropped"
"""What stands there of a sample that the policy dropped."""

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
"""Where an object lies in memory, which is another place in each process."""


class Samples:
    """A map-style data set of entries; picklable, and each is read when it is asked for."""

    def __init__(
        self, entries: Sequence[Entry], policy: Augmenter, limits: Limits = LIMITS
    ) -> None:
        self.entries = list(entries)
        self._streams = {stream.name: stream for stream in policy.plan.streams}
        self._limits = limits
        self._files = ExitStack()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_files": ExitStack()}

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> dict[str, Any]:
        entry = self._files.enter_context(unpacked(self.entries[index]))
        return load_sample(entry, self._streams, limits=self._limits, suspicions=Suspicions())

    def close(self) -> None:
        """Let go of the files of the samples that were read, once nothing more is asked of them."""
        self._files.close()

    def key(self, index: int) -> str | int:
        """The key of a sample."""
        return self.entries[index].key

    def key_of(self, sample: Mapping[str, Any], index: int) -> str | int:
        """The same, as loaders ask for it."""
        return self.key(index)


class Rows(Protocol):
    """Samples by their place, with their keys; `close` lets go of the files of those read."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> dict[str, Any]: ...

    def key(self, index: int) -> str | int: ...

    def close(self) -> None: ...


def augmented(policy: Augmenter, samples: Rows, index: int, epoch: int) -> Any:
    """What a call of the policy gives for a sample, with its partner where it is mixed."""
    key = samples.key(index)
    place = policy.partner(key=key, epoch=epoch, n=len(samples), index=index)
    partner = None if place is None else partial(samples.__getitem__, place)
    return policy(samples[index], key=key, epoch=epoch, partner=partner)


def tried(call: Callable[..., Any], *arguments: Any) -> Mapping[str, Any]:
    """What a call gives as entries; an error is an entry, too, since it must be the same again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = call(*arguments)
        except Exception as error:
            return {OUTCOME: _ADDRESS.sub("0x...", f"{type(error).__name__}: {error}")}
    return {OUTCOME: DROPPED_WORD} if result is DROPPED else result
