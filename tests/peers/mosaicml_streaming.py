"""MosaicML streaming: shards on disk, the epoch of the data set itself, and a resume."""

from __future__ import annotations

import tempfile
from typing import Any

import torch
from common import COUNT, POLICY, direct, require, sample

if not torch.version.cuda:  # streaming imports torchvision, whose compiled operators are CUDA's
    for operator in ("nms", "qnms"):
        torch.library.define(f"torchvision::{operator}", "(Tensor a, Tensor b, float c) -> Tensor")

from streaming import MDSWriter, StreamingDataLoader, StreamingDataset

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


def loader_of(folder: str) -> StreamingDataLoader:
    data = Augmented(
        policy=POLICY, local=folder, batch_size=8, shuffle=True, shuffle_seed=3,
        num_canonical_nodes=1,
    )  # fmt: skip
    return StreamingDataLoader(
        data, batch_size=8, num_workers=2, persistent_workers=True, collate_fn=collate
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = {"id": "str", "image": "ndarray:uint8:24,32,3", "caption": "str"}
        with MDSWriter(out=folder, columns=columns) as writer:
            for index in range(COUNT):
                writer.write({"id": f"photo{index}", **sample(index)})
        loader = loader_of(folder)
        for epoch in (0, 1):
            require(rows_of(loader) == direct(epoch), f"epoch {epoch} is that of direct calls")
        begun, state = [], None
        for number, batch in enumerate(loader):
            begun.append(batch)
            if number == 2:
                state = loader.state_dict()
                break
        del loader
        again = loader_of(folder)
        again.load_state_dict(state)
        rest = rows_of(again)
        first = rows_of(begun)
        require(not first.keys() & rest.keys(), "no sample comes twice after a resume")
        require({**first, **rest} == direct(2), "a resume goes on in epoch 2")


if __name__ == "__main__":
    main()
