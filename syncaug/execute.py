"""The executor: plan + draw + sample -> scene, by maps and by library calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from syncaug.backends.isolation import own_errstate
from syncaug.digest import digest_of
from syncaug.draw import SHARED, Draw, StepDraw
from syncaug.errors import RefusalError, SampleError
from syncaug.limits import OverLimitError
from syncaug.maps.mix import Mix
from syncaug.mixing import mix_in
from syncaug.modalities import lane_of
from syncaug.modalities.annotations.sides import sides_message
from syncaug.operations import OperationsRunner
from syncaug.partner import Partner
from syncaug.plan.mirrors import ADVICE, mirrored_streams
from syncaug.plan.plan import Plan, Step
from syncaug.scene import Scene, StepView, lives
from syncaug.suspicions import Suspicions
from syncaug.transforms import maps_of

__all__ = ["Program"]

_SIDES = "sides"
"""The code of the warning about names of sides."""


class Program:
    """A plan made ready to run: carriers looked up, library transforms constructed once."""

    def __init__(self, plan: Plan, suspicions: Suspicions | None = None) -> None:
        self.plan = plan
        self._suspicions = Suspicions() if suspicions is None else suspicions
        self.streams = {stream.name: lane_of(stream) for stream in plan.streams}
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
                    expected=f"a stream of modality {self.streams[name].stream.modality}",
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


def _other_names(unknown: list[Any]) -> str:
    """The undeclared entries of a sample that lacks a stream: one of them may be the stream."""
    listed = ", ".join(repr(name) for name in unknown[:6])
    return f"It has {listed}, which the policy does not declare: rename one? " if unknown else ""
