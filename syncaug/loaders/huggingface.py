"""Hugging Face data sets: augmented when they are read, or written out with variants.

from syncaug.loaders import huggingface

augment = huggingface.transform(policy, key="id")
data.set_transform(augment)
for epoch in range(10):
    augment.set_epoch(epoch)
    for batch in DataLoader(data, ...): ...

larger = huggingface.mapped(data, policy, variants=4, key="id")
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import SampleError, SampleWarning
from syncaug.loaders.keys import Key, Keys, declared_of
from syncaug.loaders.shared_epoch import SharedEpoch

__all__ = ["Transform", "mapped", "transform"]


def transform(policy: Augmenter, key: Key) -> Transform:
    """What `Dataset.set_transform` takes: samples are augmented whenever they are read.

    `key` is the name of a column, or a function of a row and its place in what is read at once.
    Columns that the policy does not know are problems, but for the key's: list them under
    `untouched:`. Raises SampleError for a policy that mixes, since a transform sees single rows, or
    that drops samples, since it cannot leave one out.
    """
    _require_alone(policy)
    if policy.plan.on_fail.then == "drop":
        raise SampleError(
            "on_fail",
            expected="a policy that gives a result for each sample",
            came="on_fail: {then: drop}, and a transform cannot leave a row out",
            hint="Let on_fail end in neutral, or use huggingface.mapped.",
        )
    return Transform(policy, key)


class Transform:
    """Augments batches of columns, in the epoch that `set_epoch` says in every process."""

    def __init__(self, policy: Augmenter, key: Key) -> None:
        if key is None or not (isinstance(key, str) or callable(key)):
            raise SampleError(
                "key",
                expected="a column with the key of each row, or a function of a row: a transform "
                "is not told the place of a row",
                came=f"{key!r}",
                hint="Add a column: data.add_column('id', range(len(data))).",
            )
        self.policy = policy
        self._keys = Keys(key, declared_of(policy))
        self._epoch = SharedEpoch(policy.epoch)

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before the data set is read; workers that stay see it, too."""
        self._epoch.set(epoch)

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """The augmented columns of a batch."""
        rows = _augmented(batch, self.policy, self._keys, self._epoch.value)
        names = dict.fromkeys(name for row in rows for name in row) or dict.fromkeys(batch)
        return {name: [row.get(name) for row in rows] for name in names}


def mapped(
    dataset: Any,
    policy: Augmenter,
    *,
    key: Key,
    variants: int = 1,
    num_proc: int | None = None,
    batch_size: int = 16,
) -> Any:
    """A data set with `variants` results of each row, made by `Dataset.map`; its features are kept.

    Variant v is drawn for epoch v after the policy's own (`policy.at`). Dropped rows are gone. The
    data set's format is that of the result, too. The results are stored in the data set's cache
    under the fingerprint of the policy: they are the same in every epoch of a training, and with a
    single variant a warning says so. Raises SampleError for a policy that mixes.
    """
    _require_alone(policy)
    if variants < 1:
        raise ValueError(f"variants: expected a whole number from 1 on; got {variants!r}")
    if variants == 1:
        warnings.warn(
            SampleWarning(
                "mapped results are stored: every epoch of a training reads the same draw of each "
                "row. Ask for several variants, or use huggingface.transform for new draws"
            ),
            stacklevel=2,
        )
    work = _Mapped(policy, key, variants)
    how: dict[str, Any] = {"batched": True, "batch_size": batch_size}
    if getattr(dataset, "features", None) is not None:
        how["features"] = dataset.features
    if hasattr(dataset, "_fingerprint"):  # a data set in memory, which has a cache
        how |= {"num_proc": num_proc, "new_fingerprint": work.fingerprint(dataset._fingerprint)}
    form = getattr(dataset, "format", None)
    if not isinstance(form, Mapping) or form.get("type") in (None, "custom"):
        return dataset.map(work, **how)
    # What a format makes of a picture, its feature cannot store.
    made = dataset.with_format(None).map(work, **how)
    return made.with_format(
        form["type"], form["columns"], form["output_all_columns"], **form["format_kwargs"]
    )


class _Mapped:
    """All variants of a batch of rows, row by row."""

    def __init__(self, policy: Augmenter, key: Key, variants: int) -> None:
        self.policy, self.key, self.variants = policy, key, variants

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        keys = Keys(self.key, declared_of(self.policy))
        first = self.policy.epoch
        made = [
            _augmented(batch, self.policy, keys, first + variant)
            for variant in range(self.variants)
        ]
        rows = [one for variants in zip(*made, strict=True) for one in variants if one]
        return {name: [_stored(name, row[name]) for row in rows] for name in batch}

    def fingerprint(self, before: str) -> str:
        """What tells these results from others: the data, the policy and its settings."""
        policy = self.policy
        told = (
            before, policy.plan.fingerprint, policy.seed, policy.epoch, policy.severity,
            policy.progress, policy.sync, self.variants, repr(self.key),
        )  # fmt: skip
        return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def _augmented(
    batch: Mapping[str, list[Any]], policy: Augmenter, keys: Keys, epoch: int
) -> list[dict[str, Any]]:
    """The augmented rows of a batch of columns; an empty one for each that was dropped."""
    names = list(batch)
    rows = []
    for place, values in enumerate(zip(*batch.values(), strict=True)):
        row = dict(zip(names, values, strict=True))
        own, aside = keys.parted(row)
        out = policy(own, key=keys.of(row, place), epoch=epoch)
        rows.append({} if out is DROPPED else {**aside, **out})
    return rows


def _stored(name: str, value: Any) -> Any:
    """What a feature can store, in the place of what torchcodec's decoders come back as."""
    kind = type(value)
    if kind.__module__.split(".")[0] != "torchcodec":
        return value
    if kind.__name__ == "AudioSamples":
        array = value.data.numpy()
        return {"array": array[0] if len(array) == 1 else array, "sampling_rate": value.sample_rate}
    raise SampleError(
        name,
        expected="a stream whose feature can store what becomes of it",
        came=f"a {kind.__name__}: Hugging Face's Video features store files alone",
        hint="Use huggingface.transform, or `syncaug apply`, which writes films.",
    )


def _require_alone(policy: Augmenter) -> None:
    if policy.plan.mixing:
        raise SampleError(
            "partner",
            expected="a policy without steps that mix: a row is read alone, without partner",
            came=f"steps {', '.join(policy.plan.mixing)}",
            hint="syncaug.loaders.torch.AugmentedDataset takes Hugging Face's data sets, too.",
        )
