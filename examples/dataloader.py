"""Inside a PyTorch DataLoader: draws differ by key and epoch and do not depend on the workers.

Beside it, the same loader with albumentations alone, whose workers and epochs repeat themselves.
Run it with `python examples/dataloader.py`.
"""

from __future__ import annotations

import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

from typing import Any

import albumentations
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from syncaug import load_policy

POLICY = """
syncaug: 1
sample: {image: image}
steps:
  - {name: lamp, uses: light, with: {value: [-0.5, 0.5]}}
"""
KEYS = 8


def grey() -> np.ndarray:
    """A middle-grey picture: its mean after augmentation shows what was drawn."""
    return np.full((16, 16, 3), 100, np.uint8)


class Ours(Dataset[Any]):
    """A usual data set: the key is the index, and workers that stay see the epoch change."""

    def __init__(self) -> None:
        self.policy = load_policy(POLICY, seed=7)
        self.epoch = torch.zeros((), dtype=torch.int64).share_memory_()

    def __len__(self) -> int:
        return KEYS

    def __getitem__(self, index: int) -> float:
        out = self.policy({"image": grey()}, key=index, epoch=int(self.epoch))
        return float(out["image"].mean())


class Theirs(Dataset[Any]):
    """The same with albumentations alone, as its documentation shows it."""

    def __init__(self) -> None:
        self.transform = albumentations.Compose(
            [
                albumentations.RandomBrightnessContrast(
                    brightness_limit=0.5, contrast_limit=0.0, p=1.0
                )
            ],
            seed=7,
        )

    def __len__(self) -> int:
        return KEYS

    def __getitem__(self, index: int) -> float:
        return float(self.transform(image=grey())["image"].mean())


def epochs(dataset: Any, workers: int, start: str | None) -> list[list[float]]:
    """What two epochs give, in order."""
    found: list[list[float]] = []
    loader = None
    for epoch in range(2):
        if isinstance(dataset, Ours):
            dataset.epoch.fill_(epoch)
        if loader is None or not loader.persistent_workers:
            loader = DataLoader(
                dataset,
                batch_size=1,
                num_workers=workers,
                multiprocessing_context=start if workers else None,
                persistent_workers=bool(workers) and isinstance(dataset, Ours),
            )
        found.append([round(float(batch[0]), 3) for batch in loader])
    return found


def main() -> None:
    torch.manual_seed(0)
    alone = epochs(Ours(), 0, None)
    print("syncaug, no workers, epoch 0:", alone[0])
    print("syncaug, no workers, epoch 1:", alone[1])
    for start in ("fork", "spawn"):
        same = epochs(Ours(), 2, start) == alone
        print(f"syncaug, two workers under {start}: {'the same draws' if same else 'OTHER DRAWS'}")
    distinct = len({value for epoch in alone for value in epoch})
    print(f"syncaug: {distinct} different draws in {2 * KEYS} samples")
    for start in ("fork", "spawn"):
        theirs = epochs(Theirs(), 2, start)
        distinct = len({value for epoch in theirs for value in epoch})
        again = "repeats" if theirs[0] == theirs[1] else "differs"
        print(f"albumentations alone, {start}: {distinct} different draws; epoch 1 {again}")


if __name__ == "__main__":
    main()
