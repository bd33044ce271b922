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
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from syncaug.arguments import results_of, whole_of, workers_of
from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import ArgumentError, SampleError, SampleWarning
from syncaug.loaders.calling import Calling
from syncaug.loaders.keys import INDEX, Key
from syncaug.loaders.requirements import Handler, brief, require_no_mixing, uneven
from syncaug.loaders.several import Views
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.version import ENGINE_VERSION

__all__ = ["Transform", "mapped", "transform"]

_NO_PLACE = "a transform is not told the place of a row"
_ALONE = "a row is read alone, without partner"


def transform(policy: Augmenter, key: Key = None, *, views: int = 0) -> Transform:
    """What `Dataset.set_transform` takes: samples are augmented whenever they are read.

    `key` is the name of a column, or a function of a row, whose place a transform is not told.
    Columns that the policy does not know are problems, but for the key's: list them under
    `untouched:`. With `views=2` a row stays one, whose entries each hold two, of the views that
    `policy.views` gives: `DataLoader(data, collate_fn=syncaug.loaders.torch.collate)` puts them one
    behind the other. Raises SampleError for a policy that mixes, since a transform sees single
    rows, or that drops samples, since it cannot leave one out.
    """
    require_no_mixing(policy, _ALONE)
    if policy.plan.on_fail.then == "drop":
        raise SampleError(
            "on_fail",
            expected="a policy that gives a result for each sample",
            came="on_fail: {then: drop}, and a transform cannot leave a row out",
            hint="Let on_fail end in neutral, or use huggingface.mapped.",
        )
    return Transform(policy, key, views)


class Transform:
    """Augments batches of columns, in the epoch that `set_epoch` says in every process."""

    def __init__(self, policy: Augmenter, key: Key, views: int = 0) -> None:
        self._calling = Calling(policy, key, no_place=_NO_PLACE, views=views)
        self._epoch = SharedEpoch(policy.epoch)

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before the data set is read; workers that stay see it, too."""
        self._epoch.set(epoch)

    def __call__(self, batch: Mapping[str, list[Any]], *more: Any) -> dict[str, list[Any]]:
        """The augmented columns of a batch. Raises ArgumentError for what is no batch."""
        _require_columns(batch, more)
        made = (
            self._calling(lambda row=row: row, 0, self._epoch.value)  # type: ignore[misc]
            for row in _rows(batch)
        )
        rows = [_one_row(out) if self._calling.views else out for out in made]
        names = dict.fromkeys(name for row in rows for name in row) or dict.fromkeys(batch)
        return {name: [row.get(name) for row in rows] for name in names}


def mapped(
    dataset: Any,
    policy: Augmenter,
    *,
    key: Key = None,
    variants: int = 1,
    num_proc: int | None = None,
    batch_size: int = 16,
    handler: Handler | None = None,
) -> Any:
    """A data set with `variants` results of each row, made by `Dataset.map`; its features are kept.

    Variant v is drawn for epoch v after the policy's own (`policy.at`). Dropped rows are gone, and
    so are bad ones whose error `handler` is given and returns true. Without a key, and with a
    warning, it is the index of a row. The data set's format is that of the result, too; a
    DatasetDict gives one. The results are stored in the data set's cache
    under the fingerprint of the policy: they are the same in every epoch of a training, and with a
    single variant a warning says so. Raises SampleError for a policy that mixes.
    """
    require_no_mixing(policy, _ALONE)
    variants = results_of("variants", variants, "how many results a row has")
    if variants == 1:
        warnings.warn(
            SampleWarning(
                "mapped results are stored: every epoch of a training reads the same draw of each "
                "row. Ask for several variants, or use huggingface.transform for new draws"
            ),
            stacklevel=2,
        )
    if num_proc is not None:
        num_proc = workers_of("num_proc", num_proc, "how many processes there are")
    batch_size = whole_of(
        "batch_size", batch_size, "how many rows are read at once, from 1 on", least=1
    )
    work = _Mapped(Calling(policy, key, handler), variants)
    if isinstance(dataset, Mapping):
        kind: Any = type(dataset)
        return kind(
            {name: _made(part, work, num_proc, batch_size) for name, part in dataset.items()}
        )
    return _made(dataset, work, num_proc, batch_size)


def _made(dataset: Any, work: _Mapped, num_proc: int | None, batch_size: int) -> Any:
    """One data set, in memory or streamed, with the results of all of its rows."""
    if not hasattr(dataset, "map") or not hasattr(dataset, "features"):
        raise ArgumentError(
            "dataset",
            expected="a Dataset, IterableDataset or DatasetDict of Hugging Face",
            came=brief(dataset),
            hint="load_dataset, load_from_disk, Dataset.from_list and from_pandas make one.",
        )
    how: dict[str, Any] = {"batched": True, "batch_size": batch_size, "with_indices": True}
    if getattr(dataset, "features", None) is not None:
        how["features"] = dataset.features
    if hasattr(dataset, "_fingerprint"):  # a data set in memory, which has a cache
        how |= {"num_proc": num_proc, "new_fingerprint": work.fingerprint(dataset._fingerprint)}
    form = getattr(dataset, "format", None)
    _warn_of_two(form)
    if not isinstance(form, Mapping) or form.get("type") in (None, "custom"):
        return dataset.map(work, **how)
    # What a format makes of a picture, its feature cannot store.
    made = dataset.with_format(None).map(work, **how)
    return made.with_format(
        form["type"], form["columns"], form["output_all_columns"], **form["format_kwargs"]
    )


def _warn_of_two(form: Any) -> None:
    """Warn of a data set that is augmented when it is read, whose stored results would be twice."""
    kwargs = form.get("format_kwargs") if isinstance(form, Mapping) else None
    if isinstance(kwargs, Mapping) and isinstance(kwargs.get("transform"), Transform):
        warnings.warn(
            SampleWarning(
                "the rows of this data set are augmented when they are read, and here once more: "
                "give data.with_format(None), whose rows come as they are"
            ),
            stacklevel=4,
        )


class _Mapped:
    """All variants of a batch of rows, row by row."""

    def __init__(self, calling: Calling, variants: int) -> None:
        self.calling, self.variants = calling, variants

    def __call__(self, batch: Mapping[str, list[Any]], places: list[int]) -> dict[str, list[Any]]:
        first = self.calling.policy.epoch
        rows = [
            out
            for row, place in zip(_rows(batch), places, strict=True)
            for variant in range(self.variants)
            if (out := self.calling(lambda row=row: row, place, first + variant)) is not DROPPED  # type: ignore[misc]
        ]
        return {name: [_stored(name, row[name]) for row in rows] for name in batch}

    def fingerprint(self, before: str) -> str:
        """What tells these results from others: the data, the policy and its settings."""
        policy = self.calling.policy
        told = (
            before, policy.plan.fingerprint, policy.seed, policy.epoch, policy.severity,
            policy.progress, policy.sync, self.variants, ENGINE_VERSION,
            _told(self.calling.keys.key), _told(self.calling.handler),
        )  # fmt: skip
        return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def _told(given: Any) -> str:
    """What tells a key or a handler from others, in every process: a function by what it does.

    That is the library's own digest of it. Where there is none, no cache holds its results.
    """
    if given is None or given is INDEX or isinstance(given, str):
        return repr(given)
    from datasets.fingerprint import Hasher, generate_random_fingerprint

    try:
        digest: str = Hasher.hash(given)
    except Exception as error:  # whatever pickling raises
        warnings.warn(
            SampleWarning(
                f"a function has no digest, so that its results are made anew in every run: it "
                f"cannot be pickled ({error})"[:300]
            ),
            stacklevel=5,
        )
        digest = generate_random_fingerprint()
    return digest


def _require_columns(batch: Any, more: tuple[Any, ...]) -> None:
    """Raises ArgumentError for what `Dataset.map` and others give in the place of columns."""
    fits = isinstance(batch, Mapping) and not more
    came = uneven(batch) if fits else brief(batch) + f" and {len(more)} more" * bool(more)
    if not came:
        return
    raise ArgumentError(
        "batch",
        expected="the columns of a batch, each a list with an entry for each row, and nothing else",
        came=came,
        hint="Write data.set_transform(augment). Dataset.map stores results: "
        "huggingface.mapped(data, policy, key=...) does that, or "
        "map(augment, batched=True), without indices.",
    )


def _one_row(views: list[dict[str, Any]]) -> dict[str, Views]:
    """One row of the views of a sample, for a transform gives as many rows as it gets."""
    names = dict.fromkeys(name for view in views for name in view)
    return {name: Views(view.get(name) for view in views) for name in names}


def _rows(batch: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """The rows of a batch of columns."""
    for values in zip(*batch.values(), strict=True):
        yield dict(zip(batch, values, strict=True))


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
