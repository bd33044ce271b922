"""The executor: plan + draw + sample -> scene, by maps and by library calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any, cast

from syncaug import backends, catalogue
from syncaug.backends.isolation import own_errstate
from syncaug.digest import digest_of
from syncaug.draw import SHARED, Draw, StepDraw
from syncaug.errors import RefusalError, SampleError, SyncaugError
from syncaug.limits import OverLimitError
from syncaug.maps.border import with_border
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap
from syncaug.mixing import mix_in
from syncaug.modalities import Carrier, carrier_class
from syncaug.modalities.annotations.sides import sides_message
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.world.points import PointsCarrier
from syncaug.partner import Partner
from syncaug.plan.mirrors import ADVICE, mirrored_streams
from syncaug.plan.plan import Call, Plan, Step
from syncaug.plan.spaces import PICTURES
from syncaug.scene import Scene, StepView, lives
from syncaug.suspicions import Suspicions
from syncaug.transforms import maps_of
from syncaug.values.value import Constant

if TYPE_CHECKING:
    from syncaug.modalities.clock.video import VideoCarrier  # needs OpenCV, which texts do not

__all__ = ["OperationsRunner", "Program"]

_SIDES = "sides"
"""The code of the warning about names of sides."""
_FRAMED = PICTURES - {"camera"}
"""Modalities that show something beyond the picture's edge: its fill, or more of the picture."""


class Program:
    """A plan made ready to run: carriers looked up, library transforms constructed once."""

    def __init__(self, plan: Plan, suspicions: Suspicions | None = None) -> None:
        self.plan = plan
        self._suspicions = Suspicions() if suspicions is None else suspicions
        self.streams = {
            stream.name: (stream, carrier_class(stream.modality)) for stream in plan.streams
        }
        self._known = {*self.streams, *plan.untouched, *_parallel_keys(plan)}
        self._declared = (*self.streams, *sorted(_parallel_keys(plan) - set(self.streams)))
        self._has_poses = {"camera", "points"} <= {s.modality for s in plan.streams}
        self._required = tuple(stream.name for stream in plan.streams if not stream.optional)
        self._reached = {step.name: tuple(step.streams) for step in plan.walk()}
        self.runners = {step.name: _runner(step, plan) for step in plan.walk()}
        self.transforms = {step.name: step.transform for step in plan.walk()}
        self._mirrored = mirrored_streams(plan)
        self._present = {
            step.name: tuple((c.subject, c.operand) for c in step.conditions if c.test == "present")
            for step in plan.walk()
        }

    own_errstate = staticmethod(own_errstate)

    def run(self, sample: Mapping[str, Any], draw: Draw, partner: Partner | None = None) -> Scene:
        """Carry every stream of `sample` as `draw` says; the sample itself is only read.

        `partner` is what steps that mix take from. Raises SampleError where a sample does not fit
        the policy and RefusalError where the draw cannot be carried out faithfully.
        """
        self.admit(sample)
        scene = Scene(self.streams, sample, draw.source(), partial(self._invite, partner, draw))
        self._suspect_sides(scene)
        self._suspect_poses(scene)
        where = f"sample {draw.key!r}, "
        self._tell(scene, where)
        for step in draw.steps:
            self._run(step, scene)
        scene.end()
        self._tell(scene, where)
        scene.tell = partial(self._tell, where=where)
        return scene

    def digest(self, sample: Mapping[str, Any]) -> str:
        """The digest of all that the policy declares of a sample."""
        return digest_of(sample, self._declared)

    def _invite(self, partner: Partner | None, draw: Draw, step: str) -> Scene:
        """The partner's scene, admitted by the same rules."""
        sample = None if partner is None else partner.sample()
        if partner is None or sample is None:
            raise SampleError(
                "partner",
                expected=f"a partner, with which step {step!r} mixes",
                came="none",
                hint="Pass partner=SAMPLE, the one of those N that policy.partner(key=..., "
                "epoch=..., n=N) chooses; it chooses None where no step mixes.",
            )
        try:
            self.admit(sample)
            scene = Scene(self.streams, sample, draw.source())
        except SampleError as error:
            raise partner.explained(error) from error
        self._suspect_poses(scene)
        self._tell(scene, "the partner's " if partner.key is None else f"partner {partner.key!r}, ")
        return scene

    def _suspect_sides(self, scene: Scene) -> None:
        """Look once for names of sides in streams that a step mirrors and nothing is decided of."""
        for name in self._mirrored:
            carrier = scene.carriers.get(name)
            if carrier is None or self._suspicions.has_said(name, _SIDES):
                continue
            message = sides_message(carrier.side_names(), ADVICE)
            if message:
                carrier.suspect(_SIDES, message)

    def _suspect_poses(self, scene: Scene) -> None:
        """Look in the first samples whether cameras and clouds meet."""
        if self._has_poses and self._suspicions.looks_closely():
            from syncaug.modalities.world.facing import suspect_poses

            suspect_poses(scene.carriers.values())

    def _tell(self, scene: Scene, where: str) -> None:
        """Warn of what carriers suspect; what they see when they settle is told after the steps."""
        for carrier in scene.carriers.values():
            if carrier.suspicions:
                self._suspicions.tell(carrier.suspicions, where)

    def admit(self, sample: Mapping[str, Any]) -> None:
        """Raise SampleError unless the sample holds what the policy declares, and nothing else."""
        if not isinstance(sample, Mapping):
            raise SampleError("sample", expected="a mapping of streams", came=type(sample).__name__)
        unknown = [name for name in sample if name not in self._known]
        for name in self._required:
            if name not in sample:
                raise SampleError(
                    name,
                    expected=f"a stream of modality {self.streams[name][0].modality}",
                    came="no such entry in the sample",
                    hint=_other_names(unknown) + "Declare optional: true if it may be missing.",
                )
        if unknown:
            raise SampleError(
                str(unknown[0]),
                expected="only streams that the policy declares",
                came="an undeclared entry",
                hint="Declare it under sample:, or list it under untouched:.",
            )

    def happens(self, drawn: StepDraw, scene: Scene) -> bool:
        """Whether a drawn step is carried out on a sample with these streams."""
        tests = self._present[drawn.name]
        return drawn.applied and (
            not tests or all((subject in scene.carriers) == wanted for subject, wanted in tests)
        )

    def _run(self, drawn: StepDraw, scene: Scene) -> None:
        if not self.happens(drawn, scene):
            return
        scene.step = drawn.name
        try:
            self.runners[drawn.name](drawn, scene)
        except OverLimitError as error:
            stream = next(iter(self._reached[drawn.name]), "")
            raise RefusalError(stream, f"step {drawn.name!r}: {error}") from error
        for step in drawn.steps:
            self._run(step, scene)
        if not self.plan.fuse:
            scene.settle()


def _parallel_keys(plan: Plan) -> set[str]:
    """Keys of a sample that belong to a stream: its labels, or the times of its phrases."""
    return {key for stream in plan.streams for key in stream.parallel_keys}


Runner = Callable[[StepDraw, Scene], None]


def _runner(step: Step, plan: Plan) -> Runner:
    if step.kind == "transform":
        return _TransformRunner(step, plan)
    if step.kind == "operations":
        return OperationsRunner(step, plan)
    return lambda drawn, scene: None  # a choice: its chosen steps run by themselves


class _TransformRunner:
    """Parameters to maps, once for all streams that share them, and maps to streams."""

    __slots__ = ("_all", "_carried", "_maps", "_name", "_plan", "_reached")

    def __init__(self, step: Step, plan: Plan) -> None:
        self._name = step.name
        self._maps = maps_of(step.transform)
        self._carried = dict(step.streams)
        self._all = tuple(step.streams)
        self._plan = plan
        self._reached: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}

    def __call__(self, drawn: StepDraw, scene: Scene) -> None:
        reached = drawn.only or self._all
        parameters = drawn.parameters
        if len(parameters) <= 1:
            self._send(parameters.get(SHARED, {}), scene, reached)
            return
        shaken = [stream for stream in parameters if stream != SHARED]
        self._send(parameters[SHARED], scene, tuple(name for name in reached if name not in shaken))
        for stream in shaken:
            self._send(parameters[stream], scene, (stream,))

    def _send(self, parameters: Mapping[str, Any], scene: Scene, streams: tuple[str, ...]) -> None:
        if not streams:
            return
        mixes: dict[str, Mix] = {}
        for kind, space, map_ in self._maps(parameters, StepView(scene, self._name, streams)):
            if isinstance(map_, Mix):
                mixes[space] = map_
                continue
            target = (kind, space, streams)
            names = self._reached.get(target)
            if names is None:  # the same for every sample, so it is worked out once
                names = self._reached[target] = self._meeting(*target)
            scene.send(kind, space, map_, names)
        if mixes:
            mix_in(scene, scene.partner(self._name), mixes)

    def _meeting(self, kind: str, space: str, streams: tuple[str, ...]) -> tuple[str, ...]:
        """The streams among `streams` that a map of this kind and space carries."""
        return tuple(
            name
            for name in streams
            if kind in self._carried.get(name, ()) and lives(self._plan.stream(name), kind, space)
        )


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
        carrier = scene.carriers[call.stream]
        if carrier.stream.modality in PICTURES:
            scene.cut(carrier.stream.spaces["plane"])
        if carrier.stream.modality == "video":
            self._apply_to_frames(cast("VideoCarrier", carrier), call, drawn, scene)
            return
        carrier.settle()
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
    pictures = [n for n in call.followers if scene.streams[n][0].modality in _FRAMED]
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


def _other_names(unknown: list[Any]) -> str:
    """The undeclared entries of a sample that lacks a stream: one of them may be the stream."""
    listed = ", ".join(repr(name) for name in unknown[:6])
    return f"It has {listed}, which the policy does not declare: rename one? " if unknown else ""
