"""MosaicML streaming: shards on disk, its own epoch, and a resume at every step, other workers.

And under another number of ranks: the package promises the order of samples then where the number
of canonical nodes and the whole batch of all ranks stay the same (elastic determinism).
"""

from __future__ import annotations

import gc
import os
import socket
import tempfile
from multiprocessing import get_context
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

WHOLE = 8
"""The batch of all ranks together."""
RANKS = (1, 2, 4)


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


def loader_of(folder: str, workers: int = 2, size: int = WHOLE) -> StreamingDataLoader:
    data = Augmented(
        policy=POLICY, local=folder, batch_size=size, shuffle=True, shuffle_seed=3,
        num_canonical_nodes=1,
    )  # fmt: skip
    return StreamingDataLoader(
        data,
        batch_size=size,
        num_workers=workers,
        persistent_workers=workers > 0,
        collate_fn=collate,
    )


def let_go(loader: StreamingDataLoader) -> None:
    """End the workers of a loader and the threads and locks of its data."""
    loader._iterator = None
    del loader
    gc.collect()
    clean_stale_shared_memory()


def rank_of(place: tuple[int, int, int], folder: str, state: Any, steps: int, told: Any) -> None:
    """One rank: the rows of so many steps, and the state after them."""
    rank, ranks, port = place
    names = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE")
    os.environ |= dict(zip(names, map(str, (rank, rank, ranks, ranks)), strict=True))
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    loader = loader_of(folder, workers=1, size=WHOLE // ranks)  # joins the ranks by gloo
    if state is not None:
        loader.load_state_dict(state)
    batches: list[Any] = []
    for batch in loader:
        batches.append(batch)
        state = loader.state_dict()
        if len(batches) == steps:
            break
    told.put((rank, rows_of(batches), state))
    told.close()
    told.join_thread()
    os._exit(0)  # without waiting for workers that would go on


def under(ranks: int, folder: str, state: Any, steps: int) -> tuple[list[dict[str, Any]], Any]:
    """The rows of each rank, and the state that rank 0 tells."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = get_context("spawn")
    told = context.Queue()
    processes = [
        context.Process(target=rank_of, args=((rank, ranks, port), folder, state, steps, told))
        for rank in range(ranks)
    ]
    for process in processes:
        process.start()
    found = sorted((told.get(timeout=300) for _ in processes), key=lambda one: one[0])
    for process in processes:
        process.join()
    clean_stale_shared_memory()
    return [rows for _, rows, _ in found], found[0][2]


def other_ranks(folder: str) -> None:
    """An epoch that begins under some ranks goes on under others."""
    wanted = direct(0)
    for before in RANKS:
        begun, state = under(before, folder, None, 3)
        first = {key: row for rows in begun for key, row in rows.items()}
        require(len(first) == 3 * WHOLE, f"{before} ranks share their batches")
        for after in RANKS:
            rest, _ = under(after, folder, state, COUNT)
            where = f"a resume of {before} ranks under {after}"
            keys = [key for rows in (first, *rest) for key in rows]
            require(len(set(keys)) == len(keys), f"{where} gives no sample twice")
            whole = first | {key: row for rows in rest for key, row in rows.items()}
            require(whole == wanted, f"{where} goes on with the same bytes")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = {"id": "str", "image": "ndarray:uint8:24,32,3", "caption": "str"}
        with MDSWriter(out=folder, columns=columns, size_limit=1 << 15) as writer:
            for index in range(COUNT):
                writer.write({"id": f"photo{index}", **sample(index)})
        require(len(list(Path(folder).glob("*.mds"))) > 3, "there are several shards")
        other_ranks(folder)
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
