"""The neutral result: the original in the shape of all other results.

Where no draw of a sample was good, `on_fail: {then: neutral}` hands it out after only what its last
draw does to sizes and lengths, so that a batch can be stacked: a picture is resized whole, a clock
is cut where its excerpt was drawn, or at its end, or goes on with nothing. No word, colour, region
or row changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.shapes import changed_by_operation, changed_by_transform
from syncaug.draw import Draw, StepDraw
from syncaug.engine.operations import OperationsRunner
from syncaug.engine.program import Program
from syncaug.engine.schedule import Target
from syncaug.engine.state import State
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap
from syncaug.transforms.resize import resizing
from syncaug.transforms.view import Map

__all__ = ["lasting", "resized", "run_neutral"]

_KIND = {"area": "plane", "length": "time"}


def run_neutral(program: Program, sample: Mapping[str, Any], draw: Draw) -> State:
    """Carry a sample to the shape that `draw` would give it, and no further.

    Raises SampleError where the sample does not fit the policy and RefusalError where nothing of a
    stream would be left.
    """
    program.admit(sample)
    sample = program.unread.carried(sample)
    state = _NeutralState(program.lanes, program.schedule_for(draw), sample, draw.source())
    program.decide(draw.steps, state)
    for step in program.in_step(draw.steps, state):
        _run(program, step, state)
    state.settle()
    if program.coding is not None:
        program.coding.complete(state)
    return state


class _NeutralState(State):
    """A state that takes from the maps of one kind the size or the length of their results.

    `lets` is that kind, `plane` or `time`; while it is empty no map is taken.
    """

    __slots__ = ("lets",)

    def __init__(self, *given: Any) -> None:
        self.lets = ""
        super().__init__(*given)

    def reach(self, kind: str, space: str, map_: Map | FieldMap, target: Target) -> None:
        neutral: PlaneMap | TimeMap | None = None
        if kind == self.lets and isinstance(map_, PlaneMap):
            neutral = resized(map_)
        elif kind == self.lets and isinstance(map_, TimeMap):
            neutral = lasting(map_)
        if neutral is not None:
            super().reach(kind, space, neutral, target)

    def follow(self, plane: str, map_: PlaneMap | FieldMap) -> None:
        if self.lets:
            super().follow(plane, map_)

    def elapse(self, clock: str, map_: TimeMap, streams: tuple[str, ...]) -> None:
        if self.lets:
            super().elapse(clock, map_, streams)


def _run(program: Program, drawn: StepDraw, state: _NeutralState) -> None:
    if not program.happens(drawn, state):
        return
    state.step = drawn.name
    runner = program.runners[drawn.name]
    if isinstance(runner, OperationsRunner):
        _operate(runner, drawn, state)
    elif runner is not None:
        changes = changed_by_transform(program.transforms[drawn.name])
        state.lets = _KIND.get(changes, "")
        if state.lets:
            runner(drawn, state)
    for step in program.in_step(drawn.steps, state):
        _run(program, step, state)


def _operate(runner: OperationsRunner, drawn: StepDraw, state: _NeutralState) -> None:
    """Let the library say what size or length comes out, and give the original that one."""
    for call in runner.reached(drawn, state):
        if not changed_by_operation(call.name):
            continue
        carrier = state.settled(call.stream)
        carrier.settle()  # what still waits is not taken back below
        before, size, seconds = carrier.data, carrier.picture_size(), carrier.clock_duration()
        state.lets = ""
        runner.apply(call, drawn, state)
        to_size, to_seconds = carrier.picture_size(), carrier.clock_duration()
        carrier.data = before
        streams = (call.stream, *call.followers)
        spaces = carrier.stream.spaces
        if call.moves == "plane" and size is not None and to_size is not None:
            state.lets = "plane"
            state.send("plane", spaces["plane"], resizing(size, to_size), streams)
        elif call.moves == "clock" and seconds is not None and to_seconds is not None:
            state.lets = "time"
            whole = TimeMap.of([(to_seconds, 0.0, to_seconds, 1.0)], seconds)
            state.send("time", spaces["clock"], whole, streams)


def resized(map_: PlaneMap) -> PlaneMap | None:
    """The map that stretches the whole picture to the size that `map_` gives; None if it has it."""
    return None if map_.size == map_.source else resizing(map_.source, map_.size)


def lasting(map_: TimeMap) -> TimeMap | None:
    """A map of the same length that plays at its natural speed; None where the length stays.

    An excerpt or a loop stays as it is. Of all others the clock's beginning stays, followed by
    nothing where the result lasts longer.
    """
    if math.isclose(map_.duration, map_.source, rel_tol=1e-12):
        return None
    if all(_plain(segment, map_.source) for segment in map_.segments):
        return map_
    kept = min(map_.source, map_.duration)
    rest = map_.duration - kept
    pieces = [(kept, 0.0, kept, 1.0), (rest, math.nan, math.nan, 1.0)]
    return TimeMap.of(pieces, map_.source)


def _plain(segment: Segment, length: float) -> bool:
    """Whether a segment shows a part of the clock as it was."""
    if segment.is_gap or not math.isclose(segment.speed, 1.0, rel_tol=1e-9):
        return False
    return segment.first >= 0.0 and segment.last <= length * (1.0 + 1e-9)
