"""The course of a sample: what its streams have met, without their data.

A record keeps it until somebody reads what has moved a stream. Maps are values that nobody changes,
so they can wait; the carriers, with all pixels, and the fields of warps without a formula go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncaug.engine.lanes import Lanes
from syncaug.engine.state import State
from syncaug.engine.tracks import Event
from syncaug.errors import RefusalError
from syncaug.maps.plane import FieldMap, PlaneMap

__all__ = ["Course"]

_MOVING = frozenset({"plane", "time", "world", "cut", "lens", "field"})
"""Kinds of event that move a stream, or lose its way."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the streams of one sample have met.

    `events` has those of each track that move its lanes, `track_of` each stream's track, and `led`
    what single streams have met besides, each event with the number of events before it. `totals`
    are the planes as labels follow them. `traded` are the streams of stereo pairs that have traded
    places, each with its other one.
    """

    lanes: Lanes
    track_of: Mapping[str, int]
    events: tuple[Sequence[Event], ...]
    led: Mapping[str, Sequence[tuple[int, Event]]]
    totals: Mapping[str, PlaneMap]
    traded: Mapping[str, str]

    @staticmethod
    def of(state: State) -> Course:
        """The course of a sample that has met all of its maps."""
        events, led = state.events, state.led
        if led:  # they count the events before them: of these none may be left out
            kept = [[_light(event) for event in track] for track in events]
            led = {name: [(n, _light(e)) for n, e in own] for name, own in led.items()}
        else:
            kept = [[_light(event) for event in t if event[0] in _MOVING] for t in events]
        totals = dict(state.totals)
        return Course(
            state.lanes, state.schedule.track_of, tuple(kept), led, totals, _traded(state)
        )

    def met_by(self, name: str) -> Sequence[Event]:
        """What a stream has met, in order: its track's events, and between them its own."""
        events = self.events[self.track_of[name]]
        if name not in self.led:
            return events
        events = list(events)
        for place, event in reversed(self.led[name]):
            events.insert(place, event)
        return events


def _light(event: Event) -> Event:
    """An event without what would keep memory: of a field, and of no map in space, its kind."""
    kind, map_, step = event
    if kind not in _MOVING:
        return kind, None, step
    if isinstance(map_, FieldMap):
        return ("lens" if kind == "lens" else "field"), None, step
    return event


def _traded(state: State) -> Mapping[str, Any]:
    """The streams of stereo pairs that traded places, each with its other one."""
    try:
        return dict(state.traded) if state.lanes.pairs else {}
    except RefusalError:
        return {}
