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
from typing import Any, cast

from torch.utils.data import Dataset, IterableDataset, get_worker_info

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import SampleError
from syncaug.loaders.batches import Collate, collate
from syncaug.loaders.keys import INDEX, Key, Keys, declared_of
from syncaug.loaders.shared_epoch import SharedEpoch

__all__ = ["INDEX", "AugmentedDataset", "AugmentedIterable", "Collate", "EpochSampler", "collate"]


class AugmentedDataset(Dataset[Any]):
    """A map-style data set whose samples are augmented when they are fetched.

    `dataset` has a length and gives a mapping of streams for each index. `key` is the name of an
    entry of the sample, a function of the sample and its index, or `INDEX`; without one the index
    serves, with a warning. An entry that only holds the key need not be known to the policy. Where
    steps mix, the draw chooses another sample of the data set.

    Results are the same bytes as those of `policy(sample, key=..., epoch=...)`, in whatever worker
    and order they are fetched. A sample that the policy drops is `syncaug.DROPPED`, which
    `collate` leaves out.
    """

    def __init__(self, dataset: Any, policy: Augmenter, key: Key = None) -> None:
        for needed in ("__getitem__", "__len__"):
            if not hasattr(dataset, needed):
                raise TypeError(
                    f"dataset: expected a map-style data set with {needed}; got "
                    f"{type(dataset).__name__}. AugmentedIterable takes what can only be iterated."
                )
        self.dataset, self.policy = dataset, policy
        self._keys = Keys(key, declared_of(policy))
        self._epoch = SharedEpoch(policy.epoch)

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before a loader is iterated; workers that stay see it, too."""
        self._epoch.set(epoch)

    @property
    def collate(self) -> Collate:
        """What makes batches of the samples, by the modalities that the policy declares."""
        return Collate.of(self.policy)

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int | tuple[int, int]) -> Any:
        """The augmented sample of an index, or of (epoch, index) as `EpochSampler` gives it."""
        epoch, place = index if isinstance(index, tuple) else (self._epoch.value, index)
        count = len(self.dataset)
        place = int(place) + count if int(place) < 0 else int(place)
        sample = _mapping(self.dataset[place])
        key = self._keys.of(sample, place)
        own, aside = self._keys.parted(sample)
        other = self.policy.partner(key=key, epoch=epoch, n=count, index=place)
        partner = None if other is None else partial(self._streams, other)
        out = self.policy(own, key=key, epoch=epoch, partner=partner)
        return out if out is DROPPED or not aside else {**aside, **out}

    def _streams(self, index: int) -> Mapping[str, Any]:
        """The sample of an index as the policy sees it."""
        return self._keys.parted(_mapping(self.dataset[index]))[0]


class EpochSampler:
    """Indices with the epoch in which their iteration began.

    Around the sampler of a loader it binds the epoch of `data` when an iteration starts: what is
    in flight then keeps its own, whenever `set_epoch` is called.

        loader = DataLoader(data, 16, sampler=EpochSampler(RandomSampler(data), data))
    """

    def __init__(self, sampler: Any, data: AugmentedDataset) -> None:
        self.sampler, self._data = sampler, data

    def __iter__(self) -> Iterator[tuple[int, int]]:
        epoch = self._data.epoch
        for index in self.sampler:
            yield epoch, int(index)

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
    `AugmentedDataset`; the index is the place of a sample in what this process iterates, so that
    data sets that share themselves out among workers need a key. The epoch is bound when an
    iteration starts. A data set that does not share itself out (`shares=False`) is shared out here:
    each worker takes every n-th sample. What the policy drops is left out. Steps that mix take from
    `partners`, a function of how many samples and the key, if given.
    """

    def __init__(
        self, dataset: Iterable[Any], policy: Augmenter, key: Key = None, *, shares: bool = True
    ) -> None:
        if policy.plan.mixing:
            raise SampleError(
                "partner",
                expected="a policy without steps that mix, since a stream of samples has no places "
                "to choose a partner from",
                came=f"steps {', '.join(policy.plan.mixing)}",
                hint="Use AugmentedDataset.",
            )
        self.dataset, self.policy = dataset, policy
        self._keys = Keys(key, declared_of(policy))
        self._epoch, self._shares = SharedEpoch(policy.epoch), shares
        self._bound = self._done = self._skip = 0

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch at the next iteration; workers that stay see it, and so does `dataset`."""
        self._epoch.set(epoch)
        if hasattr(self.dataset, "set_epoch"):
            self.dataset.set_epoch(epoch)

    @property
    def collate(self) -> Collate:
        """What makes batches of the samples, by the modalities that the policy declares."""
        return Collate.of(self.policy)

    def __iter__(self) -> Iterator[Any]:
        epoch = self._bound = self._epoch.value
        skip, self._skip = self._skip, 0
        self._done = skip
        worker = None if self._shares else get_worker_info()
        first, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for index, item in enumerate(self.dataset):
            if index % step != first or index // step < skip:
                continue
            sample = _mapping(item)
            key = self._keys.of(sample, index)
            own, aside = self._keys.parted(sample)
            out = self.policy(own, key=key, epoch=epoch)
            self._done += 1
            if out is not DROPPED:
                yield {**aside, **out} if aside else out

    def state_dict(self) -> dict[str, Any]:
        """Where an iteration stands, for torchdata's StatefulDataLoader."""
        return {"epoch": self._bound, "done": self._done}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on after the samples that were given before."""
        self._epoch.set(state["epoch"])
        self._skip = int(state["done"])


def _mapping(sample: Any) -> Mapping[str, Any]:
    """A sample as a mapping. Raises SampleError for tuples and other forms."""
    if isinstance(sample, Mapping):
        return cast(Mapping[str, Any], sample)
    raise SampleError(
        "sample",
        expected="a mapping of streams from the data set",
        came=f"a {type(sample).__name__}",
        hint="Give names: return {'image': image, 'label': label}.",
    )
