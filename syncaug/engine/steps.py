"""Steps made ready to run: drawn parameters to maps, once for all streams that share them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from syncaug.draw import SHARED, StepDraw
from syncaug.engine.kept_maps import keeper_of
from syncaug.engine.operations import OperationsRunner
from syncaug.engine.schedule import Target
from syncaug.engine.state import State
from syncaug.engine.view import Reach, StepView
from syncaug.maps.latent import Latent
from syncaug.maps.mix import Mix
from syncaug.plan.plan import Plan, Step
from syncaug.transforms import maps_of
from syncaug.transforms.view import Maps

if TYPE_CHECKING:
    from syncaug.engine.coding import Coding

__all__ = ["Runner", "runner_of"]

Runner = Callable[[StepDraw, State], None]
_Part = tuple[Mapping[str, Any], Reach, Mapping[tuple[str, str], Target]]
"""Parameters, the streams that they are for, and whom their maps reach."""
_NONE: Mapping[str, Any] = {}
_new: Any = tuple.__new__
"""Makes a view without looking at its fields, in half the time of the constructor."""


def runner_of(step: Step, plan: Plan, coding: Coding | None = None) -> Runner | None:
    """What carries out a step; None of a choice, whose chosen steps run by themselves."""
    if step.kind == "operations":
        return OperationsRunner(step, plan)
    if step.kind != "transform":
        return None
    if any("mix" in kinds for kinds in step.streams.values()):
        return _mixing(step, plan, coding)
    return _sending(step, plan)


def _sending(step: Step, plan: Plan) -> Runner:
    """A transform that sends maps to the streams that they are for."""
    make, keep, parts = maps_of(step.transform), keeper_of(step, plan), _Parts(step, plan)
    name, whole, several = step.name, parts.whole, parts.several

    def run(drawn: StepDraw, state: State) -> None:
        own = drawn.parameters
        if len(own) <= 1 and not drawn.only:  # as nearly always: all streams alike
            send(state, maps(own.get(SHARED, _NONE), whole, state), state.schedule.of_step[name])
            return
        # All maps are made of the sample as the step found it, whoever meets its own first.
        parts = [(maps(given, reach, state), to) for given, reach, to in several(drawn, state)]
        for made, targets in parts:
            send(state, made, targets)

    def maps(parameters: Mapping[str, Any], reach: Reach, state: State) -> Maps:
        if keep is None:
            return make(parameters, _new(StepView, (state, reach)))
        return keep(parameters, state, reach)

    def send(state: State, made: Maps, targets: Mapping[tuple[str, str], Target]) -> None:
        for kind, space, map_ in made:
            target = targets.get((kind, space))
            if target is not None:
                state.reach(kind, space, map_, target)

    return run


def _mixing(step: Step, plan: Plan, coding: Coding | None) -> Runner:
    """A transform whose streams take in what comes from a partner, or from a way of vectors."""
    maps_for, several = maps_of(step.transform), _Parts(step, plan).several

    def run(drawn: StepDraw, state: State) -> None:
        views = [(given, StepView(state, reach)) for given, reach, _ in several(drawn, state)]
        for view, maps in [(view, maps_for(given, view)) for given, view in views]:
            mixes = {space: map_ for _, space, map_ in maps if isinstance(map_, Mix)}
            ways = {space: map_ for _, space, map_ in maps if isinstance(map_, Latent)}
            if ways:
                from syncaug.engine.latents import go

                mixes = go(state, step, ways, mixes, view, coding)
            if mixes:
                from syncaug.engine.mixing import mix_in

                mix_in(state, state.mixed_with(step.name), mixes, view)

    return run


class _Parts:
    """Which streams of a step have parameters of their own, with whom its maps then reach."""

    __slots__ = ("_all", "_apart", "_name", "_plan", "_step", "whole")

    def __init__(self, step: Step, plan: Plan) -> None:
        self._step, self._plan, self._name = step, plan, step.name
        self._all = tuple(step.streams)
        self.whole = Reach.of(plan, step.name, self._all)
        self._apart: dict[tuple[str, ...], Reach] = {self._all: self.whole}

    def several(self, drawn: StepDraw, state: State) -> Iterator[_Part]:
        """Streams that have parameters of their own, after all the others."""
        parameters, schedule = drawn.parameters, state.schedule
        # A stream that draws for itself may choose a step of a choice that does not reach it.
        only = drawn.only or self._all
        reached = tuple(name for name in only if name in self.whole.modalities)
        shaken = [name for name in parameters if name in self.whole.modalities]
        rest = tuple(name for name in reached if name not in shaken)
        apart = [(rest, parameters.get(SHARED, _NONE))] if rest else []
        for streams, own in (*apart, *(((name,), parameters[name]) for name in shaken)):
            yield own, self._reach(streams), schedule.reached(self._step, streams)

    def _reach(self, streams: tuple[str, ...]) -> Reach:
        """What the step reaches for some streams, which draw for themselves."""
        found = self._apart.get(streams)
        if found is None:
            found = self._apart[streams] = Reach.of(self._plan, self._name, streams, apart=True)
        return found
