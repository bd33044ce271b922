"""The samples of a data set of `syncaug.datasets`, as it lies on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncaug.datasets.samples import Samples
    from syncaug.io.manifest import Entry

__all__ = ["DatasetSource"]


class DatasetSource:
    """The samples of the data set `kind` in the folder `place`, or of one split of them."""

    def __init__(self, place: Path, kind: str, split: str = "") -> None:
        self.place, self.kind, self.split = place, kind, split

    @cached_property
    def samples(self) -> Samples:
        """The samples, each read when it is asked for. Raises ManifestError."""
        from syncaug.datasets.kinds import kind_of

        return kind_of(self.kind).samples(self.place, self.split)

    def items(self) -> list[Entry]:
        """Each sample as an entry. Raises ManifestError."""
        from syncaug.datasets.kinds import entries_of

        return entries_of(self.kind, self.place, self.split, self.samples)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def description(self) -> Mapping[str, Any]:
        """Its kind, its split, and a digest of the keys of its samples. Raises ManifestError."""
        keys = json.dumps(self.samples.keys)
        return {
            "dataset": self.kind,
            "split": self.split,
            "keys of the samples": blake2b(keys.encode(), digest_size=16).hexdigest(),
        }
