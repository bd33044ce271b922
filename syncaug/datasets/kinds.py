"""The kinds of data sets by their names, and their samples as entries that commands read."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

from syncaug.datasets.folder import Layout
from syncaug.datasets.samples import Samples
from syncaug.io.manifest import Entry

__all__ = ["KINDS", "Kind", "Read", "entries_of", "kind_of"]

KINDS = ("coco", "films", "flickr30k", "kitti", "lerobot", "lhotse", "nuscenes")
"""The data sets that `syncaug.datasets` reads and writes, a module for each."""


class Kind(Protocol):
    """What the module of a kind of data set offers."""

    samples: Callable[..., Samples]
    streams: Callable[..., dict[str, Any]]
    write: Callable[[Iterable[Mapping[str, Any]], str | Path], None]
    layout: Callable[[int, Any], Layout]


def kind_of(name: str) -> Kind:
    """The module of a kind of data set."""
    if name not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}; got {name!r}")
    return cast(Kind, importlib.import_module(f"syncaug.datasets.{name}"))


@dataclass(frozen=True, slots=True)
class Read:
    """Reads one sample of a data set.

    Pickled it is but a few names: another process reads the tables itself, once.
    """

    name: str
    root: Path
    split: str
    index: int
    samples: Samples

    def __call__(self) -> dict[str, Any]:
        """The streams of the sample. Raises ManifestError."""
        return self.samples[self.index]

    def __reduce__(self) -> tuple[Any, ...]:
        return _reading, (self.name, self.root, self.split, self.index)


def _reading(name: str, root: Path, split: str, index: int) -> Read:
    return Read(name, root, split, index, _samples_elsewhere(name, root, split))


@lru_cache(maxsize=2)
def _samples_elsewhere(name: str, root: Path, split: str) -> Samples:
    return kind_of(name).samples(root, split)


def entries_of(
    name: str, root: Path, split: str = "", samples: Samples | None = None
) -> list[Entry]:
    """The samples of a data set as entries, none of them read yet. Raises ManifestError.

    `samples` are those of the data set, where they are known already.
    """
    samples = kind_of(name).samples(root, split) if samples is None else samples
    values = {"dataset": name, "split": split}
    return [
        Entry(root / name, index + 1, key, values, read=Read(name, root, split, index, samples))
        for index, key in enumerate(samples.keys)
    ]
