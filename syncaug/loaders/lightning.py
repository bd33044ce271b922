"""Lightning: a callback that sets the epoch of augmented data, and a mix-in for data modules.

from syncaug.loaders.lightning import SetEpoch

data = AugmentedDataset(dataset, policy, key="id")
trainer = Trainer(callbacks=[SetEpoch(data)])
trainer.fit(model, DataLoader(data, 16, collate_fn=data.collate, num_workers=4))

Works with `lightning` and with `pytorch_lightning`. Lightning makes the iterator of the first epoch
of a fit before it calls `on_train_start`, and those of later epochs after `on_train_epoch_start`;
the callback sets the epoch before either, also where a fit resumes in the middle of one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any
from weakref import WeakSet

from syncaug.augmenter import Augmenter
from syncaug.errors import ArgumentError, MissingExtraError, SampleError
from syncaug.loaders.keys import Key
from syncaug.loaders.levels import levels_of, restore_levels
from syncaug.loaders.requirements import brief
from syncaug.loaders.torch import AugmentedDataset, AugmentedIterable

__all__ = ["AugmentedData", "SetEpoch"]

_PACKAGES = ("lightning.pytorch", "pytorch_lightning")


def _callbacks() -> tuple[Any, ...]:
    """The callback classes of the packages that are in use, or of the first that is installed."""
    used = tuple(sys.modules[name].Callback for name in _PACKAGES if name in sys.modules)
    if used:
        return used
    for name in _PACKAGES:
        try:
            return (import_module(name).Callback,)
        except ModuleNotFoundError as error:
            if error.name not in (name, name.split(".")[0]):
                raise
    raise MissingExtraError("lightning", "lightning")


class SetEpoch(*_callbacks()):  # type: ignore[misc]
    """Tells augmented data which epoch a trainer is in, so that each epoch has draws of its own.

    `data` are all that the training loaders read: AugmentedDataset, AugmentedIterable, or anything
    else with `set_epoch`. What validation reads is not named here, and keeps its epoch. Where a
    training loader holds augmented data that nobody named, the fit ends with an error before its
    first step. Raises ArgumentError for what has no `set_epoch`.
    """

    def __init__(self, *data: Any) -> None:
        super().__init__()
        self._epoch: int | None = None
        self._named = [_settable(one) for one in data]
        self._made: WeakSet[Any] = WeakSet()

    def follow(self, data: Any) -> None:
        """Tell one more for as long as it lives; it is in the trainer's epoch from now on."""
        self._made.add(_settable(data))
        if self._epoch is not None:
            data.set_epoch(self._epoch)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_made": list(self._made)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update({**state, "_made": WeakSet(state["_made"])})

    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """A fit begins: with the first epoch, or where an earlier fit of the trainer ended."""
        if stage == "fit":
            self._set(trainer.current_epoch)

    def on_load_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: Any) -> None:
        """A fit resumes: in the epoch in which Lightning goes on."""
        loops = checkpoint.get("loops", {})
        if trainer.state.fn == "fit" and "fit_loop" in loops:
            self._set(_resumed(loops["fit_loop"]))

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Raises SampleError where the loaders read augmented data that nobody named."""
        for data in _augmented(trainer.train_dataloader):
            if not any(known is data for known in self._all()):
                raise SampleError(
                    "epoch",
                    what="argument",
                    expected="every augmented data set of the training loaders to be named to "
                    "SetEpoch",
                    came=f"another {type(data).__name__}, whose epoch nobody sets",
                    hint="Write SetEpoch(first, second), or make it by AugmentedData.augmented.",
                )

    def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
        """An epoch begins."""
        self._set(trainer.current_epoch)

    def on_train_batch_start(
        self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int
    ) -> None:
        """Raises RuntimeError where somebody else has set another epoch meanwhile."""
        for data in self._all():
            epoch = getattr(data, "epoch", trainer.current_epoch)
            if epoch != trainer.current_epoch:
                raise RuntimeError(
                    f"expected augmented data in epoch {trainer.current_epoch}, in which the "
                    f"trainer is; got epoch {epoch}. Let SetEpoch alone set it."
                )

    def _set(self, epoch: int) -> None:
        self._epoch = epoch
        for data in self._all():
            data.set_epoch(epoch)

    def _all(self) -> list[Any]:
        return [*self._named, *self._made]


class AugmentedData:
    """A mix-in for a LightningDataModule: its training data know the epoch of their trainer.

    Its callback joins the trainer's by itself. `policy` and `key` may be attributes of the class or
    be set by `__init__`.

        class Pets(AugmentedData, LightningDataModule):
            policy, key = load_policy("pets.yaml"), "id"

            def train_dataloader(self):
                data = self.augmented(read("train"))
                return DataLoader(data, 16, collate_fn=data.collate, num_workers=4)

            def val_dataloader(self):
                data = self.fixed(read("val"))
                return DataLoader(data, 16, collate_fn=data.collate)
    """

    policy: Augmenter
    key: Key = None

    @property
    def trainer(self) -> Any:
        """The trainer that the module is attached to; from then on it calls the callback."""
        return self.__dict__.get("_trainer")

    @trainer.setter
    def trainer(self, trainer: Any) -> None:
        self.__dict__["_trainer"] = trainer
        if trainer is not None and self._follower not in trainer.callbacks:
            trainer.callbacks.append(self._follower)

    @property
    def _follower(self) -> SetEpoch:
        """The callback of this module, which need not call `__init__` of the mix-in."""
        made: SetEpoch = self.__dict__.setdefault("_set_epoch", SetEpoch())
        return made

    def state_dict(self) -> dict[str, Any]:
        """What the module keeps in a checkpoint, and what the schedules of its policy learned."""
        own: dict[str, Any] = getattr(super(), "state_dict", dict)()
        policy = getattr(self, "policy", None)
        return own if policy is None else {**own, **levels_of(policy)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint. Raises SampleError for a schedule that is not there."""
        getattr(super(), "load_state_dict", dict)(state)
        policy = getattr(self, "policy", None)
        if policy is not None:
            restore_levels(policy, state)

    def augmented(
        self, dataset: Any, policy: Augmenter | None = None, key: Key = None, **how: Any
    ) -> AugmentedDataset | AugmentedIterable:
        """A data set for training, map-style or iterable, in the epoch of the trainer.

        `policy` and `key` are those of the module where none is given; `how` are the other
        arguments of the data set: `handler`, `records`, `views`.
        """
        data = self.fixed(dataset, policy, key, **how)
        self._follower.follow(data)
        return data

    def fixed(
        self, dataset: Any, policy: Augmenter | None = None, key: Key = None, **how: Any
    ) -> AugmentedDataset | AugmentedIterable:
        """A data set for validation and tests: the same draws in every epoch (`policy.at`)."""
        kind = AugmentedDataset if hasattr(dataset, "__getitem__") else AugmentedIterable
        given = policy if policy is not None else self.policy
        return kind(dataset, given, key=key if key is not None else self.key, **how)


def _settable(data: Any) -> Any:
    """What has an epoch to set."""
    if callable(getattr(data, "set_epoch", None)) and not isinstance(data, type):
        return data
    raise ArgumentError(
        "data",
        expected="augmented data with set_epoch",
        came=brief(data),
        hint="Give the AugmentedDataset itself, not its loader.",
    )


def _resumed(fit_loop: Mapping[str, Any]) -> int:
    """The epoch in which Lightning goes on after a checkpoint, of which it makes its iterator.

    A checkpoint that was written in `on_train_batch_end` of an epoch's last batch has not counted
    that epoch yet; Lightning counts it when it resumes.
    """
    epoch = fit_loop["epoch_progress"]
    batch = fit_loop["epoch_loop.batch_progress"]
    processed: int = epoch["current"]["processed"]
    within = epoch["total"]["started"] > epoch["total"]["processed"]
    behind = batch["total"]["completed"] < batch["total"]["processed"]
    return processed + bool(within and behind and batch["is_last_batch"])


def _augmented(loaders: Any) -> Iterator[AugmentedDataset | AugmentedIterable]:
    """All augmented data that loaders read, inside of collections and of other data sets."""
    if isinstance(loaders, AugmentedDataset | AugmentedIterable):
        yield loaders
        return
    inner: list[Any] = []
    if isinstance(loaders, Mapping):
        inner = list(loaders.values())
    elif isinstance(loaders, list | tuple):
        inner = list(loaders)
    else:  # a loader, a subset of a data set, or several that follow each other
        inner = [getattr(loaders, name, None) for name in ("iterables", "dataset", "datasets")]
    for one in inner:
        if one is not None:
            yield from _augmented(one)
