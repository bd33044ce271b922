"""Lightning: every epoch has draws of its own, from its first batch on, and after a resume."""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning_pytorch
import pytest
import pytorch_lightning
import torch
from lightning.pytorch.utilities.combined_loader import CombinedLoader
from torch.utils.data import DataLoader, RandomSampler, Subset

from syncaug import SampleError, load_policy
from syncaug.loaders.lightning import AugmentedData, SetEpoch
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable, EpochSampler
from syncaug.schedules import ByScore
from syncaug.training.weights import weights_of
from tests.loaders.pictures import POLICY, direct_pictures
from tests.loaders.torch_sets import Pictures, Stream

COUNT = 8
PACKAGES = [lightning_pytorch, pytorch_lightning]
WORKERS = {"num_workers": 2, "persistent_workers": True}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Lightning's advice on workers, loggers and checkpoints is none of these tests'."""
    levels = {name: logging.getLogger(name) for name in ("lightning.pytorch", "pytorch_lightning")}
    for logger in levels.values():
        logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def model_of(package: Any) -> Any:
    """A model that keeps what it sees: for each epoch the pictures by key."""

    class Seeing(package.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.seen: list[tuple[int, str, bytes]] = []
            self.checked: list[tuple[int, str, bytes]] = []

        def _take(self, into: list[tuple[int, str, bytes]], batch: Any) -> None:
            parts = batch.values() if "id" not in batch else [batch]
            for part in parts:
                for key, image in zip(part["id"], part["image"], strict=True):
                    into.append((self.current_epoch, key, image.numpy().tobytes()))

        def training_step(self, batch: Any, index: int) -> Any:
            self._take(self.seen, batch)
            return self.weight.sum()

        def validation_step(self, batch: Any, index: int) -> None:
            if not self.trainer.sanity_checking:
                self._take(self.checked, batch)

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    return Seeing()


def trainer_of(package: Any, folder: Path, **options: Any) -> Any:
    quiet = {
        "accelerator": "cpu",
        "devices": 1,
        "logger": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "default_root_dir": folder,
        "use_distributed_sampler": False,
    }
    return package.Trainer(**{"enable_checkpointing": False, **quiet, **options})


def training_data() -> AugmentedDataset:
    return AugmentedDataset(Pictures(COUNT), load_policy(POLICY), key="id")


def loader_of(data: Any, **options: Any) -> Any:
    return DataLoader(data, 2, collate_fn=data.collate, **options)


def wanted(*epochs: int) -> set[tuple[int, str, bytes]]:
    return {
        (epoch, key, picture)
        for epoch in epochs
        for key, picture in direct_pictures(epoch, COUNT).items()
    }


def test_draws_of_epochs_differ() -> None:
    first, second = (direct_pictures(epoch, COUNT) for epoch in (0, 1))
    assert all(first[key] != second[key] for key in first)


@pytest.mark.parametrize(
    "package", [lightning_pytorch, pytorch_lightning], ids=lambda p: p.__name__
)
@pytest.mark.parametrize("workers", [{}, WORKERS], ids=["here", "persistent"])
def test_every_epoch_is_that_of_direct_calls(
    package: Any, workers: dict[str, Any], tmp_path: Path
) -> None:
    data, model = training_data(), model_of(package)
    trainer = trainer_of(package, tmp_path, max_epochs=3, callbacks=[SetEpoch(data)])
    trainer.fit(model, loader_of(data, shuffle=True, **workers))
    assert len(model.seen) == 3 * COUNT
    assert set(model.seen) == wanted(0, 1, 2)


@pytest.mark.parametrize("workers", [{}, WORKERS], ids=["here", "persistent"])
def test_streams_without_a_length_too(workers: dict[str, Any], tmp_path: Path) -> None:
    data = AugmentedIterable(Stream(COUNT), load_policy(POLICY), key="id", shares=False)
    model = model_of(lightning_pytorch)
    trainer = trainer_of(lightning_pytorch, tmp_path, max_epochs=3, callbacks=[SetEpoch(data)])
    trainer.fit(model, loader_of(data, **workers))
    assert len(model.seen) == 3 * COUNT
    assert set(model.seen) == wanted(0, 1, 2)


class Module(AugmentedData, lightning_pytorch.LightningDataModule):
    """As a user writes it; `made` counts how often its training loader was made."""

    def __init__(self, policy: Any, **options: Any) -> None:
        super().__init__()
        self.policy, self.key, self.options, self.made = policy, "id", options, 0

    def train_dataloader(self) -> Any:
        self.made += 1
        return loader_of(self.augmented(Pictures(COUNT)), **self.options)

    def val_dataloader(self) -> Any:
        return loader_of(self.fixed(Pictures(COUNT)))


@pytest.mark.parametrize("reload", [0, 1])
@pytest.mark.parametrize("workers", [{}, WORKERS], ids=["here", "persistent"])
def test_a_module_with_the_mix_in_knows_its_epochs(
    workers: dict[str, Any], reload: int, tmp_path: Path
) -> None:
    module = Module(load_policy(POLICY), shuffle=True, **workers)
    model = model_of(lightning_pytorch)
    trainer = trainer_of(
        lightning_pytorch, tmp_path, max_epochs=3, reload_dataloaders_every_n_epochs=reload
    )
    trainer.fit(model, datamodule=module)
    assert module.made == (3 if reload else 1)
    assert set(model.seen) == wanted(0, 1, 2)
    fixed = direct_pictures(0, COUNT)
    assert len(model.checked) == 3 * COUNT
    assert all(fixed[key] == picture for _, key, picture in model.checked)
    trainer.fit_loop.max_epochs = 4
    trainer.fit(model, datamodule=module)
    assert len([one for one in trainer.callbacks if isinstance(one, SetEpoch)]) == 1
    assert set(model.seen) == wanted(0, 1, 2, 3)


@pytest.mark.parametrize(
    ("when", "from_epoch"),
    [
        ({"every_n_train_steps": 2}, 1),  # in the middle of epoch 1
        ({"every_n_train_steps": 4}, 2),  # at the last batch of epoch 1, not counted yet
        ({"every_n_epochs": 1, "save_on_train_epoch_end": True}, 2),
        ({"every_n_epochs": 1, "save_on_train_epoch_end": False}, 2),  # after its validation
    ],
)
@pytest.mark.parametrize("workers", [{}, WORKERS], ids=["here", "persistent"])
def test_a_fit_resumes_in_its_epoch(
    when: dict[str, Any], from_epoch: int, workers: dict[str, Any], tmp_path: Path
) -> None:
    """Four batches an epoch; the first fit stops after epoch 1 or within it."""
    last_epoch = 4
    steps = 6 if from_epoch == 1 else 8
    saving = lightning_pytorch.callbacks.ModelCheckpoint(
        dirpath=tmp_path, filename="{step}", save_top_k=-1, **when
    )
    first = trainer_of(
        lightning_pytorch, tmp_path, max_epochs=last_epoch, max_steps=steps, callbacks=[saving],
        enable_checkpointing=True,
    )  # fmt: skip
    model = model_of(lightning_pytorch)
    first.fit(model, datamodule=Module(load_policy(POLICY), **workers))
    path = tmp_path / f"step={steps}.ckpt"
    assert path.exists()
    assert {epoch for epoch, _, _ in model.seen} == {0, 1}
    again = model_of(lightning_pytorch)
    second = trainer_of(lightning_pytorch, tmp_path, max_epochs=last_epoch)
    second.fit(again, datamodule=Module(load_policy(POLICY), **workers), ckpt_path=path)
    assert {epoch for epoch, _, _ in again.seen} == set(range(from_epoch, last_epoch))
    assert set(again.seen) <= wanted(*range(from_epoch, last_epoch))
    for epoch in range(2, last_epoch):
        assert {row for row in again.seen if row[0] == epoch} == wanted(epoch)


def test_several_loaders_are_told_alike(tmp_path: Path) -> None:
    first, second = training_data(), training_data()
    loaders = CombinedLoader(
        {
            "a": loader_of(first, sampler=EpochSampler(RandomSampler(first), first), **WORKERS),
            "b": DataLoader(Subset(second, range(COUNT)), 2, collate_fn=second.collate),
        },
        "max_size",
    )
    model = model_of(lightning_pytorch)
    callback = SetEpoch(first, second)
    trainer = trainer_of(lightning_pytorch, tmp_path, max_epochs=2, callbacks=[callback])
    trainer.fit(model, loaders)
    assert len(model.seen) == 2 * 2 * COUNT
    assert set(model.seen) == wanted(0, 1)


def test_data_that_nobody_named_end_the_fit(tmp_path: Path) -> None:
    first, second = training_data(), training_data()
    trainer = trainer_of(lightning_pytorch, tmp_path, max_epochs=2, callbacks=[SetEpoch(first)])
    with pytest.raises(SampleError, match=r"AugmentedDataset, whose epoch nobody sets"):
        trainer.fit(
            model_of(lightning_pytorch),
            [loader_of(first), DataLoader(Subset(second, [0]), collate_fn=second.collate)],
        )
    with pytest.raises(TypeError, match="expected augmented data with set_epoch; got DataLoader"):
        SetEpoch(loader_of(first))


def test_another_hand_on_the_epoch_ends_the_fit(tmp_path: Path) -> None:
    data = training_data()

    class Meddling(lightning_pytorch.Callback):
        def on_train_batch_end(self, *args: Any) -> None:
            data.set_epoch(7)

    trainer = trainer_of(
        lightning_pytorch, tmp_path, max_epochs=1, callbacks=[SetEpoch(data), Meddling()]
    )
    with pytest.raises(RuntimeError, match="expected augmented data in epoch 0.*got epoch 7"):
        trainer.fit(model_of(lightning_pytorch), loader_of(data))


def test_a_callback_is_pickled_with_its_data() -> None:
    module = Module(load_policy(POLICY))
    data = module.augmented(Pictures(COUNT))
    callback, same = pickle.loads(pickle.dumps((SetEpoch(data), data)))
    callback._set(5)
    assert same.epoch == data.epoch == 5


@pytest.mark.parametrize("package", PACKAGES)
def test_a_data_module_keeps_what_schedules_have_learned(package: Any, tmp_path: Path) -> None:
    class Modest(AugmentedData, package.LightningDataModule):  # type: ignore[misc, name-defined]
        key = "id"

        def __init__(self) -> None:
            super().__init__()
            self.policy = load_policy(POLICY).with_severity(ByScore(0.2, 0.8, step=0.3))

        def train_dataloader(self) -> Any:
            data = self.augmented(Pictures(COUNT))
            return DataLoader(data, 4, collate_fn=data.collate)

    def trainer(epochs: int) -> Any:
        return trainer_of(package, tmp_path, max_epochs=epochs)

    first, data, model = trainer(2), Modest(), model_of(package)
    first.fit(model, data)
    for epoch, score in enumerate([0.5, 0.4]):
        data.policy.severity.told(epoch, score)
    first.save_checkpoint(tmp_path / "last.ckpt")
    again = Modest()
    trainer(3).fit(model_of(package), again, ckpt_path=tmp_path / "last.ckpt", weights_only=False)
    assert again.policy.severity.state_dict() == data.policy.severity.state_dict()
    assert again.policy.severity.at(2) == 0.5


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("views", [0, 2])
def test_records_and_views_reach_the_model(package: Any, views: int) -> None:
    """Lightning walks through a batch, and takes no data class that is frozen."""
    seen: list[Any] = []
    policy = load_policy(POLICY)

    class Module(AugmentedData, package.LightningDataModule):  # type: ignore[misc, name-defined]
        key = "id"

        def train_dataloader(self) -> Any:
            data = self.augmented(Pictures(COUNT), records="record", views=views)
            return DataLoader(data, 4, collate_fn=data.collate)

    class Model(package.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def training_step(self, batch: Any, index: int) -> Any:
            rows = zip(batch["id"], batch["record"], batch["image"], strict=True)
            seen.extend((key, record.draw.epoch, record.draw.view) for key, record, _ in rows)
            assert weights_of(batch["record"]) == [1.0] * len(batch["id"])
            return self.weight.sum()

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    module = Module()
    module.policy = policy
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    quiet |= {"enable_checkpointing": False, "accelerator": "cpu"}
    package.Trainer(max_epochs=2, **quiet).fit(Model(), module)
    keys = [key for key, _ in direct_pictures(0, COUNT).items()]
    numbers = range(1, views + 1) if views else [0]
    assert seen == [(key, epoch, n) for epoch in range(2) for key in keys for n in numbers]
