"""Partners out of a source: which sample a draw mixes with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncaug.io.manifest import Entry

__all__ = ["Partners"]


class Partners:
    """All samples of a source, of which `policy.partner` chooses another one for each."""

    def __init__(self, augmenter: Any, entries: Sequence[Entry]) -> None:
        self._augmenter, self._entries = augmenter, entries
        self._places = {id(entry): place for place, entry in enumerate(entries)}

    def of(self, entry: Entry, epoch: int) -> Entry | None:
        """The partner of an entry in an epoch, or None where no step mixes."""
        place = self._augmenter.partner(
            key=entry.key, epoch=epoch, n=len(self._entries), index=self._places[id(entry)]
        )
        return None if place is None else self._entries[place]
