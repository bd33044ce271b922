"""Tracks: the maps that lanes have met and not yet been carried by.

Lanes that meet the same maps share a track, so that neighbouring maps are composed once for all of
them. A lane reads its track when it is carried: at the end, or where somebody asks for it before.
"""

from __future__ import annotations

from typing import Any

from syncaug.maps.plane import PlaneMap

__all__ = ["COMPOSED", "Event", "Track"]

COMPOSED = frozenset({"plane", "time", "world", "tone"})
"""Kinds of map that compose with a neighbour of the same kind."""


Event = tuple[str, Any, str]
"""The kind of a map, the map, and the step that sent it, or the last of those it is composed of."""


class Track:
    """The maps for some lanes, in order.

    `composes` are the kinds that the lanes let compose. What a lane has read stays as it is.
    """

    __slots__ = ("_composes", "_read", "_uncut", "events")

    def __init__(self, composes: frozenset[str]) -> None:
        self.events: list[Event] = []
        self._composes = composes
        self._read = 0
        self._uncut = False

    def add(self, kind: str, map_: Any, step: str) -> None:
        """Let the lanes meet one more map."""
        events = self.events
        if len(events) > self._read and kind in self._composes:
            last, waiting, _ = events[-1]
            if last == kind:
                events[-1] = (kind, waiting.then(map_), step)
                return
        events.append((kind, map_, step))

    def add_plane(
        self, map_: PlaneMap, step: str, before: PlaneMap | None, after: PlaneMap
    ) -> None:
        """As `add`; the plane's first picture went by `before`, and goes by `after` now.

        A track that has met the same as that picture takes `after` as it is, so that the maps of a
        plane are composed once for all of its lanes. `before` is None where that picture does not
        meet the map.
        """
        events = self.events
        self._uncut = True
        if len(events) > self._read:
            last, waiting, _ = events[-1]
            # A picture's centre moves under what is not affine, where words and depth look.
            if last == "plane" and map_.is_affine and waiting.is_affine:
                both = after if waiting is before else waiting.then(map_)
                events[-1] = ("plane", both, step)
                return
        events.append(("plane", map_, step))

    def cut(self, step: str) -> None:
        """Let what lies outside of the picture now be gone for good."""
        if not self._uncut:
            return
        self._uncut = False
        events = self.events
        if len(events) > self._read and events[-1][0] == "plane":
            _, waiting, sender = events[-1]
            events[-1] = ("plane", waiting.cut, sender)
        else:
            events.append(("cut", None, step))

    def read(self) -> list[Event]:
        """All maps, of which none changes any more: what comes composes among itself."""
        self._read = len(self.events)
        return self.events
