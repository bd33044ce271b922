"""The program: what is known of a plan before the first sample, worked out once and shared."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING, Any

from syncaug.digest import digest_of
from syncaug.draw import UNMET, Draw, StepDraw
from syncaug.engine.apart import together
from syncaug.engine.choices import Choices
from syncaug.engine.lanes import Lanes
from syncaug.engine.placed import Placed
from syncaug.engine.schedule import Schedule
from syncaug.engine.state import State
from syncaug.engine.steps import runner_of
from syncaug.engine.unread import UnreadStreams
from syncaug.errors import RefusalError, SampleError
from syncaug.limits import OverLimitError
from syncaug.modalities.annotations.sides import sides_message
from syncaug.modalities.carrier import Carrier
from syncaug.partner import Partner
from syncaug.plan.mirrors import ADVICE, mirrored_streams
from syncaug.plan.packages import packages
from syncaug.plan.plan import Plan
from syncaug.plan.unlinked import unlinked
from syncaug.suspicions import Suspicions
from syncaug.unread import IN_MEMORY

if TYPE_CHECKING:
    from syncaug.engine.coding import Coding
    from syncaug.engine.contents import Contents

__all__ = ["Program", "warn_of"]

_NONE: Mapping[str, Carrier] = {}
_SIDES = "sides"
"""The code of the warning about names of sides."""


class Program:
    """A plan made ready to run: lanes, steps, and a schedule of which map reaches which lane.

    It holds nothing of a sample, and is shared by all augmenters of a plan and by their threads.
    """

    def __init__(self, plan: Plan, coding: Coding | None = None) -> None:
        """`coding` is needed by plans with encoders whose vectors steps mix."""
        self.plan, self.coding = plan, coding
        self.packages = packages(plan)
        self.checked = {key: check.options for key, check in plan.keyed_checks()}
        self.has_pictures = any(stream.spec.opencv for stream in plan.streams)
        self.lanes = Lanes.of(plan)
        self.choices = Choices(plan)
        self.schedule = Schedule(plan)
        self._alone: Schedule | None = None
        parallel = {key for stream in plan.streams for key in stream.parallel_keys}
        self.known = frozenset({*self.lanes.by_name, *plan.untouched, *parallel})
        self._declared = (*self.lanes.by_name, *sorted(parallel - set(self.lanes.by_name)))
        self._required = {stream.name for stream in plan.streams if not stream.optional}
        self._has_poses = {"camera", "points"} <= set(plan.index.modalities)
        self._mirrored, self._unlinked = mirrored_streams(plan), unlinked(plan)
        self._literal, self._mixes = not plan.fuse, bool(plan.mixing)
        self.runners = {step.name: runner_of(step, plan, coding) for step in plan.walk()}
        self.transforms = {step.name: step.transform for step in plan.walk()}
        self._first = {step.name: next(iter(step.streams), "") for step in plan.walk()}
        self._present = {
            step.name: tuple((c.subject, c.operand) for c in step.conditions if c.test == "present")
            for step in plan.walk()
        }
        self._placed = Placed(plan)
        self._contents: Contents | None = None
        if any(condition.on_content for step in plan.walk() for condition in step.conditions):
            from syncaug.engine.contents import Contents  # else not loaded

            self._contents = Contents(plan)
        self._asked = {name for name, tests in self._present.items() if tests}
        self.unread = UnreadStreams(plan, self.lanes, self._contents is None)

    def run(
        self,
        sample: Mapping[str, Any],
        draw: Draw,
        suspicions: Suspicions,
        partner: Partner | None = None,
        again: Mapping[str, Carrier] = _NONE,
    ) -> State:
        """Admit a sample and let its streams meet all maps of `draw`; the sample is only read.

        `partner` is what steps that mix take from; `again` are carriers of the same sample that
        have met nothing yet. Raises SampleError where a sample does not fit the policy and
        RefusalError where the draw cannot be carried out faithfully.
        """
        if type(sample) is not dict or sample.keys() != self.known:
            self.admit(sample, key=draw.key)
        if not IN_MEMORY.issuperset(map(type, sample.values())):
            sample, again = self.unread.opened(sample, draw, again)
        invite = partial(self._invite, partner, draw, suspicions) if self._mixes else None
        schedule = self.schedule
        for step in draw.steps:
            if step.only or step.steps:
                schedule = self.schedule_for(draw)
                break
        state = State(self.lanes, schedule, sample, draw.source(), invite, again)
        if schedule is self._alone:
            self._placed.begin(state)
        if self.coding is not None:
            self._require_unmade(sample)
            state.guest = partial(self._guest, draw)
        self.suspect(state.carriers, suspicions)
        if state.suspicions:
            warn_of(state, suspicions, draw.key)
        if self._contents is not None:
            self._contents.decide(draw.steps, state)
        try:
            self._carry_out(draw.steps, state)
        except OverLimitError as error:
            name = state.step
            raise RefusalError(self._first[name], f"step {name!r}: {error}") from error
        if self.coding is not None:
            self.coding.complete(state)
        return state

    def with_vectors(self, sample: Mapping[str, Any], draw: Draw) -> Mapping[str, Any]:
        """A sample that no step has changed, with the vectors that encoders make of it.

        Raises SampleError.
        """
        if self.coding is None or not self.coding.made:
            return sample
        self._require_unmade(sample)
        state = State(self.lanes, self.schedule, self.unread.carried(sample), draw.source())
        self.coding.complete(state)
        return {**sample, **state.carry(self.coding.made)}

    def _require_unmade(self, sample: Mapping[str, Any]) -> None:
        """Raise SampleError where a sample brings what an encoder is to make."""
        assert self.coding is not None
        for name in self.coding.made:
            if sample.get(name) is not None:
                raise SampleError(
                    name,
                    expected="no entry: an encoder makes this vector (encodes:)",
                    came="one in the sample",
                    hint="Leave it out, or declare it without encodes: where it is known.",
                )

    def chosen(self, sample: Mapping[str, Any], draw: Draw) -> Mapping[str, Any]:
        """The sample with one text of each list of which a stream chooses. Raises SampleError."""
        if not self.choices:
            return sample
        self.admit(sample, key=draw.key)
        return self.choices.made(sample, draw)

    def schedule_for(self, draw: Draw) -> Schedule:
        """The plan's schedule, or the one of lanes by themselves where streams drew apart."""
        for step in draw.steps:
            if step.only or (step.steps and _drew_apart(step.steps)):
                break
        else:
            return self.schedule
        if self._alone is None:
            self._alone = Schedule(self.plan, alone=True)
        return self._alone

    def digest(self, sample: Mapping[str, Any], by_file: Collection[str] = ()) -> str:
        """The digest of all that the policy declares of a sample; `by_file` are told by files."""
        return digest_of(sample, self._declared, by_file)

    def admit(
        self,
        sample: Mapping[str, Any],
        asked: Container[str] | None = None,
        *,
        key: str | int | None = None,
    ) -> None:
        """Raise SampleError unless the sample holds what the policy declares, and nothing else.

        Of a sample of which not all is `asked`, only that must be there. `key` is the sample's own,
        where it is known: an entry that holds it is told apart.
        """
        if type(sample) is not dict and not isinstance(sample, Mapping):
            raise SampleError(
                "sample",
                what="argument",
                expected="a mapping of streams",
                came=type(sample).__name__,
                hint="policy.batch takes a list of samples." if isinstance(sample, list) else "",
            )
        required = self._required
        if asked is not None:
            required = {name for name in required if name in asked}
        if required <= sample.keys() <= self.known:
            return
        unknown = [name for name in sample if name not in self.known]
        for name in self.lanes.by_name:
            if name not in required:
                continue
            if name not in sample:
                raise SampleError(
                    name,
                    expected=f"a stream of modality {self.lanes.modality(name)}",
                    came="no such entry in the sample",
                    hint=_other_names(unknown) + "Declare optional: true if it may be missing.",
                )
        if unknown:
            hint = "Declare it under sample:, or list it under untouched:."
            near = _nearest(unknown[0], sorted(self.known - sample.keys()))
            if _holds(sample[unknown[0]], key):
                hint = "It holds the sample's key: leave it out of the sample, or list it under "
                hint += "untouched:."
            elif near:
                hint = f"Did you mean {near!r}? Else declare it under sample:, or list it under "
                hint += "untouched:."
            raise SampleError(
                str(unknown[0]),
                expected="only streams that the policy declares",
                came="an undeclared entry",
                hint=hint,
            )

    def decide(self, steps: Iterable[StepDraw], state: State) -> None:
        """Let a sample that has met no map decide the conditions on what it brings."""
        if self._contents is not None:
            self._contents.decide(steps, state)

    def happens(self, drawn: StepDraw, state: State) -> bool:
        """Whether a drawn step is carried out on a sample with these streams."""
        tests = self._present[drawn.name]
        return drawn.happens and (
            not tests or all((subject in state.carriers) == wanted for subject, wanted in tests)
        )

    def in_step(self, steps: Sequence[StepDraw], state: State) -> Sequence[StepDraw]:
        """The same draws, where those of streams that draw for themselves are one draw a step."""
        if any(drawn.only for drawn in steps):
            return list(together(steps, partial(self.happens, state=state), self.transforms))
        return steps

    def _carry_out(self, steps: Sequence[StepDraw], state: State) -> None:
        """Let the streams meet the maps of some steps, in order."""
        runners, asked = self.runners, self._asked
        for drawn in self.in_step(steps, state):
            if not drawn.applied or drawn.when == UNMET:
                continue
            name = drawn.name
            if name not in asked or self.happens(drawn, state):
                state.step = name
                runner = runners[name]
                if runner is not None:
                    runner(drawn, state)
                if drawn.steps:
                    self._carry_out(drawn.steps, state)
                if self._literal:
                    state.settle()

    def _invite(
        self, partner: Partner | None, draw: Draw, suspicions: Suspicions, step: str
    ) -> State:
        """The partner's state, admitted by the same rules."""
        sample = None if partner is None else partner.sample()
        if partner is None or sample is None:
            raise SampleError(
                "partner",
                what="argument",
                expected=f"a partner, with which step {step!r} mixes",
                came="none",
                hint="Pass partner=SAMPLE, the one of those N that policy.partner(key=..., "
                "epoch=..., n=N) chooses; it chooses None where no step mixes.",
            )
        try:
            state = self._guest(draw, sample)
        except SampleError as error:
            raise partner.explained(error) from error
        self._suspect_poses(state.carriers, suspicions)
        suspicions.warn(state.suspicions, partner.called)
        return state

    def _guest(
        self, draw: Draw, sample: Mapping[str, Any], asked: Container[str] | None = None
    ) -> State:
        """The state of another sample, of which this draw's takes all in, or what is `asked`."""
        self.admit(sample, asked)
        if self.choices:
            sample = self.choices.made(sample, draw, partner=True)
        return State(self.lanes, self.schedule, self.unread.carried(sample), draw.source())

    def suspect(self, carriers: Mapping[str, Carrier], suspicions: Suspicions) -> None:
        """Let carriers that have met nothing yet say what the plan makes of them that is doubtful.

        Names of sides are looked for once, in streams that a step mirrors and of which nothing is
        decided; so are rows that no `rows:` joins, and, in the first samples, cameras and clouds.
        """
        for name in self._mirrored:
            carrier = carriers.get(name)
            if carrier is None or suspicions.has_said(name, _SIDES):
                continue
            message = sides_message(carrier.side_names(), ADVICE)
            if message:
                carrier.suspect(_SIDES, message)
        if self._unlinked:
            from syncaug.engine.unlinked import suspect_rows

            suspect_rows(self._unlinked, carriers, suspicions)
        self._suspect_poses(carriers, suspicions)

    def _suspect_poses(self, carriers: Mapping[str, Carrier], suspicions: Suspicions) -> None:
        """Look in the first samples whether cameras and clouds meet."""
        if self._has_poses and suspicions.looks_closely():
            from syncaug.modalities.world.facing import suspect_poses

            suspect_poses(carriers.values())


def _drew_apart(steps: Iterable[StepDraw]) -> bool:
    """Whether a step drew for one stream alone, also inside a choice."""
    for step in steps:  # noqa: SIM110 (twice as fast as any)
        if step.only or (step.steps and _drew_apart(step.steps)):
            return True
    return False


def warn_of(state: State, suspicions: Suspicions, key: str | int) -> None:
    """Warn of what carriers suspect, once a sample was admitted and once it was carried."""
    if state.suspicions:
        suspicions.warn(state.suspicions, f"sample {key!r}, ")


def _holds(value: Any, key: str | int | None) -> bool:
    """Whether a value is the key of its sample; numpy's integers and texts are, too."""
    plain = isinstance(value, str | Integral) and not isinstance(value, bool)
    return plain and bool(value == key)


def _nearest(name: object, lacking: Sequence[str]) -> str:
    """The entry without a value whose name is spelt nearly so; empty where none is."""
    from difflib import get_close_matches  # a sample without mistakes never needs it

    return next(iter(get_close_matches(str(name), lacking, n=1, cutoff=0.75)), "")


def _other_names(unknown: list[Any]) -> str:
    """The undeclared entries of a sample that lacks a stream: one of them may be the stream."""
    listed = ", ".join(repr(name) for name in unknown[:6])
    return f"It has {listed}, which the policy does not declare: rename one? " if unknown else ""
