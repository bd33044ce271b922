"""The samples of a data set of `syncaug.datasets`, as it lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncaug.io.manifest import Entry

__all__ = ["DatasetSource"]


@dataclass(frozen=True, slots=True)
class DatasetSource:
    """The samples of the data set `kind` in the folder `place`, or of one split of them."""

    place: Path
    kind: str
    split: str = ""

    def items(self) -> list[Entry]:
        """Each sample as an entry. Raises ManifestError."""
        from syncaug.datasets.kinds import entries_of

        return entries_of(self.kind, self.place, self.split)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def description(self) -> Mapping[str, Any]:
        """Nothing: a data set is written as a whole."""
        return {}
