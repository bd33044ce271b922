"""Library operations: each call of a step built once, then carried out with its followers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from syncaug import backends
from syncaug.backends import Operated, Operation
from syncaug.draw import StepDraw
from syncaug.engine.state import State
from syncaug.errors import RefusalError, SampleError, SyncaugError
from syncaug.limits import OverLimitError
from syncaug.maps.border import with_border
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap
from syncaug.plan.plan import Call, Plan, Step, Stream
from syncaug.values.value import Constant

__all__ = ["OperationsRunner", "Prepared"]


def _is_framed(stream: Stream) -> bool:
    """Whether a stream shows something beyond the picture's edge: fill, or more of the picture."""
    return stream.spec.picture and stream.modality != "camera"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One library call, constructed, with all that the plan says about it.

    `address` is that of its entropy. `plane` names the plane whose pictures are cut before the
    call, if any. `space` is the one that it moves, `followers` are the streams that go along, of
    which `pictures` show what lies beyond an edge; `offset` is the stream's own on its clock.
    """

    stream: str
    key: str
    address: str
    name: str
    moves: str
    operation: Operation
    plane: str
    space: str
    followers: tuple[str, ...]
    pictures: tuple[str, ...]
    others: tuple[str, ...]
    offset: float
    lead: Callable[[Prepared, Operated, State], None]


class OperationsRunner:
    """The library calls of a step, one after the other, each with the streams that follow it."""

    __slots__ = ("_calls",)

    def __init__(self, step: Step, plan: Plan) -> None:
        calls: list[Prepared] = []
        count: dict[str, int] = {}
        following: dict[str, dict[str, None]] = {}  # each once, however many calls its leader has
        for call in step.calls:
            following.setdefault(call.leader, {})[call.stream] = None
        for call in step.calls:
            if not call.operation:
                continue
            index = count.get(call.stream, 0)
            count[call.stream] = index + 1
            key = f"{call.stream}/{index}" if index else call.stream
            followers = tuple(following.get(call.stream, ()))
            try:
                calls.append(_prepare(call, step.name, key, followers, plan))
            except SyncaugError:
                raise
            except Exception as error:  # libraries have many, and no common base
                raise SampleError(
                    call.stream,
                    expected=f"parameters that {call.operation} takes in step {step.name!r}",
                    came=f"{error}",
                    hint="Mend the policy: all samples would fail.",
                ) from error
        self._calls = tuple(calls)

    def __call__(self, drawn: StepDraw, state: State) -> None:
        for call in self.reached(drawn, state):
            self.apply(call, drawn, state)

    def reached(self, drawn: StepDraw, state: State) -> Iterator[Prepared]:
        """The calls whose stream the draw reaches and the sample holds."""
        for call in self._calls:
            if (not drawn.only or call.stream in drawn.only) and call.stream in state.carriers:
                yield call

    def apply(self, call: Prepared, drawn: StepDraw, state: State) -> None:
        """Carry out one call and let its followers go along."""
        try:
            if call.plane:
                state.cut(call.plane)
            carrier = state.settled(call.stream)
            entropy = state.source.entropy(call.address)
            operated = carrier.operate(call.operation, drawn.parameters[call.key], entropy)
            if operated is not None and operated.moved is not None:
                call.lead(call, operated, state)
        except (SyncaugError, OverLimitError):
            raise
        except Exception as error:  # libraries have many, and no common base
            raise _explained(error, call) from error


def _prepare(call: Call, step: str, key: str, followers: tuple[str, ...], plan: Plan) -> Prepared:
    stream = plan.stream(call.stream)
    constants = {
        name: value.value for name, value in call.parameters.items() if isinstance(value, Constant)
    }
    operation = backends.prepare(call.operation, stream.modality, constants, stream.options)
    framed = {name for name in followers if _is_framed(plan.stream(name))}
    moves = operation.spec.moves
    kind, lead = _LEADS.get(moves, ("", _lead_nothing))
    return Prepared(
        stream=call.stream,
        key=key,
        address=f"{step}/{key}",
        name=call.operation,
        moves=moves,
        operation=operation,
        plane=stream.spaces["plane"] if stream.spec.picture else "",
        space=stream.spaces.get(kind, ""),
        followers=followers,
        pictures=tuple(name for name in followers if name in framed),
        others=tuple(name for name in followers if name not in framed),
        offset=float(stream.options.get("offset", 0.0)),
        lead=lead,
    )


def _lead_on_plane(call: Prepared, operated: Operated, state: State) -> None:
    """Let the streams of a plane follow the map that an operation on its picture implies."""
    map_, plane = operated.moved, call.space
    assert isinstance(map_, PlaneMap | FieldMap)
    kind = "field"
    if isinstance(map_, PlaneMap):
        kind, map_ = "plane", map_.cut  # the library has carried it out: what left it is lost
    state.lead(call.stream, kind, map_)
    if call.stream == state.references.get(plane):
        state.follow(plane, map_)
    edged = with_border(map_, operated.border)
    if edged is None:
        state.send(kind, plane, map_, call.followers)
        return
    state.send(kind, plane, map_, call.others)
    if state.references.get(plane) in call.pictures:
        state.follow(plane, map_)
    for name in call.pictures:
        if name in state.carriers:
            carrier = state.met(name)
            carrier.step = state.step
            carrier.field(edged)
        state.lead(name, kind, map_)


def _lead_on_clock(call: Prepared, operated: Operated, state: State) -> None:
    """Let the streams of a clock follow the time map that an operation on one of them implies."""
    time, clock = operated.moved, call.space
    assert isinstance(time, TimeMap)
    if clock not in state.clocks:
        return
    seen = time.seen_from(-call.offset)
    state.lead(call.stream, "time", seen)
    state.elapse(clock, seen, (call.stream,))
    if call.followers:
        state.send("time", clock, seen, call.followers)


def _lead_in_world(call: Prepared, operated: Operated, state: State) -> None:
    """Let the streams of a world follow the matrix that moved one of them."""
    assert isinstance(operated.moved, WorldMap)
    state.lead(call.stream, "world", operated.moved)
    state.send("world", call.space, operated.moved, call.followers)


def _lead_nothing(call: Prepared, operated: Operated, state: State) -> None:
    """What moves no space leads nobody."""


_LEADS: Mapping[str, tuple[str, Callable[[Prepared, Operated, State], None]]] = {
    "plane": ("plane", _lead_on_plane),
    "field": ("plane", _lead_on_plane),
    "clock": ("clock", _lead_on_clock),
    "world": ("world", _lead_in_world),
}
"""What an operation moves -> the kind of space, and how its followers learn of it."""


def _explained(error: Exception, call: Prepared) -> Exception:
    """A library's complaint as ours: word troubles refuse the draw, others blame the stream."""
    from syncaug.words import AmbiguousColour, UnmovableDirection

    if isinstance(error, AmbiguousColour | UnmovableDirection):
        return RefusalError(call.stream, str(error))
    return SampleError(call.stream, expected=f"a stream that {call.name} takes", came=str(error))
