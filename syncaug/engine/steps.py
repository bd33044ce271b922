"""Steps made ready to run: drawn parameters to maps, once for all streams that share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.draw import SHARED, StepDraw
from syncaug.engine.operations import OperationsRunner
from syncaug.engine.state import State
from syncaug.engine.view import Reach, StepView
from syncaug.maps.mix import Mix
from syncaug.plan.plan import Plan, Step
from syncaug.transforms import maps_of

__all__ = ["Runner", "TransformRunner", "runner_of"]

Runner = Callable[[StepDraw, State], None]
_NONE: Mapping[str, Any] = {}


def runner_of(step: Step, plan: Plan) -> Runner | None:
    """What carries out a step; None of a choice, whose chosen steps run by themselves."""
    if step.kind == "transform":
        return TransformRunner(step, plan)
    if step.kind == "operations":
        return OperationsRunner(step, plan)
    return None


class TransformRunner:
    """A library transform of a step: its maps, and whom they reach."""

    __slots__ = ("_all", "_maps", "_plan", "_reach", "_step", "_whole")

    def __init__(self, step: Step, plan: Plan) -> None:
        self._step, self._plan = step, plan
        self._maps = maps_of(step.transform)
        self._all = tuple(step.streams)
        self._whole = Reach.of(plan, step.name, self._all)
        self._reach = {self._all: self._whole}

    def __call__(self, drawn: StepDraw, state: State) -> None:
        parameters = drawn.parameters
        if not drawn.only and len(parameters) <= 1:
            self._send(parameters.get(SHARED, _NONE), state, self._whole)
            return
        # A stream that draws for itself may choose a step of a choice that does not reach it.
        only = drawn.only or self._all
        reached = tuple(name for name in only if name in self._whole.modalities)
        shaken = [stream for stream in parameters if stream != SHARED]
        rest = tuple(name for name in reached if name not in shaken)
        if rest:
            self._send(parameters.get(SHARED, _NONE), state, self._reached(rest))
        for stream in shaken:
            self._send(parameters[stream], state, self._reached((stream,)))

    def _reached(self, streams: tuple[str, ...]) -> Reach:
        """What the step reaches for some streams, which draw for themselves."""
        found = self._reach.get(streams)
        if found is None:
            found = self._reach[streams] = Reach.of(self._plan, self._step.name, streams)
        return found

    def _send(self, parameters: Mapping[str, Any], state: State, reach: Reach) -> None:
        targets = state.schedule.reached(self._step, reach.streams)
        mixes: dict[str, Mix] = {}
        for kind, space, map_ in self._maps(parameters, StepView(state, reach)):
            if kind == "mix":
                assert isinstance(map_, Mix)
                mixes[space] = map_
            elif (target := targets.get((kind, space))) is not None:
                state.reach(kind, space, map_, target)
        if mixes:
            from syncaug.engine.mixing import mix_in

            mix_in(state, state.mixed_with(self._step.name), mixes)
