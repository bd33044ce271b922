"""Parallel lists: classes, ids, areas and others that run beside a stream's rows, entry for entry.

A row that goes takes its entries along, and a partner's rows bring theirs. Lists, tuples and arrays
keep their form and dtype. A list named `area` tells the pixels of each row's thing, as COCO's
segmentations have them: it is multiplied by the share of the thing that is left and by how much the
picture grew there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.pairs import joined
from syncaug.modalities.sides import Sides, texts_of
from syncaug.modalities.whole_numbers import in_whole_numbers

__all__ = ["ParallelLists"]

_AREAS = frozenset({"area", "areas"})
"""Names of lists that hold pixels, which a change of size changes."""


class ParallelLists:
    """The lists beside one stream by their keys in the sample; none that came is written to."""

    __slots__ = ("lists",)

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self.lists = dict(lists)

    @classmethod
    def beside(cls, carrier: Carrier, count: int) -> ParallelLists:
        """Those that the stream's `labels:` names, each of `count` entries. Raises SampleError."""
        lists = {key: carrier.parallel(key, count) for key in carrier.stream.label_keys}
        for key in _AREAS & set(lists):
            _require_numbers(key, lists[key])
        return cls(lists)

    def __bool__(self) -> bool:
        return bool(self.lists)

    @property
    def names(self) -> Any:
        """The list that says what the rows are: the first of texts, else the first of all."""
        texts = (values for values in self.lists.values() if _is_of_texts(values))
        return next(texts, next(iter(self.lists.values()), ()))

    def taken(self, kept: Any) -> ParallelLists:
        """The entries at the indices `kept`."""
        return ParallelLists({key: plural_key(values, kept) for key, values in self.lists.items()})

    def joined(self, partner: ParallelLists) -> ParallelLists:
        """The entries of both, the own ones first; forms and keys are those of the own lists."""
        return ParallelLists(
            {key: joined(values, partner.lists[key]) for key, values in self.lists.items()}
        )

    def mirrored(self, sides: Sides) -> ParallelLists:
        """The entries of the other side: of all texts by name, or by pairs where `names` are."""
        named = self.names
        return ParallelLists(
            {
                key: sides.swapped(values) if sides.by_name or values is named else values
                for key, values in self.lists.items()
            }
        )

    def texts(self) -> Iterator[str]:
        """All entries that are texts."""
        return (text for values in self.lists.values() for text in texts_of(values))

    def scaled(self, factors: NDArray[np.float64], carrier: Carrier) -> ParallelLists:
        """Areas multiplied by one factor for each entry."""
        if _AREAS.isdisjoint(self.lists) or bool((factors == 1.0).all()):
            return self
        return ParallelLists(
            {
                key: _scaled(key, values, factors, carrier) if key in _AREAS else values
                for key, values in self.lists.items()
            }
        )


def _is_of_texts(values: Sequence[Any] | NDArray[Any]) -> bool:
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return values.dtype.kind in "US"
    return any(isinstance(value, str | bytes) for value in values)


def _require_numbers(key: str, values: Any) -> None:
    for index, value in enumerate(values):
        if isinstance(value, str | bool) or not isinstance(value, int | float | np.number):
            raise SampleError(
                key,
                expected="the pixels of each row, as numbers",
                came=f"entry {index}: {describe(value)}",
                hint="Give the list another name if it holds something else.",
            )


def _scaled(key: str, values: Any, factors: NDArray[np.float64], carrier: Carrier) -> Any:
    numbers = np.asarray(values, dtype=np.float64) * factors
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iu":
            return in_whole_numbers(np.rint(numbers), values.dtype, carrier, key)
        return numbers.astype(values.dtype)
    entries = [
        round(number) if isinstance(value, int | np.integer) else number
        for value, number in zip(values, numbers.tolist(), strict=True)
    ]
    return type(values)(entries)
