"""Tracks: the maps that lanes have met and not yet been carried by.

Lanes that meet the same maps share a track, so that neighbouring maps are composed once for all of
them. A lane reads its track when it is carried: at the end, or where somebody asks for it before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from syncaug.maps.plane import PlaneMap

__all__ = ["COMPOSED", "Event", "Tracks"]

COMPOSED = frozenset({"plane", "time", "world", "tone"})
"""Kinds of map that compose with a neighbour of the same kind."""


Event = tuple[str, Any, str]
"""The kind of a map, the map, and the step that sent it, or the last of those it is composed of."""


_PROJECTIVE = "projective"


class Tracks:
    """The maps for the lanes of one sample: `events` has those of each track, in order, if any.

    `tails` is the kind of each track's last map while that may still compose with the next. What a
    lane has read stays as it is: it closes its track's tail. A map is added to all of its tracks by
    one call, with whether each lets it compose with a neighbour of its kind.
    """

    __slots__ = ("_uncut", "events", "tails")

    def __init__(self, count: int) -> None:
        self.events: list[list[Event] | None] = [None] * count
        self.tails = [""] * count
        self._uncut = [False] * count

    def add(self, tracks: Iterable[tuple[int, bool]], kind: str, map_: Any, step: str) -> None:
        """Let the lanes of some tracks meet one more map."""
        tails, all_events = self.tails, self.events
        event = (kind, map_, step)
        for index, joins in tracks:
            events = all_events[index]
            if events is None:
                all_events[index] = [event]
            elif joins and tails[index] == kind:
                events[-1] = (kind, events[-1][1].then(map_), step)
                continue
            else:
                events.append(event)
            tails[index] = kind

    def add_plane(
        self,
        tracks: Iterable[tuple[int, bool]],
        map_: PlaneMap,
        step: str,
        before: PlaneMap | None,
        after: PlaneMap,
    ) -> None:
        """As `add`; the plane's first picture went by `before`, and goes by `after` now.

        A track that has met the same as that picture takes `after` as it is, so that the maps of a
        plane are composed once for all of its lanes. `before` is None where that picture does not
        meet the map.
        """
        tails, all_events, uncut = self.tails, self.events, self._uncut
        # A picture's centre moves under what is not affine, where words and depth look.
        numbers = map_[0]
        kind = "plane" if numbers[6] == 0.0 == numbers[7] else _PROJECTIVE
        event = joined = ("plane", map_, step)
        if before is not None:
            joined = ("plane", after, step)
        for index, joins in tracks:
            uncut[index] = True
            events = all_events[index]
            if events is None:
                all_events[index] = [event]
            elif joins and tails[index] == "plane" == kind:
                waiting = events[-1][1]
                events[-1] = joined if waiting is before else ("plane", waiting.then(map_), step)
                continue
            else:
                events.append(event)
            tails[index] = kind

    def cut(self, tracks: Iterable[int], step: str) -> None:
        """Let what lies outside of the picture now be gone for good."""
        uncut, tails = self._uncut, self.tails
        before: Event = _NOTHING
        after = before
        for index in tracks:
            if not uncut[index]:
                continue
            uncut[index] = False
            events = self.events[index]
            assert events is not None
            tail = tails[index]
            if tail == "plane" or tail == _PROJECTIVE:
                last = events[-1]
                if last is not before:  # tracks share what they have met together
                    before, after = last, ("plane", last[1].cut, last[2])
                events[-1] = after
            else:
                events.append(("cut", None, step))
                tails[index] = "cut"


_NOTHING: Event = ("", None, "")
