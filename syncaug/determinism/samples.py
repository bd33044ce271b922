"""The samples of a check, read where they are asked for, and what becomes of one of them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.manifest import Entry
from syncaug.io.streams import load_sample
from syncaug.suspicions import Suspicions

__all__ = ["OUTCOME", "Samples", "augmented", "outcome_of", "tried"]

OUTCOME = "(outcome)"
"""The entry of a result that is no sample: the error that it ended with, or that it was dropped."""

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

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return load_sample(
            self.entries[index],
            self._streams,
            limits=self._limits,
            suspicions=Suspicions(),
        )

    def key_of(self, sample: Mapping[str, Any], index: int) -> str | int:
        """The key of a sample, as loaders ask for it."""
        return self.entries[index].key


def augmented(policy: Augmenter, samples: Samples, index: int, epoch: int) -> Any:
    """What a call of the policy gives for a sample, with its partner where it is mixed."""
    key = samples.entries[index].key
    place = policy.partner(key=key, epoch=epoch, n=len(samples), index=index)
    partner = None if place is None else partial(samples.__getitem__, place)
    return policy(samples[index], key=key, epoch=epoch, partner=partner)


def outcome_of(result: Any) -> Mapping[str, Any]:
    """A result as entries to compare, whether it is a sample or was dropped."""
    return {OUTCOME: "dropped"} if result is DROPPED else result


def tried(call: Any, *arguments: Any) -> Mapping[str, Any]:
    """What a call gives as entries; an error is an entry, too, since it must be the same again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return outcome_of(call(*arguments))
        except Exception as error:
            return {OUTCOME: _ADDRESS.sub("0x...", f"{type(error).__name__}: {error}")}
