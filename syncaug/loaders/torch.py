"""PyTorch: data sets whose samples come augmented, and what makes batches of them.

from torch.utils.data import DataLoader
from syncaug.loaders.torch import AugmentedDataset, collate

data = AugmentedDataset(dataset, policy, key="id")
loader = DataLoader(data, 16, collate_fn=data.collate, num_workers=4, persistent_workers=True)
for epoch in range(10):
    data.set_epoch(epoch)
    for batch in loader: ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from torch.utils.data import BatchSampler, Dataset, IterableDataset, get_worker_info

from syncaug.allocation import results_in
from syncaug.arguments import whole_of
from syncaug.augmenter import Augmenter
from syncaug.errors import ArgumentError, SampleError
from syncaug.loaders.batches import Collate, collate
from syncaug.loaders.calling import Calling, is_left_out
from syncaug.loaders.keys import INDEX, Key
from syncaug.loaders.levels import levels_of, restore_levels
from syncaug.loaders.requirements import (
    Handler,
    anew,
    brief,
    mapping_of,
    require_no_mixing,
    require_rows,
    require_samples,
)
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.loaders.shared_rooms import shared_room
from syncaug.loaders.twice import warn_of_two

__all__ = ["INDEX", "AugmentedDataset", "AugmentedIterable", "Collate", "EpochSampler", "collate"]


class AugmentedDataset(Dataset[Any]):
    """A map-style data set whose samples are augmented when they are fetched.

    `dataset` has a length and gives a mapping of streams for each index. `key` is the name of an
    entry of the sample, a function of the sample and its index, or `INDEX`; without one the index
    serves, with a warning. An entry that only holds the key need not be known to the policy. Where
    steps mix, the draw chooses another sample of the data set. `records` is the name of an entry
    that each sample gets: its record, which losses and models ask (`weights_of`, `dropped_of`).
    With `views=2` each sample is a list of two views, as `policy.views` gives them; `collate` puts
    them into a batch one behind the other, each a row with its key, as `layout_of` asks for.

    Results are the same bytes as those of `policy(sample, key=..., epoch=...)`, in whatever worker
    and order they are fetched. A sample that the policy drops is `syncaug.DROPPED`, which
    `collate` leaves out; so is a bad one, whose error `handler` is given and returns true.
    """

    def __init__(
        self,
        dataset: Any,
        policy: Augmenter,
        key: Key = None,
        *,
        handler: Handler | None = None,
        records: str = "",
        views: int = 0,
    ) -> None:
        require_rows("dataset", dataset)
        warn_of_two(dataset)
        self.dataset = dataset
        self._calling = Calling(policy, key, handler, records=records, views=views)
        self._epoch, self._told = SharedEpoch(policy.epoch), False

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before a loader is iterated; workers that stay see it, too."""
        self._epoch.set(epoch)
        self._told = True

    @property
    def collate(self) -> Collate:
        """What makes batches of the samples, by the modalities that the policy declares."""
        return Collate.of(self.policy)

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int | tuple[int, int]) -> Any:
        """The augmented sample of an index, or of (epoch, index) as `EpochSampler` gives it."""
        pair = isinstance(index, tuple) and len(index) == 2
        epoch, asked = index if pair else (self._epoch.value, index)  # type: ignore[misc]
        count, place = len(self.dataset), whole_of("index", asked, "the index of a sample")
        place += count if place < 0 else 0
        if not 0 <= place < count:
            raise IndexError(f"index {asked}: expected one of {count} samples")

        def partner(key: str | int) -> Any:
            views = self._calling.views
            other = self.policy.partner(key=key, epoch=epoch, n=count, index=place, views=views)
            return None if other is None else partial(self._streams, other)

        mixes = bool(self.policy.plan.mixing)
        with results_in(shared_room):
            return self._calling(
                lambda: self.dataset[place], place, epoch, partner if mixes else None
            )

    def _streams(self, index: int) -> Mapping[str, Any]:
        """The sample of an index as the policy sees it."""
        return self._calling.keys.parted(mapping_of(self.dataset[index]))[0]

    def state_dict(self) -> dict[str, Any]:
        """The epoch, and the states of schedules that learn, for a checkpoint.

        torchdata's StatefulDataLoader takes it along, and keeps the place itself.
        """
        return {"epoch": self.epoch, **levels_of(self.policy)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on in the epoch of a state, unless `set_epoch` has said one, and with its schedules.

        Raises SampleError where the state is of a schedule that the policy does not have.
        """
        epoch = _stood(state, "epoch")
        restore_levels(self.policy, state)
        if not self._told:
            self._epoch.set(epoch)


class EpochSampler:
    """Indices with the epoch in which their iteration began.

    Around the sampler of a loader it binds the epoch of `data` when an iteration starts: what is
    in flight then keeps its own, whenever `set_epoch` is called.

        loader = DataLoader(data, 16, sampler=EpochSampler(RandomSampler(data), data))

    The loader reads `data` itself, since a Subset or a ConcatDataset of it would not know what to
    do with an epoch: augment the subset instead. Raises ArgumentError for what is no
    AugmentedDataset, and for a sampler of batches, inside of which this one belongs.
    """

    def __init__(self, sampler: Any, data: AugmentedDataset) -> None:
        if not isinstance(data, AugmentedDataset):
            raise ArgumentError(
                "data",
                expected="the AugmentedDataset that the loader reads",
                came=brief(data),
                hint="Augment what it holds: AugmentedDataset(Subset(dataset, indices), policy, "
                "key=...).",
            )
        wrong = isinstance(sampler, BatchSampler | type | str | bytes)
        if wrong or not hasattr(sampler, "__iter__"):
            raise ArgumentError(
                "sampler",
                expected="a sampler of indices",
                came=brief(sampler),
                hint="Write EpochSampler(RandomSampler(data), data), and put a BatchSampler around "
                "it.",
            )
        self.sampler, self._data = sampler, data

    def __iter__(self) -> Iterator[tuple[int, int]]:
        epoch = self._data.epoch  # here, and not where the first index is asked for
        return ((epoch, whole_of("index", index, "one sample's index")) for index in self.sampler)

    def __len__(self) -> int:
        return len(self.sampler)

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, for the data and for a sampler that shuffles by it."""
        if hasattr(self.sampler, "set_epoch"):
            self.sampler.set_epoch(epoch)
        self._data.set_epoch(epoch)


class AugmentedIterable(IterableDataset[Any]):
    """An iterable data set whose samples are augmented as they come.

    `dataset` is iterable any number of times and gives mappings of streams. `key` is as for
    `AugmentedDataset`; the index is the place of a sample in the whole of `dataset`. The epoch is
    bound when an iteration starts. A data set that does not share itself out (`shares=False`, and
    lists and other sequences) is shared out here: each worker takes every n-th sample. One that
    does has no index that all workers agree on, and needs a key. Of an iterator, such as a
    generator, nobody can see whether it does: several workers want `shares` said. What the policy
    drops is left out, and so are bad samples whose error `handler` is given and returns true.
    `records` and `views` are as for `AugmentedDataset`; of a sample some of whose views are
    dropped, these are `DROPPED` in its list. Raises SampleError for a policy that mixes.
    """

    def __init__(
        self,
        dataset: Iterable[Any],
        policy: Augmenter,
        key: Key = None,
        *,
        shares: bool | None = None,
        handler: Handler | None = None,
        records: str = "",
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, "a stream of samples has no places to choose a partner from")
        require_samples("dataset", dataset)
        if not hasattr(dataset, "__iter__"):
            raise ArgumentError(
                "dataset",
                expected="what can be iterated",
                came=brief(dataset),
                hint="AugmentedDataset takes a map-style data set.",
            )
        if not isinstance(shares, bool | None):
            raise ArgumentError(
                "shares",
                expected="True where the data set shares itself out among workers, or False",
                came=brief(shares),
            )
        warn_of_two(dataset)
        self.dataset = dataset
        self._calling = Calling(policy, key, handler, records=records, views=views)
        self._epoch, self._told = SharedEpoch(policy.epoch), False
        self._unsaid = shares is None and isinstance(dataset, Iterator)
        self._shares = shares is not False and not _is_sequence(dataset)
        self._bound: int | None = None
        self._done, self._ended = 0, False
        self._resumed: tuple[int, int] | None = None

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch at the next iteration; workers that stay see it, and so does `dataset`."""
        self._epoch.set(epoch)
        self._told = True
        if hasattr(self.dataset, "set_epoch"):
            self.dataset.set_epoch(epoch)

    @property
    def collate(self) -> Collate:
        """What makes batches of the samples, by the modalities that the policy declares."""
        return Collate.of(self.policy)

    def __iter__(self) -> Iterator[Any]:
        epoch, self._done = self._resumed or (self._epoch.value, 0)
        samples = anew(self.dataset, self._bound is not None)
        self._bound, self._resumed, self._ended = epoch, None, False
        worker = get_worker_info()
        several = worker is not None and worker.num_workers > 1
        if several and self._shares and self._calling.keys.key is INDEX:
            raise SampleError(
                "key",
                what="argument",
                expected="a key that is the same in every worker: an index counts what one worker "
                "reads",
                came="the index, in several workers",
                hint="Name an entry, key='id', or say shares=False where the data set does not "
                "share itself out among workers.",
            )
        if worker is not None and several and self._unsaid:
            raise SampleError(
                "shares",
                what="argument",
                expected="a word on whether an iterator gives each worker samples of its own",
                came=f"none, and {brief(self.dataset)} in {worker.num_workers} workers",
                hint="Say shares=False where every worker's copy of it gives all samples, as that "
                "of a plain generator does; then each takes a part. Or shares=True.",
            )
        first, step = (worker.id, worker.num_workers) if worker and not self._shares else (0, 1)
        return self._samples(samples, epoch, first, step)

    def _samples(self, samples: Iterator[Any], epoch: int, first: int, step: int) -> Iterator[Any]:
        """The augmented samples of one in `step` places, after those that were done before."""
        skip = self._done
        for index, item in enumerate(samples):
            if index % step != first or index // step < skip:
                continue
            with results_in(shared_room):
                out = self._calling(partial(_same, item), index, epoch)
            self._done += 1
            if not is_left_out(out):
                yield out
        self._ended = True

    def state_dict(self) -> dict[str, Any]:
        """Where an iteration stands, and schedules, for torchdata's StatefulDataLoader."""
        if self._resumed:
            epoch, done = self._resumed
        elif self._bound is None or (self._ended and get_worker_info() is None):
            epoch, done = self.epoch, 0
        # A worker that is through with its share, while others are not, has nothing more to give.
        else:
            epoch, done = self._bound, self._done
        return {"epoch": epoch, "done": done, **levels_of(self.policy)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on after the samples that were given before, which are read and not augmented.

        The iteration that was begun keeps its epoch; `set_epoch` says that of the next ones.
        """
        epoch, done = _stood(state, "epoch"), _stood(state, "done")
        restore_levels(self.policy, state)
        self._resumed = (epoch, done) if done else None
        if not self._told:
            self._epoch.set(epoch)


def _is_sequence(dataset: Any) -> bool:
    """Whether it gives samples by their places, so that each worker would read all of them."""
    if isinstance(dataset, IterableDataset):  # whose base has the method that it lacks
        return False
    return hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__")


def _same(item: Any) -> Any:
    return item


def _stood(state: Any, name: str) -> int:
    """A number of a state. Raises ArgumentError for what `state_dict` of these data never gave."""
    if not isinstance(state, Mapping) or name not in state:
        raise ArgumentError(
            "state",
            expected=f"what state_dict() of such data gave, with {name!r}",
            came=brief(state),
            hint="The state of a whole StatefulDataLoader goes to its own load_state_dict.",
        )
    return whole_of(f"state[{name!r}]", state[name], "an integer from 0 on", least=0)
