"""Shards and ranks of any number give the same bytes; checkpoints keep to their own number."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from torch.utils.data import DataLoader, DistributedSampler

from syncaug import load_policy
from syncaug.determinism.contents import digests_of
from syncaug.loaders.grain import AugmentByIndex
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, EpochSampler
from tests.loaders.pictures import POLICY, sample
from tests.loaders.torch_sets import Pictures, Stream

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import grain

COUNT = 10


def direct(epoch: int) -> dict[str, dict[str, str]]:
    """The digests of direct calls, by key."""
    policy = load_policy(POLICY)
    found = {}
    for index in range(COUNT):
        own = sample(index)
        key = own.pop("id")
        found[key] = digests_of(policy(own, key=key, epoch=epoch))
    return found


def seen(rows: Any) -> dict[str, dict[str, str]]:
    """The same of samples that came out of a loader; a sample that comes twice is the same."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        digests = digests_of({name: value for name, value in row.items() if name != "id"})
        assert found.setdefault(row["id"], digests) == digests
    return found


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_ranks_of_any_number_give_the_same_bytes(ranks: int) -> None:
    data = AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")
    rows: list[Any] = []
    for rank in range(ranks):
        inner: Any = DistributedSampler(data, num_replicas=ranks, rank=rank)
        sampler = EpochSampler(inner, data)
        sampler.set_epoch(3)
        loader = DataLoader(data, 3, sampler=sampler, collate_fn=list)
        rows += [row for batch in loader for row in batch]
    assert seen(rows) == direct(3)


@pytest.mark.parametrize("shards", [1, 2, 3])
def test_shards_of_grain_of_any_number_give_the_same_bytes(shards: int) -> None:
    augment = AugmentByIndex(load_policy(POLICY), "id", COUNT)
    whole = grain.MapDataset.source(Pictures(COUNT)).map_with_index(augment)
    rows = [row for shard in range(shards) for row in whole[shard::shards].shuffle(seed=shard)]
    assert len(rows) == COUNT
    assert seen(rows) == direct(0)


@pytest.mark.parametrize("workers", [1, 3])
def test_streams_shared_out_to_any_number_of_workers_give_the_same_bytes(workers: int) -> None:
    data = AugmentedIterable(Stream(COUNT), load_policy(POLICY), key="id", shares=False)
    data.set_epoch(2)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This DataLoader will create")
        loader: Any = DataLoader(data, 2, num_workers=workers, collate_fn=list)
        rows = [row for batch in loader for row in batch]
    assert len(rows) == COUNT
    assert seen(rows) == direct(2)


def test_a_state_of_grain_goes_with_its_own_number_of_workers() -> None:
    """What cannot go on is refused by Grain itself, before it gives an element."""
    augment = AugmentByIndex(load_policy(POLICY), "id", COUNT)
    data = grain.MapDataset.source(Pictures(COUNT)).map_with_index(augment).to_iter_dataset()
    two = {  # of an iterator over two worker processes
        "next_index_in_cycle": 1,
        "next_index_in_datasets": 2,
        "iterators_in_use_indices": [0, 1],
        "iterators_in_use_states": [{"next_index": 3}, {"next_index": 2}],
        "exhausted": [0, 0],
        "future_states": {},
    }
    iterator = iter(data)
    with pytest.raises(KeyError, match="next_index"):
        iterator.set_state(two)
