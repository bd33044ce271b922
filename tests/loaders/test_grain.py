"""Grain: epochs from the index, worker processes, and checkpoints of iterators."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import grain
import numpy as np
import pytest
from grain import samplers, sharding

from syncaug import SampleError, SampleWarning, load_policy
from syncaug.loaders import INDEX
from syncaug.loaders.grain import Augment, AugmentByIndex
from tests.loaders.pictures import MIXED, POLICY, direct_pictures, sample

COUNT = 8


class Source:
    """A source as Grain has them: a length, items by index, and a name for checkpoints."""

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: Any) -> dict[str, Any]:
        return sample(int(index))

    def __repr__(self) -> str:
        return "Source"


class Bad(Source):
    def __getitem__(self, index: Any) -> dict[str, Any]:
        return {**sample(int(index)), **({"image": "lost"} if int(index) == 3 else {})}


def rows_of(found: Any) -> list[tuple[str, bytes]]:
    return [(row["id"], row["image"].tobytes()) for row in found]


def are_direct(rows: list[tuple[str, bytes]], epochs: int, first: int = 0) -> bool:
    """Whether rows are those of direct calls, one epoch after the other."""
    wanted = [direct_pictures(first + epoch, COUNT) for epoch in range(epochs)]
    return len(rows) == epochs * COUNT and all(
        sorted(rows[epoch * COUNT : (epoch + 1) * COUNT]) == sorted(wanted[epoch].items())
        for epoch in range(epochs)
    )


def by_index() -> AugmentByIndex:
    return AugmentByIndex(load_policy(POLICY), "id", COUNT)


def loader_of(operations: list[Any], epochs: int = 1, workers: int = 0, **how: Any) -> Any:
    sampler = samplers.IndexSampler(num_records=COUNT, shuffle=True, seed=2, num_epochs=epochs)
    return grain.DataLoader(
        data_source=how.get("source", Source()), sampler=sampler, operations=operations,
        worker_count=workers, shard_options=sharding.NoSharding(),
    )  # fmt: skip


def test_epochs_are_read_off_the_index() -> None:
    plain = grain.MapDataset.source(Source())
    ways = [
        plain.map_with_index(by_index()).repeat(3),
        plain.map_with_index(by_index()).shuffle(seed=4).repeat(3),
        plain.shuffle(seed=4).repeat(3).map_with_index(by_index()),
        plain.apply(by_index()).repeat(3),
    ]
    for way in ways:
        assert are_direct(rows_of(way), 3)
    later = AugmentByIndex(load_policy(POLICY).at(5), "id", COUNT)
    assert are_direct(rows_of(plain.map_with_index(later).repeat(2)), 2, first=5)


def test_epochs_are_set_for_what_is_iterated_anew() -> None:
    augment = Augment(load_policy(POLICY), key="id")
    data = grain.MapDataset.source(Source()).map(augment)
    for ways in (data, data.to_iter_dataset(), loader_of([augment])):
        for epoch in (0, 3):
            augment.set_epoch(epoch)
            assert augment.epoch == epoch
            assert are_direct(rows_of(ways), 1, first=epoch)
    batches = grain.MapDataset.source(Source()).map(augment).map(lambda row: row["image"]).batch(4)
    assert next(iter(batches)).shape == (4, 24, 32, 3)


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    """Two epochs of a data set in two worker processes; the iterators are closed at the end."""
    data = grain.MapDataset.source(Source()).shuffle(seed=4).repeat(2).map_with_index(by_index())
    made = data.to_iter_dataset().mp_prefetch(grain.MultiprocessingOptions(num_workers=2))
    begun: list[Any] = []

    def start() -> Any:
        begun.append(iter(made))
        return begun[-1]

    yield start
    for one in begun:
        one.close()


def test_worker_processes_and_their_checkpoints_give_the_same_bytes(processes: Any) -> None:
    iterator = processes()
    found = [next(iterator) for _ in range(5)]
    state = iterator.get_state()
    rest = list(iterator)
    assert are_direct(rows_of([*found, *rest]), 2)
    again = processes()
    again.set_state(state)
    assert rows_of(again) == rows_of(rest)


def test_a_loader_in_worker_processes() -> None:
    assert are_direct(rows_of(loader_of([by_index()], epochs=2, workers=2)), 2)


@pytest.mark.parametrize("how", ["loader", "data set"])
def test_every_step_is_restored(how: str) -> None:
    if how == "loader":
        made = loader_of([by_index()], epochs=2)
    else:
        plain = grain.MapDataset.source(Source()).map_with_index(by_index())
        made = plain.shuffle(seed=1).repeat(2).to_iter_dataset()
    whole = rows_of(made)
    assert are_direct(whole, 2)
    iterator, states = iter(made), []
    for _ in range(2 * COUNT):
        states.append(iterator.get_state())
        next(iterator)
    for step, state in enumerate(states):
        if step == 0:
            continue  # a DataLoader's state before its first element restores nothing
        again = iter(made)
        again.set_state(state)
        assert rows_of([next(again)]) == whole[step : step + 1]
    assert len({picture for _, picture in whole}) == 2 * COUNT


@pytest.mark.parametrize("threads", [0, 1, 4])
@pytest.mark.parametrize("shards", [1, 2, 4])
def test_every_step_is_restored_under_other_threads_and_shards(threads: int, shards: int) -> None:
    """Each shard of two epochs, restored with other threads: bytes are those of direct calls."""
    plain = grain.MapDataset.source(Source()).map_with_index(by_index())
    found = []
    for shard in range(shards):
        part = plain[shard::shards].shuffle(seed=1).repeat(2)
        before = part.to_iter_dataset(grain.ReadOptions(num_threads=2, prefetch_buffer_size=2))
        reading = grain.ReadOptions(num_threads=threads, prefetch_buffer_size=threads or 1)
        whole = rows_of(before)
        iterator = iter(before)
        for step in range(len(whole)):
            again = iter(part.to_iter_dataset(reading))
            again.set_state(iterator.get_state())
            assert rows_of([next(again)]) == whole[step : step + 1]
            next(iterator)
        found.append(whole)
    count = COUNT // shards
    epochs = [[row for one in found for row in one[n * count : (n + 1) * count]] for n in (0, 1)]
    assert are_direct([*epochs[0], *epochs[1]], 2)


def test_another_number_of_processes_is_refused_by_grain() -> None:
    """Its states tell the place of each process; shards and threads may differ."""
    iterator = iter(loader_of([by_index()], epochs=2, workers=2))
    next(iterator)
    state = iterator.get_state()
    other = iter(loader_of([by_index()], epochs=2, workers=1))
    with pytest.raises(ValueError, match="worker count"):
        other.set_state(state)


def test_keys_are_entries_functions_or_places() -> None:
    policy, plain = load_policy(POLICY), grain.MapDataset.source(Source())
    bare = plain.map(lambda row: {k: v for k, v in row.items() if k != "id"})
    for key, drawn in ((INDEX, 3), (lambda row, index: f"n{index}", "n3")):
        (found,) = list(bare.map_with_index(AugmentByIndex(policy, key, COUNT))[3:4])
        assert np.array_equal(found["image"], policy(bare[3], key=drawn)["image"])
    with pytest.warns(SampleWarning, match="the index of a sample serves as its key"):
        unkeyed = AugmentByIndex(policy, None, COUNT)
    assert np.array_equal(bare.map_with_index(unkeyed)[3]["image"], policy(bare[3], key=3)["image"])
    for key in (INDEX, None, lambda row, index: index):
        with pytest.raises(SampleError, match="a Map is not told the index"):
            Augment(policy, key=key)
    found = Augment(policy, key=lambda row: "n3").map(bare[3])
    assert np.array_equal(found["image"], policy(bare[3], key="n3")["image"])
    with pytest.raises(SampleError, match="how many elements an epoch has"):
        AugmentByIndex(policy, "id", 0)
    with pytest.raises(SampleError, match="without a partner"):
        Augment(load_policy(MIXED), key="id")


def test_bad_elements_are_told_or_left_out() -> None:
    policy = load_policy(POLICY)
    with pytest.raises(SampleError, match="sample 'photo/3', stream 'image'"):
        list(grain.MapDataset.source(Bad()).map(Augment(policy, "id")))
    kept = [f"photo/{index}" for index in range(COUNT) if index != 3]
    quiet = Augment(policy, "id", handler=lambda error: True)
    by = AugmentByIndex(policy, "id", COUNT, handler=lambda error: True)
    ways = [
        grain.MapDataset.source(Bad()).map(quiet).to_iter_dataset(),
        grain.MapDataset.source(Bad()).map_with_index(by).to_iter_dataset(),
        loader_of([by], source=Bad()),
    ]
    for way in ways:
        assert sorted(row["id"] for row in way) == kept


def test_transformations_are_pickled() -> None:
    augment = Augment(load_policy(POLICY), key="id")
    other = pickle.loads(pickle.dumps(augment))
    augment.set_epoch(4)
    assert other.epoch == 4


def test_a_single_element_is_no_record() -> None:
    single = AugmentByIndex(load_policy(POLICY), "id", size=1)
    with pytest.raises(TypeError, match=r"Write data.map_with_index\(...\) instead of data.map"):
        list(grain.MapDataset.source([{"id": 1}]).map(single))
