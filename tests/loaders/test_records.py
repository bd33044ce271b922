"""Records beside samples in batches, and the schedules of a policy in the state of its loader."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from torch.utils.data import DataLoader
from torchdata.nodes import IterableWrapper, Loader
from torchdata.stateful_dataloader import StatefulDataLoader

from syncaug import SampleError, load_policy
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable
from syncaug.loaders.torchdata import Augment
from syncaug.schedules import ByScore, linear
from syncaug.training.dropout import dropped_of
from syncaug.training.weights import weights_of

POLICY = """
syncaug: 1
sample: {image: image, mask: mask}
steps:
  - {name: turn, uses: rotate, with: {degrees: {from: severity, scale: 40}}}
  - {name: gone, uses: drop_modality, with: {streams: [image]}, p: 0.5}
"""


def rows(count: int = 8) -> list[dict[str, Any]]:
    image = np.random.default_rng(0).integers(0, 255, (8, 12, 3), dtype=np.uint8)
    mask = np.ones((8, 12), np.uint8)
    return [{"image": image, "mask": mask, "id": f"r{n}"} for n in range(count)]


def turned(batch: Any) -> list[float]:
    return [record.draw.severity for record in batch["record"]]


@pytest.mark.parametrize("method", [None, "fork", "spawn"])
def test_each_sample_has_its_record(method: str | None) -> None:
    policy = load_policy(POLICY, seed=3)
    data = AugmentedDataset(rows(), policy, key="id", records="record")
    loader = DataLoader(
        data,
        4,
        collate_fn=data.collate,
        num_workers=1 if method else 0,
        multiprocessing_context=method,
    )
    data.set_epoch(2)
    for batch in loader:
        assert [r.draw.key for r in batch["record"]] == batch["id"]
        assert {r.draw.epoch for r in batch["record"]} == {2}
        gone = dropped_of(batch["record"], ["image"])["image"]
        assert gone.tolist() == [not image.any() for image in batch["image"]]
        assert weights_of(batch["record"]) == [1.0] * 4
        sample = {name: rows()[0][name] for name in ("image", "mask")}
        again = policy.replay(sample, batch["record"][0])
        assert np.array_equal(again["image"], batch["image"][0])


def test_records_of_a_stream_are_those_of_the_data_set() -> None:
    policy = load_policy(POLICY, seed=3)
    data = AugmentedDataset(rows(), policy, key="id", records="record")
    stream = AugmentedIterable(rows(), policy, key="id", records="record")
    for one, other in zip(stream, (data[n] for n in range(8)), strict=True):
        assert one["record"].draw == other["record"].draw


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("image", "another name, that the policy does not declare; got .image."),
        (True, "the name of the entry that will hold the record of each sample; got bool True"),
        ("id", "another name than that of the key; got 'id'"),
    ],
)
def test_a_name_that_is_taken_is_refused(name: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        AugmentedDataset(rows(), load_policy(POLICY), key="id", records=name)


def learned(level: Any = None) -> Any:
    return load_policy(POLICY).with_severity(
        ByScore(0.2, 0.8, step=0.3) if level is None else level
    )


def test_a_checkpoint_of_a_data_set_holds_what_its_schedules_have_learned() -> None:
    policy = learned()
    data = AugmentedDataset(rows(), policy, key="id", records="record")
    for epoch, score in enumerate([0.5, 0.4]):
        data.set_epoch(epoch)
        policy.severity.told(epoch, score)
    data.set_epoch(2)
    state = json.loads(json.dumps(data.state_dict()))
    again = AugmentedDataset(rows(), learned(), key="id", records="record")
    again.load_state_dict(state)
    assert again.epoch == 2
    assert again[0]["record"].draw == data[0]["record"].draw
    assert again[0]["record"].draw.severity == 0.5
    for one in (policy, again.policy):
        one.severity.told(2, 0.1)
    assert again.policy.severity.at(3) == policy.severity.at(3) == 0.8


def test_levels_that_the_epoch_decides_need_no_state() -> None:
    for level in (0.3, linear(0.0, 1.0, epochs=4)):
        data = AugmentedDataset(rows(), learned(level), key="id")
        assert data.state_dict() == {"epoch": 0}
        data.load_state_dict({"epoch": 3})
        assert data.epoch == 3


def test_a_state_of_a_schedule_that_is_not_there_is_refused() -> None:
    state = AugmentedDataset(rows(), learned(), key="id").state_dict()
    other = AugmentedDataset(rows(), learned(0.5), key="id")
    with pytest.raises(SampleError, match="severity follows a schedule with a state.*got severity"):
        other.load_state_dict(state)


@pytest.mark.filterwarnings("ignore:.*set_vital")
@pytest.mark.parametrize("workers", [0, 2])
def test_a_stateful_loader_takes_schedules_along(workers: int) -> None:
    def made() -> tuple[Any, Any]:
        policy = learned()
        data = AugmentedDataset(rows(), policy, key="id", records="record")
        loader = StatefulDataLoader(data, 2, collate_fn=data.collate, num_workers=workers)
        return policy, loader

    policy, loader = made()
    first = [turned(batch) for batch in loader]
    policy.severity.told(0, 0.5)
    policy.severity.told(1, 0.5)
    loader.dataset.set_epoch(2)
    batches = iter(loader)
    begun = [turned(next(batches)), turned(next(batches))]
    state = loader.state_dict()
    rest = [turned(batch) for batch in batches]
    assert first == [[0.2, 0.2]] * 4
    assert begun == rest == [[0.5, 0.5]] * 2
    resumed, loader = made()
    loader.load_state_dict(state)
    assert [turned(batch) for batch in loader] == rest
    if not workers:
        assert resumed.severity.state_dict() == policy.severity.state_dict()


def test_a_node_takes_schedules_along() -> None:
    policy = learned()
    loader = Loader(Augment(IterableWrapper(rows()), policy, key="id"))
    policy.severity.told(0, 0.5)
    policy.severity.told(1, 0.5)
    batches = iter(loader)
    next(batches)
    state = loader.state_dict()
    resumed = learned()
    again = Loader(Augment(IterableWrapper(rows()), resumed, key="id"))
    again.load_state_dict(state)
    assert len(list(again)) == 7
    assert resumed.severity.state_dict() == policy.severity.state_dict()
