"""The state of one sample on its way through the steps: its carriers, its spaces and its tracks."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from syncaug.engine.brought import require_forms
from syncaug.engine.groups import kept_rows, refit, require_equal_counts
from syncaug.engine.lanes import Lanes
from syncaug.engine.schedule import Schedule, Target
from syncaug.engine.spaces import Spaces
from syncaug.engine.tracks import Event, Tracks
from syncaug.engine.trading import trade, traded
from syncaug.errors import SampleError
from syncaug.limits import OverLimitError
from syncaug.maps.mask import Occlusion
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.annotations.rows import Numbers
from syncaug.modalities.border import STRANGE, Admission, admitted, unreadable
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.language.greys import coloured
from syncaug.modalities.results import hand_out
from syncaug.randomness import Source
from syncaug.suspicions import Suspicion
from syncaug.transforms.view import Map

__all__ = ["State"]

_NONE: Mapping[str, Carrier] = {}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_ROWS: Mapping[str, Numbers] = {}
_PAINTING = frozenset({"drop", "noise", "occlude"})
"""Kinds of map after which a picture may be grey that was not, or have a colour that had none."""


class State(Spaces):
    """All streams of one sample with what they have met so far.

    `step` is the step that is carried out. `led` has for streams that a library moved, or that
    follow it past their tracks, each map with the number of their track's events before it.
    `suspicions` are what carriers find doubtful of the sample. `partner` is the state of the sample
    that this one is mixed with, once a step has asked for it. `guest` admits one more sample, of
    which the streams that are named are taken in whole.
    """

    __slots__ = (
        *("_invite", "_read", "_touched", "_tracks", "partner", "sample", "schedule", "source"),
        *("guest", "led", "step", "suspicions"),
    )

    def __init__(
        self,
        lanes: Lanes,
        schedule: Schedule,
        sample: Mapping[str, Any],
        source: Source,
        invite: Callable[[str], State] | None = None,
        again: Mapping[str, Carrier] = _NONE,
    ) -> None:
        """`invite` makes the partner's state for the step of that name.

        `again` are carriers of the same sample that have met nothing yet. Raises SampleError where
        a stream is not as it was declared.
        """
        self.schedule, self.sample, self.source, self._invite = schedule, sample, source, invite
        self.partner: State | None = None
        self.guest: Callable[[Mapping[str, Any], Container[str]], State] | None = None
        self.step = ""
        self.led: Mapping[str, Sequence[tuple[int, Event]]] = _NOTHING
        self.suspicions: list[Suspicion] = []
        carriers = admitted(lanes.admissions, sample, self.suspicions, again)
        self._tracks = Tracks(schedule.count)
        self._read: dict[str, int] = {}
        self._touched: frozenset[str] = frozenset()
        super().__init__(lanes, carriers)
        if lanes.momentary:
            from syncaug.modalities.moments import check_moments

            check_moments(lanes.momentary, carriers, self.timekeepers)
        for name in lanes.connected:
            if name in carriers:
                self._connect(name, carriers[name])
        if lanes.groups:
            require_equal_counts(lanes.groups, carriers)

    def _connect(self, name: str, carrier: Carrier) -> None:
        """Let a carrier learn of its plane's size and of the streams that it belongs to."""
        plane = carrier.stream.spaces.get("plane", "")
        total = self.totals.get(plane)
        if total is None and carrier.needs_size:
            raise SampleError(
                name,
                expected=f"a picture or a camera on plane {plane!r}",
                came="none in the sample",
            )
        try:
            carrier.connect(self.carriers, None if total is None else total.size)
        except STRANGE as error:
            raise unreadable(name, self.sample[name], error) from error

    # Maps on their way to the lanes

    def send(self, kind: str, space: str, map_: Map | FieldMap, streams: tuple[str, ...]) -> None:
        """Let every one of `streams`, all of which live in the space, be carried by the map."""
        if streams:
            self.reach(kind, space, map_, self.schedule.target(kind, space, streams))

    def reach(self, kind: str, space: str, map_: Map | FieldMap, target: Target) -> None:
        """Let the streams of a target be carried by a map."""
        if target.cuts:
            for plane, pictures in target.cuts:
                if not pictures or not self.carriers.keys().isdisjoint(pictures):
                    self.cut(plane)
        tracks = target.tracks
        if kind == "plane":
            assert isinstance(map_, PlaneMap)
            before, after = None, map_
            if self.references.get(space) in target.names:
                totals = self.totals
                before = totals[space]
                after = totals[space] = before.then(map_)
                if self.lanes.labels and map_.mirrors:
                    self._mirror_labels(space)
            self._tracks.add_plane(tracks, map_, self.step, before, after)
        else:
            if target.remembered:
                tracks = self._remember(space, map_, target)
            self._tracks.add(tracks, kind, map_, self.step)
        if target.needs or target.at_once:
            self._meet_now(kind, space, map_, target)

    def _meet_now(self, kind: str, space: str, map_: Map | FieldMap, target: Target) -> None:
        """Let those meet a map at once that do not wait, after those that they ask."""
        for name in target.needs:
            self._bring(name)
        for name in target.at_once:
            carrier = self.carriers.get(name)
            if carrier is not None:
                self._touched |= {name}
                carrier.step = self.step
                carrier.space = space
                carrier.meets[kind](carrier, map_)

    def _remember(
        self, space: str, map_: Map | FieldMap, target: Target
    ) -> tuple[tuple[int, bool], ...]:
        """Remember what a map does to its space; the tracks that it reaches after all."""
        if isinstance(map_, ToneMap):
            if map_.hue:
                bright = coloured(self.carriers, target.names, self.lanes.shown, self._paint)
                grey = {self.schedule.track_of[n] for n in target.names if n not in bright}
                return tuple(track for track in target.tracks if track[0] not in grey)
        elif isinstance(map_, TimeMap):
            self.elapse(space, map_, target.names)
            if not map_.is_identity:
                self._doubt_lengths(space)
                if self.lanes.dated.get(space):
                    self._doubt_times(space, map_)
        elif isinstance(map_, WorldMap):
            if not self.totals and map_.mirrors:
                self._mirror_labels("")
        elif isinstance(map_, Occlusion):
            covered = (*self.hidden.get(space, ()), (self.totals[space], map_))
            self.hidden = {**self.hidden, space: covered}
        elif isinstance(map_, FieldMap) and self.references.get(space) in target.names:
            self.follow(space, map_)
        return target.tracks

    def cut(self, plane: str) -> None:
        """Let what lies outside of a plane's picture now be gone in all of its streams.

        One of them is about to be carried out, which then has no more than its picture.
        """
        if plane in self.totals:
            self.totals[plane] = self.totals[plane].cut
        self._tracks.cut(self.schedule.on_plane.get(plane, ()), self.step)
        for name in self.lanes.told.get(plane, ()):
            if name in self.carriers:
                self.carriers[name].space = plane
                self.carriers[name].cut()

    # Lanes on their way

    def _bring(self, name: str) -> None:
        """Let the carrier of a stream, if the sample has it, meet all that its track holds."""
        carrier = self.carriers.get(name)
        if carrier is None:
            return
        track, tracks, read = self.schedule.track_of[name], self._tracks, self._read
        events: Sequence[Event] | None = tracks.events[track]
        if events is None:
            return
        tracks.tails[track] = ""  # what has been read composes with nothing that comes
        if name in read:
            events = events[read[name] :]
            read[name] += len(events)
        else:
            read[name] = len(events)
        meets = carrier.meets
        try:
            for kind, map_, step in events:
                carrier.step = step
                meets[kind](carrier, map_)
        except OverLimitError as error:
            raise carrier.refusal(error) from error

    def _paint(self, name: str) -> None:
        """Bring a picture that has met what may give it other colours than a turn of the wheel."""
        waiting = self.met_by(name)[self._read.get(name, 0) :]
        if any(kind in _PAINTING for kind, _, _ in waiting):
            self._bring(name)

    def met(self, name: str) -> Carrier:
        """The carrier of a stream of the sample, after it has met everything so far."""
        self._bring(name)
        self._touched |= {name}
        return self.carriers[name]

    def settled(self, name: str) -> Carrier:
        """The carrier of a stream, brought up to what a library's operation has to see."""
        if name in self.lanes.spoken:  # words ask their boxes, and boxes tell their words
            for other in self.lanes.spoken:
                self._bring(other)
        carrier = self.met(name)
        carrier.expose()
        return carrier

    def adopt(self, name: str, value: Any) -> None:
        """Take in a stream that no sample brings. Raises SampleError for another kind."""
        admission = Admission.of(self.lanes.by_name[name])._replace(nullable=False)
        self.carriers.update(admitted((admission,), {name: value}, self.suspicions))
        self._touched |= {name}
        self._read[name] = len(self.met_by(name))  # what it shows has met all that came before

    def settle(self) -> None:
        """Carry out everything that is pending, in every stream; steps may come later."""
        for plane in self.totals:
            self.cut(plane)
        for name in self.carriers:
            self.met(name)
        for carrier in self.carriers.values():
            carrier.settle()

    def untouched(self) -> dict[str, Carrier]:
        """The costly carriers that have met nothing yet, with which another draw may begin."""
        return {
            name: self.carriers[name]
            for name in self.lanes.costly
            if name in self.carriers
            and not (name in self._read or name in self._touched or name in self.lanes.connected)
        }

    def carry(self, names: Iterable[str]) -> dict[str, Any]:
        """What some of the streams have become, with what runs parallel to them."""
        out: dict[str, Any] = {}
        carriers = self.carriers
        for name in names:
            self._bring(name)
        lanes = self.lanes
        kept = self._kept(names) if lanes.groups else _NO_ROWS
        if lanes.fits:
            refit([fit for fit in lanes.fits if fit[1] in names], carriers)
        hand_out(names, carriers, out, kept)
        if lanes.brought:
            require_forms(lanes.brought, carriers, out, self.totals)
        if lanes.pairs:
            trade(out, self.traded, lanes, carriers, self.totals)
        return out

    @property
    def traded(self) -> Mapping[str, str]:
        """The streams of stereo pairs that have traded places by now. Raises RefusalError."""
        return traded(self.lanes, self.carriers, self.totals)

    def _kept(self, names: Iterable[str]) -> dict[str, Numbers]:
        """The rows that those of some streams which are in a group hand out."""
        out: dict[str, Numbers] = {}
        for group in self.lanes.groups:
            members = [name for name in names if name in group.members and name in self.carriers]
            if members:
                for name in group.present(self.carriers):  # a leader may ask others of its group
                    self._bring(name)
                out.update(dict.fromkeys(members, kept_rows(group, self.carriers)))
        return out

    def finish(self) -> dict[str, Any]:
        """The sample after all maps: the same entries, in the same order."""
        out = dict(self.sample)
        out.update(self.carry(self.lanes.cheap))
        out.update(self.carry(self.lanes.costly))
        return out

    def lead(self, name: str, kind: str, map_: Map | FieldMap) -> None:
        """Remember a map that a stream has met by itself, of which its track does not know."""
        place = len(self.met_by(name))
        own = (*self.led.get(name, ()), (place, (kind, map_, self.step)))
        self.led = {**self.led, name: own}

    @property
    def events(self) -> Sequence[Sequence[Event]]:
        """What each track holds so far."""
        return [events or () for events in self._tracks.events]

    def met_by(self, name: str) -> Sequence[Event]:
        """What the track of a stream holds so far."""
        return self._tracks.events[self.schedule.track_of[name]] or ()

    def mixed_with(self, step: str) -> State:
        """The partner's state, made when a step first asks. Raises SampleError without one."""
        if self.partner is None:
            assert self._invite is not None, "a partner has no partner"
            self.partner = self._invite(step)
        return self.partner

    def notes(self) -> dict[str, dict[str, Any]]:
        """What each stream has to say for the record: words changed, boxes dropped."""
        return {name: carrier.notes for name, carrier in self.carriers.items() if carrier.notes}
