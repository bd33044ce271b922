"""What one step may ask of a sample: the spaces of its own streams, as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from syncaug.engine.state import State
from syncaug.maps.camera import Camera
from syncaug.maps.lens_map import LensMap
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.words import Speech
from syncaug.plan.plan import Plan
from syncaug.randomness import Entropy
from syncaug.suspicions import Suspicion
from syncaug.transforms.view import Objects

if TYPE_CHECKING:
    from syncaug.modalities.language.messages import MessagesCarrier
    from syncaug.modalities.language.phrases import PhrasesCarrier
    from syncaug.modalities.language.text import TextCarrier
    from syncaug.modalities.world.camera import CameraCarrier
    from syncaug.modalities.world.camera_frames import CameraFramesCarrier

__all__ = ["Reach", "StepView"]

_SLIGHTLY = 0.02
"""Recordings of ten seconds last a little less or more: that is no clock of another length."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The streams that a step reaches, and their spaces, each once and in order.

    `sounds` are the sounds among them by clock, `phrases` the phrases by plane; both have a clock.
    `apart` says that other streams of the step draw for themselves. `made` are vectors that an
    encoder makes, which no sample brings.
    """

    plan: Plan
    step: str
    streams: tuple[str, ...]
    planes: tuple[str, ...]
    clocks: tuple[str, ...]
    worlds: tuple[str, ...]
    sounds: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    modalities: Mapping[str, str]
    spaces: Mapping[str, Mapping[str, str]]
    apart: bool = False
    made: frozenset[str] = frozenset()

    @staticmethod
    def of(plan: Plan, step: str, names: tuple[str, ...], *, apart: bool = False) -> Reach:
        """What a step reaches among some of a plan's streams."""
        streams = [plan.stream(name) for name in names]
        clocks = plan.spaces("clock", names)
        planes = plan.spaces("plane", names)
        return Reach(
            plan,
            step,
            names,
            planes,
            clocks,
            plan.spaces("world", names),
            {c: _of(plan, "clock", c, "audio", names) for c in clocks},
            {
                plane: tuple(
                    name
                    for name in _of(plan, "plane", plane, "phrases", names)
                    if "clock" in plan.stream(name).spaces
                )
                for plane in planes
            },
            {stream.name: stream.modality for stream in streams},
            {stream.name: stream.spaces for stream in streams},
            apart,
            frozenset(stream.name for stream in streams if stream.options.get("encodes")),
        )

    def least(self, parameter: str) -> float:
        """The lower bound of a number of the step, whatever is drawn."""
        from syncaug.compiler.walk import located_steps
        from syncaug.values.interval import hull

        step, scope = next(
            (step, scope) for step, _, scope in located_steps(self.plan) if step.name == self.step
        )
        return hull(step.parameters[parameter].interval(scope)).low


def _of(
    plan: Plan, kind: str, space: str, modality: str, names: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(s.name for s in plan.living(kind, space, modality) if s.name in names)


class StepView(NamedTuple):
    """The state of a sample's spaces when a step begins, for the streams that the step reaches."""

    state: State
    reach: Reach

    def of(self, partner: State) -> StepView:
        """The same streams of a partner."""
        return StepView(partner, self.reach)

    def planes(self, named: str) -> Sequence[str]:
        known = self.state.totals
        if named:
            return (named,) if named in known else ()
        if len(known) == 1:
            return tuple(known)
        own = [plane for plane in self.reach.planes if plane in known]
        if own or not self.reach.apart:
            return own
        # What lives in a world alone, and draws for itself, asks the cameras that look at it.
        return [plane for plane in known if self.world_of(plane) in self.reach.worlds]

    def pictures(self, named: str) -> Iterable[tuple[str, Size]]:
        state = self.state
        if len(state.totals) == 1 and not named:
            ((plane, total),) = state.totals.items()
            if state.references.get(plane) in self.reach.modalities:  # as of most
                return ((plane, total.size),)
        return [(plane, self.size(plane)) for plane in self.planes(named)]

    def worlds(self, named: str) -> Sequence[str]:
        return (named,) if named else self.reach.worlds

    def clocks(self, named: str) -> Sequence[str]:
        clocks = (named,) if named else self.reach.clocks
        for clock in clocks:
            for name in self.reach.sounds.get(clock, ()):
                carrier = self.state.carriers.get(name)
                if carrier is not None and not carrier.sample_rate():
                    raise carrier.fail(
                        "a known sample rate where time moves",
                        "an array, which does not say",
                        "Declare sample_rate: in Hz.",
                    )
        return [clock for clock in clocks if clock in self.state.clocks]

    def duration(self, clock: str) -> float:
        state, reach = self.state, self.reach
        if state.timekeepers.get(clock) not in reach.streams:  # streams that draw for themselves
            for name in reach.streams:
                if reach.spaces[name].get("clock") == clock:
                    return state.lasting.get(name, state.clocks[clock].source)
        return state.clocks[clock].duration

    def falls_short(self, clock: str, unit: float) -> None:
        lasts, wanted = self.duration(clock), self.reach.least("duration") * unit
        if not lasts < (1.0 - _SLIGHTLY) * wanted:
            return
        streams = (n for n in self.reach.streams if self.reach.spaces[n].get("clock") == clock)
        name = next((n for n in streams if n in self.state.carriers), "")
        if name:
            self.state.suspicions.append(
                Suspicion(
                    name,
                    f"excerpt of {self.reach.step}",
                    f"clock {clock!r} lasts {lasts:g} s, and step {self.reach.step!r} cuts at "
                    f"least {wanted:g} s out of it: all of it stays, shorter than asked. Ask for "
                    "less, or for a share (unit: share); if samples may be shorter, silence this.",
                )
            )

    def tick(self, clock: str) -> float:
        carriers = self.state.carriers
        rates = (
            carriers[name].sample_rate()
            for name in self.reach.sounds.get(clock, ())
            if name in carriers
        )
        finest = max(rates, default=0.0)
        return 1.0 / finest if finest else 0.0

    def size(self, plane: str) -> Size:
        state, reach = self.state, self.reach
        if state.references.get(plane) not in reach.modalities:  # streams that draw for themselves
            for name in reach.streams:
                if name in state.carriers and reach.spaces[name].get("plane") == plane:
                    size = state.met(name).picture_size()
                    if size is not None:
                        return size
            for name in reach.streams:
                if name in state.carriers and state.carriers[name].stream.spec.writes:
                    said = cast("MessagesCarrier | TextCarrier", state.met(name))
                    return said.size_on(plane) or state.totals[plane].source
        return state.totals[plane].size

    def history(self, plane: str) -> PlaneMap:
        state = self.state
        warped = plane in state.warped and plane not in state.straight
        if warped or state.references.get(plane) not in self.reach.streams:
            return PlaneMap.identity(self.size(plane))
        return state.totals[plane]

    def straight(self, plane: str) -> tuple[PlaneMap, LensMap] | None:
        return self.state.straight.get(plane)

    def camera(self, plane: str) -> Camera | None:
        if plane not in self.state.lanes.cameras:  # as of most
            return None
        carrier = self._camera(plane)
        return None if carrier is None else carrier.camera

    def looks(self, plane: str) -> Sequence[Camera]:
        carrier = self._camera(plane)
        if carrier is None:
            return ()
        if not carrier.stream.framed:
            return (carrier.camera,)
        moving = cast("CameraFramesCarrier", carrier)
        if moving.film is not None:
            self.state.met(moving.film.stream.name)  # time may have chosen frames
        self.state.met(moving.stream.name)
        return moving.cameras

    def world_of(self, plane: str) -> str | None:
        carrier = self._camera(plane)
        return None if carrier is None else carrier.stream.spaces.get("world")

    def _camera(self, plane: str) -> CameraCarrier | None:
        state = self.state
        cameras = state.lanes.cameras
        if plane not in cameras:
            return None
        for name in cameras[plane]:
            if name in state.carriers:
                return cast("CameraCarrier", state.carriers[name])
        return None

    def foremost(self, world: str) -> Camera | None:
        if not self.reach.apart:
            return None
        planes = (plane for plane in self.state.totals if self.world_of(plane) == world)
        first = next(planes, "")
        return self.camera(first) if first else None

    def has_body(self, plane: str) -> bool:
        bodies = self.state.lanes.bodies
        return plane in bodies and not self.state.carriers.keys().isdisjoint(bodies[plane])

    def cameras(self, world: str) -> Sequence[str]:
        state = self.state
        return [
            plane
            for plane, names in state.lanes.cameras.items()
            for name in names
            if name in state.carriers and state.lanes.space(name, "world") == world
        ]

    def speeches(self, plane: str, cut: PlaneMap) -> Sequence[Speech]:
        state = self.state
        out = []
        for name in self.reach.phrases.get(plane, ()):
            if name in state.carriers and state.lanes.space(name, "clock") in state.clocks:
                for other in state.lanes.spoken:
                    if other in state.carriers:
                        state.met(other)
                out.append(cast("PhrasesCarrier", state.carriers[name]).speech(cut))
        return out

    def noisy(self) -> Mapping[str, str]:
        carriers = self.state.carriers
        return {n: kind for n, kind in self.reach.modalities.items() if n in carriers}

    def mixing(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        carriers, reach = self.state.carriers, self.reach
        return {
            name: (modality, reach.spaces[name])
            for name, modality in reach.modalities.items()
            if name in carriers or name in reach.made
        }

    def partner_duration(self, clock: str) -> float:
        partner = self.state.mixed_with(self.reach.step)
        return partner.clocks[clock].duration if clock in partner.clocks else 0.0

    def partner_size(self, plane: str) -> Size:
        partner = self.state.mixed_with(self.reach.step)
        return self.of(partner).size(plane) if plane in partner.totals else self.size(plane)

    def objects(self, world: str) -> Objects:
        from syncaug.modalities.world.objects import objects_of

        both = (self.state, self.state.mixed_with(self.reach.step))
        for state in both:
            for name in state.lanes.solids.get(world, ()):
                if name in state.carriers:
                    state.settled(name)
        return objects_of(both[0].carriers, both[1].carriers, world)

    def entropy(self, stream: str) -> Entropy:
        return self.state.source.entropy(f"{self.reach.step}/{stream}")
