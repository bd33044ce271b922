"""CutMix in a DataLoader: the draw chooses each sample's partner, and the data set fetches it."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch.utils.data import DataLoader, Dataset

from syncaug import load_policy

POLICY = """
syncaug: 1
sample:
  image: image
  label: {modality: label, classes: 3, soft: true}
steps:
  - {name: patch, uses: cutmix, p: 0.7, partner: uniform}
"""


class Mixed(Dataset[Any]):
    """Grey pictures whose level tells their class; each item is mixed as its epoch says."""

    def __init__(self, count: int = 30) -> None:
        self.policy = load_policy(POLICY, seed=7)
        self.count, self.epoch = count, 0

    def __len__(self) -> int:
        return self.count

    def read(self, index: int) -> dict[str, Any]:
        label = index % 3
        return {"image": np.full((64, 64, 3), 100 * label, np.uint8), "label": label}

    def __getitem__(self, index: int) -> Any:
        place = self.policy.partner(key=index, epoch=self.epoch, n=len(self), index=index)
        return self.policy(
            self.read(index),
            key=index,
            epoch=self.epoch,
            partner=None if place is None else self.read(place),
        )


def epoch(data: Mixed, number: int, workers: int) -> tuple[np.ndarray, np.ndarray]:
    """All pictures and labels of an epoch, in their order."""
    data.epoch = number
    batches = list(DataLoader(data, batch_size=10, num_workers=workers))
    images = np.concatenate([batch["image"].numpy() for batch in batches])
    return images, np.concatenate([batch["label"].numpy() for batch in batches])


def main() -> None:
    data = Mixed()
    images, labels = epoch(data, 0, workers=0)
    seen = np.stack([(images == 100 * label).mean(axis=(1, 2, 3)) for label in range(3)], axis=1)
    print(f"labels are the shares that are seen: {np.allclose(labels, seen, atol=1e-6)}")
    print(f"of two classes: {(labels.max(axis=1) < 1).sum()} of {len(labels)}")
    same = np.array_equal(epoch(data, 0, workers=2)[0], images)
    print(f"two workers mix the same: {same}")
    print(
        f"the next epoch mixes others: {not np.array_equal(epoch(data, 1, workers=2)[0], images)}"
    )


if __name__ == "__main__":
    main()
