"""PyTorch's DataLoader: the same bytes in every worker, and another epoch in workers that stay."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    DistributedSampler,
    IterableDataset,
    RandomSampler,
    Subset,
)

from syncaug import DROPPED, ArgumentError, SampleError, SampleWarning, load_policy
from syncaug.clips.clip import ArrayClip
from syncaug.loaders import INDEX, SharedEpoch
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, EpochSampler, collate
from tests.loaders.pictures import MIXED, POLICY, direct, sample
from tests.loaders.torch_sets import Labelled, Pictures, Stream

COUNT = 16


def flat(loader: Any) -> dict[str, Any]:
    """The samples of one iteration by key."""
    found: dict[str, Any] = {}
    for batch in loader:
        for place, key in enumerate(batch["id"]):
            assert key not in found
            found[key] = {name: column[place] for name, column in batch.items()}
    return found


def same(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return found.keys() == wanted.keys() and all(
        torch.equal(found[key]["image"], torch.from_numpy(wanted[key]["image"]))
        and np.array_equal(found[key]["boxes"].numpy(), wanted[key]["boxes"])
        and found[key]["caption"] == wanted[key]["caption"]
        for key in wanted
    )


@pytest.mark.parametrize("start", ["", "fork", "spawn", "forkserver"])
def test_epochs_reach_workers_that_stay(start: str) -> None:
    data = AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")
    workers = {"num_workers": 2, "persistent_workers": True, "multiprocessing_context": start}
    loader = DataLoader(
        data, 4, shuffle=True, collate_fn=data.collate, **(workers if start else {})
    )
    for epoch in (0, 1, 5, 1):
        data.set_epoch(epoch)
        assert data.epoch == epoch
        assert same(flat(loader), direct(epoch))


def test_a_sampler_binds_the_epoch_of_what_is_in_flight() -> None:
    data = AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")
    sampler = EpochSampler(RandomSampler(data), data)
    loader = DataLoader(
        data, 2, sampler=sampler, collate_fn=data.collate, num_workers=2, persistent_workers=True
    )
    data.set_epoch(3)
    found: list[Any] = []
    for number, batch in enumerate(loader):
        found.append(batch)
        if number == 1:
            data.set_epoch(4)
    assert same(flat(found), direct(3))
    assert same(flat(loader), direct(4))


def test_a_sampler_binds_the_epoch_where_nothing_is_asked_for_yet() -> None:
    data = AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")
    data.set_epoch(3)
    begun = iter(EpochSampler(RandomSampler(data), data))
    data.set_epoch(4)
    assert {epoch for epoch, _ in begun} == {3}
    with pytest.raises(TypeError, match="data: expected the AugmentedDataset .* got Subset"):
        EpochSampler(RandomSampler(data), Subset(data, [1]))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="sampler: expected a sampler of indices; got BatchSampler"):
        EpochSampler(BatchSampler(RandomSampler(data), 2, False), data)


def test_ranks_share_the_samples_of_an_epoch() -> None:
    data = AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")
    found: dict[str, Any] = {}
    for rank in range(2):
        inner: DistributedSampler[Any] = DistributedSampler(data, num_replicas=2, rank=rank, seed=1)
        sampler = EpochSampler(inner, data)
        sampler.set_epoch(2)
        part = flat(DataLoader(data, 4, sampler=sampler, collate_fn=data.collate))
        assert not found.keys() & part.keys()
        found.update(part)
    assert same(found, direct(2))


@pytest.mark.parametrize("start", ["", "fork", "spawn"])
def test_streams_are_shared_out_and_bound_when_they_begin(start: str) -> None:
    data = AugmentedIterable(Stream(COUNT), load_policy(POLICY), key="id", shares=False)
    workers = {"num_workers": 2, "persistent_workers": True, "multiprocessing_context": start}
    loader = DataLoader(data, 4, collate_fn=data.collate, **(workers if start else {}))
    for epoch in (0, 2):
        data.set_epoch(epoch)
        assert same(flat(loader), direct(epoch))
    data.set_epoch(7)
    found = []
    for batch in loader:
        data.set_epoch(8)
        found.append(batch)
    assert same(flat(found), direct(7))


def test_a_stream_goes_on_where_it_stood() -> None:
    data = AugmentedIterable(Stream(COUNT), load_policy(POLICY), key="id")
    data.set_epoch(4)
    iterator = iter(data)
    begun = [next(iterator) for _ in range(5)]
    again = AugmentedIterable(Stream(COUNT), load_policy(POLICY), key="id")
    again.load_state_dict(data.state_dict())
    data.set_epoch(9)  # of no importance to what has begun
    rest = list(again)
    assert same(flat([collate([row]) for row in [*begun, *rest]]), direct(4))
    assert len(list(again)) == COUNT


def test_keys_are_entries_functions_or_indices() -> None:
    policy = load_policy(POLICY)
    wanted = sample(3)
    wanted.pop("id")
    cases: list[tuple[Any, Any]] = [
        ("id", "photo/3"),
        (lambda sample, index: f"n{index}", "n3"),
        (INDEX, 3),
    ]
    for key, drawn in cases:
        source = (
            Pictures()
            if key == "id"
            else [{k: v for k, v in sample(i).items() if k != "id"} for i in range(5)]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            out = AugmentedDataset(source, policy, key=key)[3]
        assert np.array_equal(out["image"], policy(wanted, key=drawn)["image"])
    with pytest.warns(SampleWarning, match="the index of a sample serves as its key"):
        unkeyed = AugmentedDataset([wanted] * 4, policy)
    assert np.array_equal(unkeyed[3]["image"], policy(wanted, key=3)["image"])
    assert np.array_equal(unkeyed[-1]["image"], unkeyed[3]["image"])
    with pytest.raises(SampleError, match="expected an entry 'name' in each sample"):
        AugmentedDataset(Pictures(), policy, key="name")[0]


def test_partners_are_other_samples_of_the_data_set() -> None:
    policy, source = load_policy(MIXED), Labelled(COUNT)
    data = AugmentedDataset(source, policy, key=INDEX)
    mixed = 0
    for index in range(COUNT):
        place = policy.partner(key=index, epoch=0, n=COUNT, index=index)
        assert place != index
        wanted = policy(source[index], key=index, partner=None if place is None else source[place])
        assert np.array_equal(data[index]["image"], wanted["image"])
        mixed += place is not None
    assert 0 < mixed < COUNT
    with pytest.raises(SampleError, match=r"came steps blend|steps that mix"):
        AugmentedIterable(Stream(), policy, key=INDEX)


def test_batches_stack_list_and_pad() -> None:
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, boxes: {modality: boxes, labels: who}, sound: "
        "{modality: audio, sample_rate: 8000}, caption: {modality: text, describes: image}}, "
        "steps: [{name: a, uses: flip}]}"
    )

    def one(count: int, seconds: int) -> dict[str, Any]:
        return {
            "image": np.full((4, 6, 3), count, np.uint8),
            "boxes": np.zeros((count, 4)),
            "who": ["a"] * count,
            "sound": np.ones((2, seconds), np.float32),
            "caption": "x",
        }

    data = AugmentedDataset([one(1, 3), one(1, 5)], policy, key=INDEX)
    batch = data.collate([one(1, 3), DROPPED, one(1, 5)])
    assert batch["image"].shape == (2, 4, 6, 3)
    assert [tuple(boxes.shape) for boxes in batch["boxes"]] == [(1, 4), (1, 4)]
    assert batch["who"] == [["a"], ["a"]]
    assert batch["sound"].shape == (2, 2, 5)
    assert batch["sound"][0, 0].tolist() == [1, 1, 1, 0, 0]
    assert batch["caption"] == ["x", "x"]
    assert isinstance(data.collate.with_(sound="list")([one(1, 3), one(1, 5)])["sound"], list)
    labelled = load_policy(
        "{syncaug: 1, sample: {label: {modality: label, classes: [cat, dog]}}, steps: []}"
    )
    for label in ("cat", 1):
        mixed = [{"label": label}, {"label": np.array([0.5, 0.5], np.float32)}]
        collate = AugmentedDataset([], labelled, key=INDEX).collate
        with pytest.raises(ValueError, match="declare soft: true of it"):
            collate(mixed)
    other = {**one(1, 3), "image": np.zeros((5, 6, 3), np.uint8)}
    with pytest.raises(ValueError, match="'image': expected entries of one shape to stack"):
        data.collate([one(1, 3), other])
    assert isinstance(collate([one(1, 3), other])["image"], list)
    assert collate([DROPPED, DROPPED]) == {}


def row(number: int) -> dict[str, Any]:
    """Entries of one shape and of several, of one type and of two, and one without numbers."""
    image = np.full((4, 6, 3), number, np.uint8)
    sound = np.ones((2, 3 + number), np.float32)
    mixed = np.ones(3, np.float64 if number else np.float32)
    turned = torch.arange(6, dtype=torch.int16).reshape(2, 3).T + number
    learned = torch.ones(2, requires_grad=True)
    empty = np.zeros((0, 4), np.float32)
    parts = {"image": image, "sound": sound, "mixed": mixed, "turned": turned, "empty": empty}
    return {**parts, "label": number, "learned": learned.detach() if number else learned}


def stacked(rows: list[dict[str, Any]]) -> dict[str, tuple[bool, Any]]:
    """Whether each entry of a batch lies in shared memory where it is made, and the batch."""
    batch = collate(rows, how={"sound": "pad"})
    return {name: (value.is_shared(), value.detach()) for name, value in batch.items()}


def test_a_worker_stacks_into_shared_memory() -> None:
    rows = [row(number) for number in range(2)]
    (made,) = DataLoader(rows, 2, collate_fn=stacked, num_workers=1)  # type: ignore[arg-type]
    here = stacked(rows)
    for name, (_, expected) in here.items():
        assert made[name][1].dtype == expected.dtype, name
        assert torch.equal(made[name][1], expected), name
    shared = {name for name, (told, _) in made.items() if told}
    assert shared == {"image", "sound", "turned", "label"}
    assert not any(told for told, _ in here.values())


def test_what_is_no_data_set_is_told() -> None:
    policy = load_policy(POLICY)
    with pytest.raises(TypeError, match="AugmentedIterable takes"):
        AugmentedDataset(iter([]), policy, key="id")
    with pytest.raises(
        SampleError,
        match="expected a mapping of streams from the data set; came a tuple|got a tuple",
    ):
        AugmentedDataset([(1, 2)], policy, key=INDEX)[0]


def test_an_epoch_crosses_every_pickler() -> None:
    epoch = SharedEpoch(2)
    other = pickle.loads(pickle.dumps(epoch))
    epoch.set(9)
    assert other.value == 9
    with pytest.raises(SampleError, match="epoch"):
        epoch.set(-1)
    data = AugmentedDataset(Pictures(), load_policy(POLICY).at(6), key="id")
    assert data.epoch == 6


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda data: pickle.loads(pickle.dumps(data))])
def test_the_epoch_of_a_copy_reaches_workers_when_the_original_is_gone(copied: Any) -> None:
    original = AugmentedDataset(Pictures(4), load_policy(POLICY), key="id")
    data = copied(original)
    del original
    gc.collect()
    loader = DataLoader(
        data, 4, collate_fn=data.collate, num_workers=1, persistent_workers=True,
        multiprocessing_context="spawn",
    )  # fmt: skip
    for epoch in (0, 3):
        data.set_epoch(epoch)
        for key, found in flat(loader).items():
            assert torch.equal(found["image"], torch.from_numpy(direct(epoch)[key]["image"]))


def test_an_epoch_whose_file_is_gone_has_another() -> None:
    epoch = SharedEpoch(2)
    os.unlink(epoch._bytes._path)
    told = pickle.dumps(epoch)
    epoch.set(5)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(epoch_of, told).result() == 5


def epoch_of(told: bytes) -> int:
    return int(pickle.loads(told).value)


class Unreadable(Pictures):
    """A file that cannot be read, a sample that does not fit, and two that do."""

    def __getitem__(self, index: int) -> dict[str, Any]:
        if index == 1:
            raise OSError("photo/1.png: broken data stream")
        return {**sample(index), **({"image": "lost"} if index == 2 else {})}


@pytest.mark.parametrize("workers", [0, 2])
def test_bad_samples_are_told_or_left_out(workers: int) -> None:
    strict = AugmentedDataset(Unreadable(4), load_policy(POLICY), key="id")
    with pytest.raises((OSError, RuntimeError), match="photo/1.png: broken data stream"):
        list(DataLoader(strict, 2, collate_fn=strict.collate, num_workers=workers))
    with pytest.raises(SampleError, match="sample 'photo/2', stream 'image'"):
        strict[2]
    told: list[Exception] = []
    lenient = AugmentedDataset(
        Unreadable(4), load_policy(POLICY), key="id", handler=lambda error: not told.append(error)
    )
    loader = DataLoader(lenient, 2, collate_fn=lenient.collate, num_workers=workers)
    assert list(flat(loader)) == ["photo/0", "photo/3"]
    if not workers:
        assert [type(error) for error in told] == [OSError, SampleError]
    stream = AugmentedIterable(
        [Unreadable(4)[index] for index in (0, 2, 3)], load_policy(POLICY), key="id",
        handler=lambda error: isinstance(error, SampleError),
    )  # fmt: skip
    assert [row["id"] for row in stream] == ["photo/0", "photo/3"]


class Exhausted(Pictures):
    """A data set that asks an iterator for more than it has."""

    def __getitem__(self, index: int) -> dict[str, Any]:
        return next(iter([])) if index == 2 else super().__getitem__(index)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_data_set_that_raises_stop_iteration_ends_no_epoch(workers: int) -> None:
    data = AugmentedDataset(Exhausted(4), load_policy(POLICY), key="id")
    with pytest.raises(RuntimeError, match="StopIteration was raised where sample 2 was"):
        list(DataLoader(data, None, num_workers=workers))
    lenient = AugmentedDataset(
        Exhausted(4), load_policy(POLICY), key="id", handler=lambda error: "sample 2" in str(error)
    )
    kept = list(DataLoader(lenient, None, num_workers=workers))
    assert [one is DROPPED for one in kept] == [index == 2 for index in range(len(Exhausted(4)))]


def test_functions_of_a_sample_alone_are_keys() -> None:
    bare = {name: value for name, value in sample(3).items() if name != "id"}
    policy = load_policy(POLICY)
    data = AugmentedDataset([bare] * 5, policy, key=lambda row: f"w{row['image'].shape[1]}")
    assert np.array_equal(data[3]["image"], policy(bare, key="w32")["image"])


def test_what_is_no_key_policy_index_or_epoch_is_told() -> None:
    policy = load_policy(POLICY)
    for value in (None, 1.5, np.zeros((4, 4)), True):
        with pytest.raises(SampleError, match=r"(?s)expected a text or an integer; got .*sample 0"):
            AugmentedDataset([{**sample(0), "id": value}], policy, key="id")[0]
    with pytest.raises(TypeError, match="handler: expected a function of an error"):
        AugmentedDataset(Pictures(), policy, key="id", handler="skip")  # type: ignore[arg-type]
    for key in (3, "", lambda: 1):
        with pytest.raises(SampleError, match="expected the name of an entry, a function"):
            AugmentedDataset(Pictures(), policy, key=key)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="policy: expected what load_policy returns; got str"):
        AugmentedDataset(Pictures(), "pets.yaml", key="id")  # type: ignore[arg-type]
    data = AugmentedDataset(Pictures(), policy, key="id")
    with pytest.raises(IndexError, match="index 99: expected one of 16 samples"):
        data[99]
    with pytest.raises(SampleError, match="index of a sample; got float"):
        data[1.0]  # type: ignore[index]
    with pytest.raises(SampleError, match="expected an integer from 0 to 9223372036854775807"):
        data.set_epoch(2**70)


def test_an_index_that_workers_do_not_share_is_refused() -> None:
    rows = [{name: value for name, value in sample(i).items() if name != "id"} for i in range(6)]

    class Rows(IterableDataset[Any]):
        def __iter__(self) -> Any:
            return iter(rows)

    data = AugmentedIterable(Rows(), load_policy(POLICY), key=INDEX)
    assert len(list(data)) == 6
    with pytest.raises((SampleError, RuntimeError), match="an index counts what one worker reads"):
        list(DataLoader(data, None, num_workers=2))
    shared = AugmentedIterable(Rows(), load_policy(POLICY), key=INDEX, shares=False)
    assert len(list(DataLoader(shared, None, num_workers=2))) == 6
    listed = AugmentedIterable(rows, load_policy(POLICY), key=INDEX)
    assert len(list(DataLoader(listed, None, num_workers=2))) == 6


def test_a_generator_has_no_second_epoch() -> None:
    data = AugmentedIterable((sample(i) for i in range(3)), load_policy(POLICY), key="id")
    assert len(list(data)) == 3
    with pytest.raises(TypeError, match="a generator, which gives its samples once"):
        list(data)


def test_of_an_iterator_several_workers_want_to_hear_whether_it_shares() -> None:
    def rows() -> Any:
        return (sample(i) for i in range(6))

    policy = load_policy(POLICY)
    unsaid = AugmentedIterable(rows(), policy, key="id")
    with pytest.raises((SampleError, RuntimeError), match="Say shares=False where every worker's"):
        list(DataLoader(unsaid, None, num_workers=2, multiprocessing_context="fork"))
    parted = AugmentedIterable(rows(), policy, key="id", shares=False)
    loader = DataLoader(parted, None, num_workers=2, multiprocessing_context="fork")
    assert len(list(loader)) == 6
    assert len(list(DataLoader(AugmentedIterable(rows(), policy, key="id"), None))) == 6


def test_batches_take_arrays_of_any_layout_and_tell_what_they_do_not_take() -> None:
    mirrored, swapped = np.arange(6.0).reshape(2, 3)[:, ::-1], np.arange(3, dtype=">f4")
    batch = collate([{"a": mirrored, "b": swapped}] * 2)
    assert batch["a"][0].tolist() == mirrored.tolist()
    assert batch["b"][0].tolist() == [0, 1, 2]
    with pytest.raises(
        TypeError, match="batch: expected samples as mappings of streams; got a tuple"
    ):
        collate([(1, 2)])
    hashes = collate([{"id": 2**63 + n, "sure": np.bool_(n)} for n in (0, 1)])
    assert hashes["id"] == [2**63, 2**63 + 1]
    assert hashes["sure"].tolist() == [False, True]
    rows = AugmentedDataset(Pictures(4), load_policy(POLICY), key="id")
    assert len(rows.collate.with_(id="list", caption="list")([rows[0]])["id"]) == 1
    with pytest.raises(ValueError, match=r"with_\(imag=...\): expected an entry of the samples"):
        rows.collate.with_(imag="list")([rows[0]])
    with pytest.raises(ValueError, match="'a': expected 'stack', 'list' or 'pad'; got 'padd'"):
        collate([], how={"a": "padd"})  # type: ignore[dict-item]


def test_lists_are_shared_out_among_workers_by_themselves() -> None:
    data = AugmentedIterable(list(Stream(COUNT)), load_policy(POLICY), key="id")
    loader = DataLoader(data, 4, collate_fn=data.collate, num_workers=2)
    batches = list(loader)
    assert sum(len(batch["id"]) for batch in batches) == COUNT
    assert same(flat(batches), direct(0))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((np.zeros(2, np.uint16), np.zeros(2, np.int64)), torch.int64),  # masks of PNG and .npy
        ((np.zeros(2, np.uint16), np.zeros(2, np.uint8)), torch.uint16),
        ((np.uint32(7), 3), torch.int64),
        ((np.uint16(7), True), torch.uint16),
        ((np.zeros(2, np.uint16), np.zeros(2, np.float32)), torch.float32),
        ((np.uint64(2**63 + 1), 3), None),  # no integer holds both
        ((np.zeros(2, np.longdouble),) * 2, None),
        ((np.ma.masked_array([1.0, 2.0], [0, 1]),) * 2, None),
        ((torch.zeros(2, device="meta"), torch.zeros(2)), None),
    ],
)
def test_what_has_no_type_in_common_stays_a_list(values: Any, wanted: Any) -> None:
    batch = [{"x": value} for value in values]
    found = collate(batch)["x"]
    if wanted is None:
        assert isinstance(found, list)
        assert len(found) == 2
    else:
        assert found.dtype == wanted
        assert [row.tolist() for row in found] == [np.asarray(v).tolist() for v in values]


def test_what_has_no_type_in_common_is_not_stacked() -> None:
    batch = [{"x": np.uint64(2**63 + 1)}, {"x": 3}]
    told = r"'x': expected entries of one type on one device to stack; got torch.int64 on cpu, "
    with pytest.raises(ArgumentError, match=told + "torch.uint64 on cpu. Convert them, or say"):
        collate(batch, {"x": "stack"})


def test_what_is_read_piece_by_piece_goes_to_no_device() -> None:
    """A film that is opened lazily, as Lightning and accelerate see it in a batch."""
    # Here, so that no worker imports it.
    from lightning.fabric.utilities.apply_func import move_data_to_device

    clip = ArrayClip(np.zeros((3, 4, 6, 3), np.uint8), np.arange(3) / 25, 3 / 25)
    batch = collate([{"film": {"frames": clip, "fps": 25.0}}] * 2)
    moved = move_data_to_device(batch, torch.device("cpu"))
    assert moved["film"]["frames"] == [clip, clip]
