"""One way through each loader, as a user writes it: two epochs of 64 samples, and a bad sample.

A line that a user adds to a loader that is there ends in `# +`; the table of the documentation
counts them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch.utils.data import DataLoader, Dataset

from syncaug import load_policy
from tests.handlers import sigterm_as_before
from tests.loaders.rows import BAD, COUNT, Source, row

__all__ = ["EPOCHS", "WAYS", "Way", "cluster"]

EPOCHS = (0, 1)
POLICY = """
syncaug: 1
seed: 5
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: grain, uses: noise, with: {image: gaussian, snr_db: [20, 40]}}
"""
SPEECH = """
syncaug: 1
seed: 5
sample: {audio: audio, words: timed_text}
steps: [{name: part, uses: trim, with: {duration: 0.05, at: [0, 1]}}]
"""
BROKEN = {"txt": "a cat", "json": {"what": "an entry that the policy does not know"}}
STAYING: dict[str, Any] = {"num_workers": 2, "persistent_workers": True}
Found = dict[str, bytes]
Handler = Callable[[Exception], bool] | None


class Rows(Source, Dataset[Any]):
    """A map-style data set as users have them."""


def each(batches: Any) -> Found:
    """The pictures of batches by key."""
    found = {}
    for batch in batches:
        for key, image in zip(batch["id"], batch["image"], strict=True):
            found[key] = np.asarray(image).tobytes()
    return found


def single(rows: Any, key: str = "id") -> Found:
    """The pictures of single samples by key."""
    return {one[key]: np.asarray(one["image"]).tobytes() for one in rows}


def torch(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from syncaug.loaders.torch import AugmentedDataset

    dataset, policy = Rows(bad), load_policy(POLICY)
    data = AugmentedDataset(dataset, policy, key="id", handler=handler)  # +
    loader = DataLoader(data, 8, collate_fn=data.collate, shuffle=True, **STAYING)  # +
    for epoch in EPOCHS:
        data.set_epoch(epoch)  # +
        yield each(loader)


def iterable(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from syncaug.loaders.torch import AugmentedIterable

    dataset, policy = [row(index, bad) for index in range(COUNT)], load_policy(POLICY)
    data = AugmentedIterable(dataset, policy, key="id", shares=False, handler=handler)  # +
    loader = DataLoader(data, 8, collate_fn=data.collate, **STAYING)  # +
    for epoch in EPOCHS:
        data.set_epoch(epoch)  # +
        yield each(loader)


def lightning(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from lightning.pytorch import LightningModule, Trainer
    from torch import nn, optim

    from syncaug.loaders.lightning import SetEpoch
    from syncaug.loaders.torch import AugmentedDataset

    seen: list[tuple[int, Any]] = []

    class Model(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(next(iter(nn.Linear(1, 1).parameters())).detach())

        def training_step(self, batch: Any, index: int) -> Any:
            seen.append((self.current_epoch, batch))
            return self.weight.sum()

        def configure_optimizers(self) -> Any:
            return optim.SGD(self.parameters(), lr=0.1)

    dataset, policy = Rows(bad), load_policy(POLICY)
    data = AugmentedDataset(dataset, policy, key="id", handler=handler)  # +
    loader = DataLoader(data, 8, collate_fn=data.collate, shuffle=True, **STAYING)  # +
    trainer = Trainer(
        max_epochs=len(EPOCHS), accelerator="cpu", devices=1, logger=False,
        enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
        callbacks=[SetEpoch(data)],  # +
    )  # fmt: skip
    trainer.fit(Model(), loader)
    for epoch in EPOCHS:
        yield each(batch for number, batch in seen if number == epoch)


def hugging_face(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from datasets import Dataset as Table

    from syncaug.loaders import huggingface

    data, policy = table(Table, bad), load_policy(POLICY)
    augment = huggingface.transform(policy, key="id")  # +
    data.set_transform(augment)  # +
    loader: Any = DataLoader(data, 8, collate_fn=list, shuffle=True, **STAYING)
    for epoch in EPOCHS:
        augment.set_epoch(epoch)  # +
        yield single(one for batch in loader for one in batch)


def stored(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from datasets import Dataset as Table

    from syncaug.loaders import huggingface

    data, policy = table(Table, bad), load_policy(POLICY)
    made = huggingface.mapped(data, policy, key="id", variants=2, num_proc=2, handler=handler)  # +
    for variant in EPOCHS:
        yield single(made.select(range(variant, len(made), len(EPOCHS))))


def table(kind: Any, bad: bool) -> Any:
    """Rows as Hugging Face stores them; a bad one has a caption that is no text to its policy."""
    from datasets import Features, Image, Value

    rows = [row(index, bad) for index in range(COUNT)]
    for one in rows:
        one["caption"] = one["caption"] if isinstance(one["caption"], str) else None
    features = Features({"id": Value("string"), "image": Image(), "caption": Value("string")})
    return kind.from_list(rows, features=features)


def webdataset(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    import webdataset as wds

    from syncaug.loaders.webdataset import augment

    names = [str(folder / f"{shard}.tar") for shard in range(2)]
    for shard, name in enumerate(names):
        with wds.TarWriter(name) as writer:
            for index in range(shard * COUNT // 2, (shard + 1) * COUNT // 2):
                one = row(index, bad)
                more = {"txt": one["caption"]} if not bad or index != BAD else BROKEN
                writer.write({"__key__": one["id"], "png": one["image"], **more})
    policy = load_policy(POLICY)
    stage = augment(policy, handler=handler)  # +
    data = wds.WebDataset(names, shardshuffle=False).decode("rgb8")
    data = data.rename(image="png", caption="txt").compose(stage)  # +
    loader = DataLoader(data, batch_size=None, **STAYING)
    for epoch in EPOCHS:
        stage.set_epoch(epoch)  # +
        yield single(loader, "__key__")


def grain(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    import grain as pygrain

    from syncaug.loaders.grain import AugmentByIndex

    source, policy = Source(bad), load_policy(POLICY)
    augment = AugmentByIndex(policy, "id", len(source), handler=handler)  # +
    data = pygrain.MapDataset.source(source).map_with_index(augment)  # +
    data = data.shuffle(seed=1).repeat(len(EPOCHS)).to_iter_dataset()
    data = data.mp_prefetch(pygrain.MultiprocessingOptions(num_workers=1))
    iterator = iter(data)
    rows = list(iterator)
    iterator.close()
    size = len(rows) // len(EPOCHS)
    for epoch in EPOCHS:
        yield single(rows[epoch * size : (epoch + 1) * size])


def lhotse(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from lhotse import CutSet, MonoCut, Recording
    from lhotse.dataset import SimpleCutSampler

    from syncaug.loaders.lhotse import Augment

    cuts = []
    for index in range(COUNT):
        recording = Recording.from_bytes(wave(index), recording_id=f"photo/{index}")
        held = None if bad and index == BAD else recording
        cut = MonoCut(f"photo/{index}", 0.0, recording.duration, 0, recording=held)
        cuts.append(cut)
    policy = load_policy(SPEECH)
    augment = Augment(policy, handler=handler)  # +
    sampler = SimpleCutSampler(CutSet.from_cuts(cuts), max_cuts=8, shuffle=True)
    loader = DataLoader(Speech(augment), sampler=sampler, batch_size=None, **STAYING)  # +
    for epoch in EPOCHS:
        augment.set_epoch(epoch)  # +
        sampler.set_epoch(epoch)
        yield {key: value for batch in loader for key, value in batch.items()}


class Speech(Dataset[Any]):
    """A data set that gets the cuts of a batch, as Lhotse's own do, and its transforms."""

    def __init__(self, *cut_transforms: Any) -> None:
        self.cut_transforms = cut_transforms

    def __getitem__(self, cuts: Any) -> Any:
        for transform in self.cut_transforms:
            cuts = transform(cuts)
        return {cut.id: cut.load_audio().tobytes() for cut in cuts}


def samples_of(index: int) -> Any:
    return np.random.default_rng(index).normal(0, 0.1, (1, 800)).astype(np.float32)


def wave(index: int) -> bytes:
    """A tenth of a second of sound in a file."""
    from io import BytesIO

    import soundfile

    file = BytesIO()
    soundfile.write(file, samples_of(index).T, 8000, format="WAV", subtype="FLOAT")
    return file.getvalue()


def torchdata(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from torchdata.nodes import IterableWrapper, Loader

    from syncaug.loaders.torchdata import Augment

    source, policy = (
        IterableWrapper([row(index, bad) for index in range(COUNT)]),
        load_policy(POLICY),
    )
    node = Augment(source, policy, key="id", num_workers=2, handler=handler)  # +
    loader = Loader(node)
    for epoch in EPOCHS:
        node.set_epoch(epoch)  # +
        yield single(loader)


def threads(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    from syncaug.loaders.threads import Prefetch

    samples, policy = [row(index, bad) for index in range(COUNT)], load_policy(POLICY)
    data = Prefetch(samples, policy, key="id", threads=2, handler=handler)  # +
    for epoch in EPOCHS:
        data.set_epoch(epoch)  # +
        yield single(data)


def start_ray() -> None:
    """Start a quiet Ray of two CPUs."""
    import ray

    with sigterm_as_before():
        ray.init(
            "local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error"
        )


@contextmanager
def cluster() -> Iterator[None]:
    """A quiet Ray of two CPUs, or the one that is there."""
    import ray

    if ray.is_initialized():
        yield
        return
    start_ray()
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        ray.shutdown()


def ray_data(folder: Path, bad: bool, handler: Handler) -> Iterator[Found]:
    import ray

    from syncaug.loaders.ray import ClusterEpoch, augmented

    rows, policy = [row(index, bad) for index in range(COUNT)], load_policy(POLICY)
    if bad:
        rows[BAD] = {**rows[BAD], "caption": None}  # a column holds texts alone, or none
    how: Any = "skip" if handler else "raise"
    with cluster():
        data = ray.data.from_items(rows, override_num_blocks=4).random_shuffle(seed=1)
        epoch = ClusterEpoch()  # +
        data = augmented(data, policy, key="id", epoch=epoch, on_error=how)  # +
        for number in EPOCHS:
            epoch.set(number)  # +
            yield each(data.iter_batches(batch_size=8))


@dataclass(frozen=True, slots=True)
class Way:
    """A row of the table: a loader, the package that it belongs to, and the way through it.

    `drops` says how a bad sample can be left out, where it can, `speech` that samples are sounds.
    """

    name: str
    package: str
    go: Callable[[Path, bool, Handler], Iterator[Found]]
    drops: str = "a handler leaves it out"
    speech: bool = False


WAYS = (
    Way("torch, map-style", "torch", torch),
    Way("torch, iterable", "torch", iterable),
    Way("Lightning", "lightning", lightning),
    Way("Hugging Face, read", "datasets", hugging_face, drops=""),
    Way("Hugging Face, stored", "datasets", stored),
    Way("WebDataset", "webdataset", webdataset),
    Way("Ray Data", "ray", ray_data, drops='`on_error="skip"` leaves it out'),
    Way("Grain", "grain", grain),
    Way("Lhotse", "lhotse", lhotse, speech=True),
    Way("torchdata nodes", "torchdata", torchdata),
    Way("threads", "torch", threads),
)
