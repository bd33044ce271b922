"""What direct calls give for each sample and epoch: digests in memory, values in a folder."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.determinism.contents import digests_of, held
from syncaug.determinism.samples import Samples, augmented, tried

__all__ = ["References"]


class References:
    """The results of direct calls in this process, one sample after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.digests: dict[tuple[int, int], dict[str, str]] = {}

    def add(self, policy: Augmenter, samples: Samples, place: int, epoch: int) -> None:
        """Compute one result and keep it."""
        out = tried(augmented, policy, samples, place, epoch)
        self.digests[epoch, place] = digests_of(out)
        with self._file(epoch, place).open("wb") as file:
            pickle.dump({name: held(value) for name, value in out.items()}, file)
        samples.close()

    def value(self, epoch: int, place: int, stream: str) -> Any:
        """The value of one stream. Raises KeyError where the result has none."""
        with self._file(epoch, place).open("rb") as file:
            return pickle.load(file)[stream]

    def epochs_of(self, place: int, stream: str, digest: str) -> list[int]:
        """The epochs in which this very result was expected."""
        return [
            epoch
            for (epoch, at), digests in self.digests.items()
            if at == place and digests.get(stream) == digest
        ]

    def _file(self, epoch: int, place: int) -> Path:
        return self._folder / f"{epoch}-{place}"
