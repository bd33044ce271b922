"""Grain: transformations for its data sets and its DataLoader.

from syncaug.loaders.grain import Augment, AugmentByIndex

data = grain.MapDataset.source(source).map_with_index(AugmentByIndex(policy, "id", len(source)))
for sample in data.shuffle(seed=1).repeat(10): ...          # epochs from the index

augment = Augment(policy, key="id")
loader = grain.DataLoader(data_source=source, sampler=sampler, operations=[augment])
augment.set_epoch(3)                                        # for the iterators that begin now
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from grain import transforms

from syncaug.arguments import whole_of
from syncaug.augmenter import Augmenter
from syncaug.errors import ArgumentError, SampleError
from syncaug.loaders.calling import Calling, is_left_out
from syncaug.loaders.keys import Key
from syncaug.loaders.requirements import Handler, brief, require_no_mixing
from syncaug.loaders.shared_epoch import SharedEpoch

__all__ = ["Augment", "AugmentByIndex"]

_NO_INDEX = "a Map is not told the index; AugmentByIndex on a MapDataset is"
_ALONE = "Grain hands over single elements, without a partner"


class Augment(transforms.Map):  # type: ignore[misc]
    """A Map for `MapDataset.map`, `IterDataset.map`, and operations of a DataLoader.

    `key` is the name of an entry, or a function of an element, since a Map is not told an index.
    All elements are of the epoch that `set_epoch` says, in worker processes, too: for loaders that
    are iterated once for each epoch. Where a data set repeats itself, take `AugmentByIndex`. What
    the policy drops, and bad elements that `handler` leaves out, are None, which Grain's
    MapDatasets leave out. `records` is the name of an entry that each element gets, its record;
    with `views=2` an element is a list of two views, as `policy.views` gives them, of which those
    that the policy drops are `DROPPED`: `batch(4, batch_fn=syncaug.loaders.torch.collate)` puts
    them one behind the other.

    Raises SampleError for a policy that mixes, and without a key.
    """

    def __init__(
        self,
        policy: Augmenter,
        key: Key = None,
        handler: Handler | None = None,
        *,
        records: str = "",
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, _ALONE)
        self._calling = Calling(
            policy, key, handler, no_place=_NO_INDEX, records=records, views=views
        )
        self._epoch = SharedEpoch(policy.epoch)

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before a data set or loader is iterated."""
        self._epoch.set(epoch)

    def map(self, element: Any) -> Any:
        """The augmented element, or None."""
        return _given(self._calling(lambda: element, 0, self._epoch.value))

    def __call__(self, *given: Any) -> Any:
        """Raises ArgumentError: Grain calls what it does not take as a Map."""
        raise ArgumentError(
            "Augment",
            expected="to stand in map(...), or in the operations of a DataLoader",
            came=f"a call with {', '.join(map(brief, given)) or 'nothing'}",
            hint="Write data.map(Augment(policy, key)); where the index tells the epoch "
            "data.map_with_index(AugmentByIndex(policy, key, size)).",
        )


class AugmentByIndex(transforms.MapWithIndex):  # type: ignore[misc]
    """A MapWithIndex that reads the epoch off the index: `index // size` after the policy's own.

    `size` is how many elements an epoch has: the length of the source. On a MapDataset it stands
    before `repeat`, or behind it, and before or behind `shuffle`; in the operations of a DataLoader
    it reads the index of the record. A checkpoint of an iterator needs nothing of it. `key` is as
    for `Augment`; with INDEX, or without a key and with a warning, it is the place in the source:
    such a transformation stands before `shuffle`, and in a DataLoader the record's key is taken.
    `records` and `views` are as for `Augment`.
    """

    def __init__(
        self,
        policy: Augmenter,
        key: Key,
        size: int,
        handler: Handler | None = None,
        *,
        records: str = "",
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, _ALONE)
        self.size = whole_of(
            "size", size, "how many elements an epoch has, an integer from 1 on", least=1
        )
        self._calling = Calling(policy, key, handler, records=records, views=views)

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    def map_with_index(self, index: int, element: Any) -> Any:
        """The augmented element, or None.

        Raises SampleError for an index below 0, which is of no epoch.
        """
        place = whole_of("index", index, "the place of an element, an integer")
        if place < 0:
            raise SampleError(
                "index",
                what="argument",
                expected="the place of an element from 0 on, which tells its epoch",
                came=f"{place}",
                hint="Count from the beginning: data[len(data) - 1] is the last one.",
            )
        return _given(self._made(place, place % self.size, element))

    def __call__(self, records: Any, *more: Any) -> Iterator[Any]:
        """Records of a DataLoader, of which those that the policy drops are gone."""
        single = more or not isinstance(records, Iterable) or isinstance(records, Mapping | str)
        if single:
            raise _no_records(records)
        return self._records(records)

    def _records(self, records: Iterable[Any]) -> Iterator[Any]:
        for record in records:
            if not hasattr(record, "metadata"):
                raise _no_records(record)
            about = record.metadata
            place = about.index % self.size if about.record_key is None else about.record_key
            out = self._made(about.index, place, record.data)
            if not is_left_out(out):
                yield replace(record, data=out)

    def _made(self, index: int, place: int, element: Any) -> Any:
        epoch = self.policy.epoch + int(index) // self.size
        return self._calling(lambda: element, int(place), epoch)


def _no_records(came: Any) -> ArgumentError:
    return ArgumentError(
        "AugmentByIndex",
        expected="records of a DataLoader",
        came=f"a single element, {brief(came)}",
        hint="Write data.map_with_index(...) instead of data.map(...), or take Augment, a Map.",
    )


def _given(out: Any) -> Any:
    return None if is_left_out(out) else out
