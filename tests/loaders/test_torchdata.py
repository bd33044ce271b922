"""torchdata: a node between nodes, and StatefulDataLoader, restored at every step."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from torch.utils.data import DataLoader, IterableDataset, get_worker_info
from torchdata.nodes import Batcher, IterableWrapper, Loader, Mapper, Prefetcher
from torchdata.stateful_dataloader import StatefulDataLoader

from syncaug import SampleError, load_policy
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, collate
from syncaug.loaders.torchdata import Augment
from tests.loaders.pictures import MIXED, POLICY, direct_pictures, sample

COUNT = 8


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """torchdata calls what torch deprecates."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*set_vital.*")
        yield


def samples(bad: int = -1) -> list[dict[str, Any]]:
    return [
        {**sample(index), "image": "lost"} if index == bad else sample(index)
        for index in range(COUNT)
    ]


def node_of(bad: int = -1, **how: Any) -> Augment:
    return Augment(IterableWrapper(samples(bad)), load_policy(POLICY), "id", **how)


def rows_of(found: Any) -> list[tuple[str, bytes]]:
    return [(row["id"], row["image"].tobytes()) for row in found]


def wanted(epoch: int) -> list[tuple[str, bytes]]:
    return list(direct_pictures(epoch, COUNT).items())


WORKERS: list[dict[str, Any]] = [
    {},
    {"num_workers": 2},
    {"num_workers": 2, "method": "process", "multiprocessing_context": "fork"},
]


@pytest.mark.parametrize("how", WORKERS, ids=["here", "threads", "processes"])
def test_epochs_of_a_node(how: dict[str, Any]) -> None:
    node = node_of(**how)
    loader = Loader(Prefetcher(node, prefetch_factor=2))
    for epoch in (0, 2):
        node.set_epoch(epoch)
        assert node.epoch == epoch
        assert rows_of(loader) == wanted(epoch)


class Stopped(BaseException):
    """No Exception: torchdata's threads would end at it."""


def broken() -> type[Exception]:
    class Broken(Exception):
        """Its class cannot be pickled, so that no process could tell it."""

    return Broken


class Failing:
    """Samples of which the third is an error."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __iter__(self) -> Iterator[Any]:
        yield from samples()[:2]
        raise self.error


@pytest.mark.parametrize("where", ["source", "key"])
@pytest.mark.parametrize(
    ("kind", "prefetched"),
    [(KeyboardInterrupt, False), (SystemExit, True), (Stopped, False), (broken(), True)],
)
@pytest.mark.parametrize("how", WORKERS, ids=["here", "threads", "processes"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_no_exception_of_torchdata_s_is_raised_at_its_turn(
    how: dict[str, Any], kind: type[BaseException], where: str, prefetched: bool
) -> None:
    """Nobody waits for what a thread or process that has ended was to give."""
    source = Failing(kind("here")) if where == "source" else samples()

    def key(one: Any, place: int) -> str:
        if where == "key" and place == 2:
            raise kind("here")
        return str(one["id"])

    policy = load_policy(POLICY + "untouched: [id]\n")
    node = Augment(IterableWrapper(source), policy, key, **how)
    loader = iter(Loader(Prefetcher(node, 2) if prefetched else node))
    seen = [next(loader), next(loader)]
    with pytest.raises((kind, RuntimeError, SampleError), match="here"):
        next(loader)
    assert rows_of(seen) == wanted(0)[:2]


@pytest.mark.parametrize("how", WORKERS[:2], ids=["here", "threads"])
@pytest.mark.parametrize("other", WORKERS[:2], ids=["then here", "then threads"])
def test_a_node_is_restored_at_every_step(how: dict[str, Any], other: dict[str, Any]) -> None:
    node = node_of(**how)
    loader = Loader(node)
    node.set_epoch(3)
    states = []
    for _ in loader:
        states.append(loader.state_dict())
    for step, state in enumerate(states[:-1], 1):
        again = node_of(**other)
        restored = Loader(again)
        restored.load_state_dict(state)
        assert rows_of(restored) == wanted(3)[step:]
        assert rows_of(restored) == wanted(3)


def test_batches_behind_a_node() -> None:
    node = node_of()
    (batch,) = list(Loader(Mapper(Batcher(node, COUNT), collate)))
    assert batch["image"].shape == (COUNT, 24, 32, 3)


def test_bad_samples_are_told_or_left_out() -> None:
    with pytest.raises(SampleError, match="sample 'photo/3', stream 'image'"):
        list(Loader(node_of(3)))
    for how in WORKERS[:2]:
        kept = rows_of(Loader(node_of(3, handler=lambda error: True, **how)))
        assert [key for key, _ in kept] == [f"photo/{i}" for i in range(COUNT) if i != 3]
    with pytest.raises(SampleError, match="steps blend"):
        Augment(IterableWrapper([]), load_policy(MIXED), "id")


def data_of(kind: str) -> Any:
    policy = load_policy(POLICY)
    if kind == "map":
        return AugmentedDataset(samples(), policy, key="id")
    return AugmentedIterable(samples(), policy, key="id", shares=False)


def stateful(data: Any, workers: int) -> Any:
    return StatefulDataLoader(data, 2, collate_fn=data.collate, num_workers=workers)


def flat(loader: Any) -> list[tuple[str, bytes]]:
    return [
        (key, image.numpy().tobytes())
        for batch in loader
        for key, image in zip(batch["id"], batch["image"], strict=True)
    ]


@pytest.mark.parametrize("kind", ["map", "iterable"])
@pytest.mark.parametrize("workers", [0, 2])
def test_a_stateful_loader_is_restored(kind: str, workers: int) -> None:
    data = data_of(kind)
    loader = stateful(data, workers)
    data.set_epoch(2)
    whole = flat(loader)
    assert sorted(whole) == sorted(wanted(2))
    states = []
    for _ in loader:
        states.append(loader.state_dict())
    for step, state in enumerate(states, 1):
        again = data_of(kind)
        restored = stateful(again, workers)
        restored.load_state_dict(state)
        assert flat(restored) == whole[2 * step :]
        again.set_epoch(5)
        assert sorted(flat(restored)) == sorted(wanted(5))


@pytest.mark.parametrize("kind", ["map", "iterable"])
def test_after_a_whole_epoch_the_next_one_is_what_the_user_says(kind: str) -> None:
    data = data_of(kind)
    loader = stateful(data, 0)
    data.set_epoch(2)
    assert len(flat(loader)) == COUNT
    state = loader.state_dict()
    again = data_of(kind)
    restored = stateful(again, 0)
    restored.load_state_dict(state)
    again.set_epoch(3)
    assert sorted(flat(restored)) == sorted(wanted(3))


@pytest.mark.parametrize("kind", ["map", "iterable"])
def test_another_number_of_workers_is_refused_by_torchdata(kind: str) -> None:
    data = data_of(kind)
    loader = stateful(data, 0)
    next(iter(loader))
    state = loader.state_dict()
    restored = stateful(data_of(kind), 2)
    restored.load_state_dict(state)
    with pytest.raises(AssertionError, match="expected for multiprocess dataloader"):
        next(iter(restored))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_goes_on_under_another_number_of_workers(workers: int) -> None:
    """Epoch and place of map-style data are all that there is to keep, as the page says."""
    order = list(range(COUNT - 1, -1, -1))
    data = data_of("map")
    data.set_epoch(2)
    whole = flat(DataLoader(data, 2, sampler=order, collate_fn=data.collate, num_workers=2))
    for step in range(1, COUNT // 2):
        again = data_of("map")
        again.load_state_dict({**data.state_dict()})
        rest = order[2 * step :]
        loader = DataLoader(again, 2, sampler=rest, collate_fn=again.collate, num_workers=workers)
        assert flat(loader) == whole[2 * step :]


class _Uneven(IterableDataset[Any]):
    """Samples of which one worker has many and the other one, two batches before its end."""

    def __iter__(self) -> Iterator[Any]:
        worker = get_worker_info()
        assert worker is not None
        yield from (samples()[:1] if worker.id else samples()[1:])


@pytest.mark.parametrize("persistent", [False, True])
def test_a_worker_that_is_through_gives_nothing_twice(persistent: bool) -> None:
    def loader() -> Any:
        data = AugmentedIterable(_Uneven(), load_policy(POLICY), key="id")
        how = {"num_workers": 2, "persistent_workers": persistent}
        return StatefulDataLoader(data, 1, collate_fn=list, **how)

    def keys(found: Any) -> list[str]:
        return [row["id"] for batch in found for row in batch]

    whole = loader()
    all_of_them = keys(whole)
    assert sorted(all_of_them) == [key for key, _ in wanted(0)]
    assert keys(whole) == all_of_them  # the next epoch
    for step in range(1, COUNT):
        first, second = loader(), loader()
        iterator = iter(first)
        seen = [next(iterator) for _ in range(step)]
        second.load_state_dict(first.state_dict())
        assert keys([*seen, *second]) == all_of_them
        assert keys(second) == all_of_them
