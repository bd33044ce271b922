"""Megatron-Energon: a task encoder whose samples are augmented, in workers, epoch by epoch."""

from __future__ import annotations

import io
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from common import COUNT, POLICY, direct, require, sample
from megatron.energon import (
    CaptioningSample,
    DefaultTaskEncoder,
    WorkerConfig,
    get_loader,
    get_train_dataset,
    stateless,
)
from megatron.energon.flavors import BaseWebdatasetFactory
from PIL import Image

from syncaug.augmenter import Augmenter
from syncaug.loaders import SharedEpoch

DATASET = """
__module__: megatron.energon
__class__: CaptioningWebdataset
field_map: {image: png, caption: txt}
decoder: {__module__: megatron.energon, __class__: SampleDecoder, image_decode: rgb8}
"""


class Augmented(DefaultTaskEncoder):
    """A task encoder: samples are augmented under `__key__`, in the epoch that the user sets."""

    def __init__(self, policy: Augmenter) -> None:
        super().__init__()
        self.policy, self.epoch = policy, SharedEpoch(policy.epoch)

    @stateless
    def encode_sample(self, sample: CaptioningSample) -> CaptioningSample:
        row = {"image": sample.image, "caption": sample.caption}
        out = self.policy(row, key=sample.__key__, epoch=self.epoch.value)
        sample.image, sample.caption = out["image"], out["caption"]
        return sample


def shards(folder: Path) -> None:
    """Four shards as WebDataset has them, and what Energon wants to know of them."""
    names = []
    for shard in range(4):
        names.append(f"{shard}.tar")
        with tarfile.open(folder / names[-1], "w") as tar:
            for index in range(shard * COUNT // 4, (shard + 1) * COUNT // 4):
                row, png = sample(index), io.BytesIO()
                Image.fromarray(row["image"]).save(png, "PNG")
                add(tar, f"photo{index}.png", png.getvalue())
                add(tar, f"photo{index}.txt", row["caption"].encode())
    BaseWebdatasetFactory.prepare_dataset(
        folder, names, split_parts_ratio=[("train", 1.0)], workers=1
    )
    (folder / ".nv-meta" / "dataset.yaml").write_text(DATASET)


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def loader_of(folder: Path, task: Any) -> Any:
    workers = WorkerConfig(rank=0, world_size=1, num_workers=2)
    data = get_train_dataset(
        folder, worker_config=workers, batch_size=None, shuffle_buffer_size=None,
        max_samples_per_sequence=None, task_encoder=task, repeat=False,
        shuffle_over_epochs_multiplier=1,
    )  # fmt: skip
    return get_loader(data)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shards(folder)
        task = Augmented(POLICY)
        loader = loader_of(folder, task)
        for epoch in (0, 1):
            task.epoch.set(epoch)
            found = {}
            for one in loader:
                key = one.__key__.rsplit("/", 1)[-1]
                found[key] = (np.asarray(one.image).tobytes(), one.caption)
            require(found == direct(epoch), f"epoch {epoch} is that of direct calls")


if __name__ == "__main__":
    main()
