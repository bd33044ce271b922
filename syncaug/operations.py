"""Library operations: each call of a step built once, then carried out with its followers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any, cast

from syncaug import backends, catalogue
from syncaug.draw import StepDraw
from syncaug.errors import RefusalError, SampleError, SyncaugError
from syncaug.limits import OverLimitError
from syncaug.maps.border import with_border
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap
from syncaug.modalities import Carrier
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.world.points import PointsCarrier
from syncaug.plan.plan import Call, Plan, Step
from syncaug.plan.spaces import PICTURES
from syncaug.scene import Scene
from syncaug.values.value import Constant

if TYPE_CHECKING:
    from syncaug.modalities.clock.video import VideoCarrier  # needs OpenCV, which texts do not

__all__ = ["OperationsRunner", "Prepared"]

_FRAMED = PICTURES - {"camera"}
"""Modalities that show something beyond the picture's edge: its fill, or more of the picture."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One library call, constructed."""

    stream: str
    key: str
    moves: str
    name: str
    operation: Any
    followers: tuple[str, ...]
    matrix: Any
    wants_rate: bool


class OperationsRunner:
    """The library calls of a step, one after the other, each with the streams that follow it."""

    __slots__ = ("_calls", "_name")

    def __init__(self, step: Step, plan: Plan) -> None:
        self._name = step.name
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
                calls.append(_prepare(call, key, followers, plan))
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

    def __call__(self, drawn: StepDraw, scene: Scene) -> None:
        for call in self.reached(drawn, scene):
            self.apply(call, drawn, scene)

    def reached(self, drawn: StepDraw, scene: Scene) -> Iterator[Prepared]:
        """The calls whose stream the draw reaches and the sample holds."""
        for call in self._calls:
            if (not drawn.only or call.stream in drawn.only) and call.stream in scene.carriers:
                yield call

    def apply(self, call: Prepared, drawn: StepDraw, scene: Scene) -> None:
        """Carry out one call and let its followers go along."""
        try:
            self._apply(call, drawn, scene)
        except (SyncaugError, OverLimitError):
            raise
        except Exception as error:  # libraries have many, and no common base
            raise _explained(error, call) from error

    def _apply(self, call: Prepared, drawn: StepDraw, scene: Scene) -> None:
        stream = scene.streams[call.stream].stream
        if stream.modality in PICTURES:
            scene.cut(stream.spaces["plane"])
        if stream.modality == "video":
            video = cast("VideoCarrier", scene.carriers[call.stream])
            self._apply_to_frames(video, call, drawn, scene)
            return
        carrier = scene.settled(call.stream)
        if isinstance(carrier, PointsCarrier) and len(carrier.data) == 0:
            return  # no point is left to pick or to move
        values = drawn.parameters[call.key]
        entropy = scene.source.entropy(f"{self._name}/{call.key}")
        if call.moves in ("plane", "field"):
            carrier.data, map_ = call.operation.run_with_map(carrier.data, values, entropy)
            _lead(carrier, call, map_, scene)
            return
        if call.moves == "clock" and isinstance(carrier, AudioCarrier):
            if hasattr(call.operation, "run_with_time"):
                carrier.data, time = call.operation.run_with_time(
                    carrier.data, values, entropy, sample_rate=carrier.rate
                )
                _lead_in_time(carrier, call, time, scene)
                return
        if call.wants_rate and isinstance(carrier, AudioCarrier):
            run = partial(call.operation.run, sample_rate=carrier.rate)
        else:
            run = call.operation.run
        _store(carrier, call, run(carrier.data, values, entropy))
        if call.moves == "world":
            scene.send("world", carrier.stream.spaces["world"], call.matrix, call.followers)

    def _apply_to_frames(
        self, carrier: VideoCarrier, call: Prepared, drawn: StepDraw, scene: Scene
    ) -> None:
        entropy = scene.source.entropy(f"{self._name}/{call.key}")
        map_ = carrier.operate(call.operation, drawn.parameters[call.key], entropy)
        if map_ is not None:
            _lead(carrier, call, map_, scene)


def _lead(carrier: Carrier, call: Prepared, map_: PlaneMap | FieldMap, scene: Scene) -> None:
    """Let the streams that follow an operation be carried by the map that it implies."""
    plane = carrier.stream.spaces["plane"]
    if isinstance(map_, PlaneMap):
        map_ = map_.cut  # the library has carried it out: the picture has lost what left it
    if call.stream == scene.references.get(plane):
        scene.follow(plane, map_)
    kind = "plane" if isinstance(map_, PlaneMap) else "field"
    edged = with_border(map_, getattr(call.operation, "border_mode", 0))
    if edged is None:
        scene.send(kind, plane, map_, call.followers)
        return
    pictures = [n for n in call.followers if scene.streams[n].stream.modality in _FRAMED]
    scene.send(kind, plane, map_, tuple(n for n in call.followers if n not in pictures))
    if scene.references.get(plane) in pictures:
        scene.follow(plane, map_)
    for name in pictures:
        if name in scene.carriers:
            scene.carriers[name].field(edged)


def _lead_in_time(carrier: AudioCarrier, call: Prepared, time: TimeMap, scene: Scene) -> None:
    """Let the streams of a clock follow the time map that an operation on one of them implies."""
    clock = carrier.stream.spaces["clock"]
    if clock not in scene.clocks:
        return
    seen = time.seen_from(-float(carrier.stream.options.get("offset", 0.0)))
    scene.elapse(clock, seen, (call.stream,))
    if call.followers:
        scene.send("time", clock, seen, call.followers)


def _prepare(call: Call, key: str, followers: tuple[str, ...], plan: Plan) -> Prepared:
    stream = plan.stream(call.stream)
    spec = catalogue.operation(call.operation)
    constants = {
        name: value.value for name, value in call.parameters.items() if isinstance(value, Constant)
    }
    operation = backends.prepare(call.operation, stream.modality, constants, stream.options)
    matrix = WorldMap.checked(_matrix(constants)) if spec.moves == "world" else None
    wants_rate = "sample_rate" in signature(operation.run).parameters
    return Prepared(
        call.stream, key, spec.moves, call.operation, operation, followers, matrix, wants_rate
    )


def _matrix(constants: Mapping[str, Any]) -> Any:
    import numpy as np

    return np.array(next(iter(constants.values())), dtype=np.float64).reshape(4, 4)


def _store(carrier: Carrier, call: Prepared, result: Any) -> None:
    """Put an operation's result where its kind of stream keeps it."""
    if isinstance(carrier, TextCarrier):
        _, edits = result
        noisy = catalogue.operation(call.name).may_change("spelling")
        (carrier.misspell if noisy else carrier.edit)(edits)
    elif isinstance(carrier, PointsCarrier) and call.moves == "rows":
        if len(result) == 0:
            raise RefusalError(call.stream, f"{call.name} leaves no point")
        carrier.take(result)
    else:
        carrier.data = result


def _explained(error: Exception, call: Prepared) -> Exception:
    """A library's complaint as ours: word troubles refuse the draw, others blame the stream."""
    from syncaug.words import AmbiguousColour, UnmovableDirection

    if isinstance(error, AmbiguousColour | UnmovableDirection):
        return RefusalError(call.stream, str(error))
    return SampleError(call.stream, expected=f"a stream that {call.name} takes", came=str(error))
