"""What steps and checks are compiled against: the declared streams, and where to complain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.reach.reach import Reach
from syncaug.plan.space_index import SpaceIndex
from syncaug.plan.stream import Stream

__all__ = ["Declared"]


@dataclass(frozen=True, slots=True)
class Declared:
    """The streams of a sample by name, their index by space, and what maps reach them."""

    streams: Mapping[str, Stream]
    index: SpaceIndex
    reach: Reach
    complaints: Complaints

    @classmethod
    def of(cls, streams: Mapping[str, Stream], complaints: Complaints) -> Declared:
        """All that is worked out once for the streams of a policy."""
        return cls(streams, SpaceIndex.of(streams.values()), Reach(streams), complaints)

    def known(self, name: str, path: Path, *, key: bool = False) -> bool:
        """Whether a stream of that name is declared; complains at `path` where none is."""
        if name not in self.streams:
            self.complaints.unknown("SA306", path, "stream", name, self.streams, key=key)
        return name in self.streams
