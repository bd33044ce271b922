"""Which key a loader's sample has: an entry of it, a function of it, or its index."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

from syncaug.augmenter import Augmenter
from syncaug.errors import SampleError, SampleWarning

__all__ = ["INDEX", "Key", "Keys", "declared_of"]


class _Index:
    """The index of a sample in its data set as its key."""

    def __repr__(self) -> str:
        return "INDEX"

    def __reduce__(self) -> str:
        return "INDEX"


INDEX: Final = _Index()
"""Says that a sample's key is its index, which is right where data sets are never filtered."""

Key = str | Callable[[Mapping[str, Any], int], str | int] | _Index | None
"""The name of an entry, a function of a sample and its index, or INDEX; None chooses it unasked."""


def declared_of(policy: Augmenter) -> frozenset[str]:
    """All entries of a sample that a policy knows."""
    plan = policy.plan
    parallel = {key for stream in plan.streams for key in stream.parallel_keys}
    return frozenset({*(stream.name for stream in plan.streams), *parallel, *plan.untouched})


class Keys:
    """The key of each sample, and the sample without the entry that only holds it.

    Without a key the index serves, and the user is told so once: a data set that is filtered or
    sorted anew gives other indices, and so other draws, to the same samples.
    """

    __slots__ = ("_declared", "key")

    def __init__(self, key: Key, declared: frozenset[str], *, stacklevel: int = 4) -> None:
        """`declared` are the entries that the policy knows, `stacklevel` where a warning points."""
        if key is None:
            warnings.warn(
                SampleWarning(
                    "the index of a sample serves as its key, since no key= was given: a filtered "
                    "or sorted data set would draw anew. Name an entry (key='id'), give a function "
                    "of sample and index, or say key=syncaug.loaders.INDEX"
                ),
                stacklevel=stacklevel,
            )
        self.key = INDEX if key is None else key
        self._declared = declared

    def of(self, sample: Mapping[str, Any], index: int) -> str | int:
        """The key of a sample. Raises SampleError where its entry is missing."""
        key = self.key
        if isinstance(key, _Index):
            return index
        if not isinstance(key, str):
            return key(sample, index)
        if key not in sample:
            raise SampleError(
                "key",
                expected=f"an entry {key!r} in each sample, which tells its key",
                came=f"only {', '.join(map(repr, sample))}"[:120],
                hint="Name another entry: key=NAME, or say key=syncaug.loaders.INDEX.",
            )
        value = sample[key]
        found: str | int = value.item() if hasattr(value, "item") else value
        return found

    def parted(self, sample: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """What the policy sees of a sample, and the key's entry where that is not declared."""
        key = self.key
        if isinstance(key, str) and key in sample and key not in self._declared:
            return {name: value for name, value in sample.items() if name != key}, {
                key: sample[key]
            }
        return sample, {}
