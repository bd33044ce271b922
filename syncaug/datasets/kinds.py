"""The kinds of data sets by their names, and their samples as entries that commands read."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast

from syncaug.datasets.folder import Layout
from syncaug.datasets.samples import Samples
from syncaug.io.manifest import Entry

__all__ = ["KINDS", "Kind", "entries_of", "kind_of"]

KINDS = ("coco", "films", "flickr30k", "kitti", "lerobot", "lhotse", "nuscenes")
"""The data sets that `syncaug.datasets` reads and writes, a module for each."""


class Kind(Protocol):
    """What the module of a kind of data set offers."""

    samples: Callable[..., Samples]
    streams: Callable[..., dict[str, Any]]
    write: Callable[[Iterable[Mapping[str, Any]], str | Path], None]
    layout: Callable[[int], Layout]


def kind_of(name: str) -> Kind:
    """The module of a kind of data set."""
    if name not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}; got {name!r}")
    return cast(Kind, importlib.import_module(f"syncaug.datasets.{name}"))


def entries_of(name: str, root: Path, split: str = "") -> list[Entry]:
    """The samples of a data set as entries, none of them read yet. Raises ManifestError."""
    samples = kind_of(name).samples(root, split)
    values = {"dataset": name, "split": split}
    return [
        Entry(root / name, index + 1, key, values, read=partial(samples.__getitem__, index))
        for index, key in enumerate(samples.keys)
    ]
