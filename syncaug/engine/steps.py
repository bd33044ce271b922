"""Steps made ready to run: drawn parameters to maps, once for all streams that share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from syncaug.draw import SHARED, StepDraw
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

__all__ = ["Runner", "TransformRunner", "runner_of"]

Runner = Callable[[StepDraw, State], None]
_NONE: Mapping[str, Any] = {}
_new: Any = tuple.__new__
"""Makes a view without looking at its fields, in half the time of the constructor."""


def runner_of(step: Step, plan: Plan, coding: Coding | None = None) -> Runner | None:
    """What carries out a step; None of a choice, whose chosen steps run by themselves."""
    if step.kind == "transform":
        return TransformRunner(step, plan, coding)
    if step.kind == "operations":
        return OperationsRunner(step, plan)
    return None


class TransformRunner:
    """A library transform of a step: its maps, and whom they reach."""

    __slots__ = (
        *("_all", "_coding", "_maps", "_mixes", "_name", "_plan", "_reach", "_step"),
        *("_straightens", "_whole"),
    )

    def __init__(self, step: Step, plan: Plan, coding: Coding | None = None) -> None:
        self._step, self._plan, self._name, self._coding = step, plan, step.name, coding
        self._maps = maps_of(step.transform)
        self._mixes = any("mix" in kinds for kinds in step.streams.values())
        self._straightens = any("lens" in kinds for kinds in step.streams.values())
        self._all = tuple(step.streams)
        self._whole = Reach.of(plan, step.name, self._all)
        self._reach = {self._all: self._whole}

    def __call__(self, drawn: StepDraw, state: State) -> None:
        parameters = drawn.parameters
        if len(parameters) <= 1 and not drawn.only:
            own = parameters.get(SHARED, _NONE)
            self._send(own, state, self._whole, state.schedule.of_step[self._name])
        else:
            self._send_apart(drawn, state)

    def _send_apart(self, drawn: StepDraw, state: State) -> None:
        """Send the maps of streams that have parameters of their own, and of all the others."""
        parameters, schedule = drawn.parameters, state.schedule
        # A stream that draws for itself may choose a step of a choice that does not reach it.
        only = drawn.only or self._all
        reached = tuple(name for name in only if name in self._whole.modalities)
        shaken = [stream for stream in parameters if stream != SHARED]
        if self._straightens:  # the others ask a camera for the lens that it will lose
            shaken.sort(key=lambda name: self._whole.modalities.get(name) == "camera")
        rest = tuple(name for name in reached if name not in shaken)
        apart = [(rest, parameters.get(SHARED, _NONE))] if rest else []
        for streams, own in (*apart, *(((name,), parameters[name]) for name in shaken)):
            targets = schedule.reached(self._step, streams)
            self._send(own, state, self._reached(streams), targets)

    def _send(
        self,
        parameters: Mapping[str, Any],
        state: State,
        reach: Reach,
        targets: Mapping[tuple[str, str], Target],
    ) -> None:
        """Send the maps of some parameters to the streams that they are for."""
        view = _new(StepView, (state, reach))
        maps = self._maps(parameters, view)
        if self._mixes:
            self._mix(maps, state, view)
            return
        for kind, space, map_ in maps:
            target = targets.get((kind, space))
            if target is not None:
                state.reach(kind, space, map_, target)

    def _mix(self, maps: Maps, state: State, view: StepView) -> None:
        mixes = {space: map_ for _, space, map_ in maps if isinstance(map_, Mix)}
        ways = {space: map_ for _, space, map_ in maps if isinstance(map_, Latent)}
        if ways:
            from syncaug.engine.latents import go

            mixes = go(state, self._step, ways, mixes, view, self._coding)
        if mixes:
            from syncaug.engine.mixing import mix_in

            mix_in(state, state.mixed_with(self._name), mixes, view)

    def _reached(self, streams: tuple[str, ...]) -> Reach:
        """What the step reaches for some streams, which draw for themselves."""
        found = self._reach.get(streams)
        if found is None:
            found = self._reach[streams] = Reach.of(self._plan, self._name, streams, apart=True)
        return found
