"""MosaicML streaming: shards on disk, its own epoch, and a resume at every step, other workers."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path
from typing import Any

import torch
from common import COUNT, POLICY, direct, require, sample

if not torch.version.cuda:  # streaming imports torchvision, whose compiled operators are CUDA's
    for operator in ("nms", "qnms"):
        torch.library.define(f"torchvision::{operator}", "(Tensor a, Tensor b, float c) -> Tensor")

from streaming import MDSWriter, StreamingDataLoader, StreamingDataset
from streaming.base.util import clean_stale_shared_memory

from syncaug.augmenter import Augmenter
from syncaug.loaders.torch import collate


class Augmented(StreamingDataset):
    """Samples of shards, augmented under their key in the epoch that the data set counts itself.

    `next_epoch` lies in memory that all workers share, and is part of the state of the loader.
    """

    def __init__(self, *, policy: Augmenter, **options: Any) -> None:
        super().__init__(**options)
        self.policy = policy

    def __getitem__(self, at: int) -> Any:
        row = super().__getitem__(at)
        key = row.pop("id")
        return {"id": key, **self.policy(row, key=key, epoch=max(self.next_epoch - 1, 0))}


def rows_of(batches: Any) -> dict[str, tuple[bytes, str]]:
    found = {}
    for batch in batches:
        for place, key in enumerate(batch["id"]):
            found[key] = (batch["image"][place].numpy().tobytes(), batch["caption"][place])
    return found


def loader_of(folder: str, workers: int = 2) -> StreamingDataLoader:
    data = Augmented(
        policy=POLICY, local=folder, batch_size=8, shuffle=True, shuffle_seed=3,
        num_canonical_nodes=1,
    )  # fmt: skip
    return StreamingDataLoader(
        data, batch_size=8, num_workers=workers, persistent_workers=workers > 0, collate_fn=collate
    )


def let_go(loader: StreamingDataLoader) -> None:
    """End the workers of a loader and the threads and locks of its data."""
    loader._iterator = None
    del loader
    gc.collect()
    clean_stale_shared_memory()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = {"id": "str", "image": "ndarray:uint8:24,32,3", "caption": "str"}
        with MDSWriter(out=folder, columns=columns, size_limit=1 << 15) as writer:
            for index in range(COUNT):
                writer.write({"id": f"photo{index}", **sample(index)})
        require(len(list(Path(folder).glob("*.mds"))) > 3, "there are several shards")
        loader = loader_of(folder)
        for epoch in (0, 1):
            require(rows_of(loader) == direct(epoch), f"epoch {epoch} is that of direct calls")
        begun, states = [], []
        for batch in loader:
            begun.append(batch)
            states.append(loader.state_dict())
        let_go(loader)
        wanted = direct(2)
        require(rows_of(begun) == wanted, "epoch 2 is that of direct calls")
        for step, state in enumerate(states[:-1], 1):
            for workers in (2, 1, 0, 4):
                again = loader_of(folder, workers)
                again.load_state_dict(state)
                rest = rows_of(again)
                first = rows_of(begun[:step])
                where = f"a resume at step {step} under {workers} workers"
                require(not first.keys() & rest.keys(), f"{where} gives no sample twice")
                require({**first, **rest} == wanted, f"{where} goes on in epoch 2")
                let_go(again)


if __name__ == "__main__":
    main()
