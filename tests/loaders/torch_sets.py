"""PyTorch's data sets at the top of a module, so that spawned workers find them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch.utils.data import Dataset, IterableDataset

from tests.loaders.pictures import picture, sample


class Pictures(Dataset[Any]):
    def __init__(self, count: int = 16) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, Any]:
        return sample(index)


class Labelled(Pictures):
    def __getitem__(self, index: int) -> dict[str, Any]:
        return {"image": picture(index), "label": index % 2}


class Stream(IterableDataset[Any]):
    def __init__(self, count: int = 16) -> None:
        self.count = count

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from map(sample, range(self.count))
