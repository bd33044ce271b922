"""A data set whose samples are digests, held against what they are expected to be.

It wraps the data set of a loader and goes to its workers. Digests come back instead of arrays; of
the first few that differ the values come with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.determinism.contents import digests_of, held
from syncaug.determinism.samples import tried

__all__ = ["Compared", "Expected", "Seen"]

Expected = Mapping[tuple[int, int], Mapping[str, str]]
"""(epoch, place) -> the digest of each stream."""

_SENT = 2
"""Values of one stream that a worker sends along."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a sample: the digests of its streams, and some values that differ."""

    place: int
    digests: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)


class Compared:
    """The digests of an `AugmentedDataset`'s samples, against those of direct calls."""

    def __init__(self, data: Any, expected: Expected) -> None:
        self.data, self._expected = data, expected
        self._sent: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: int) -> Seen:
        out = tried(self.data.__getitem__, place)
        digests = digests_of(out)
        expected = self._expected[self.data.epoch, place]
        values = {}
        for name, value in out.items():
            if digests[name] != expected.get(name) and self._sent.get(name, 0) < _SENT:
                self._sent[name] = self._sent.get(name, 0) + 1
                values[name] = held(value)
        self.data.dataset.close()
        return Seen(place, digests, values)
