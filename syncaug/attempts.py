"""Attempts: a sample is drawn, carried and measured until a draw is accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from syncaug.backends.errstate import own_errstate
from syncaug.catalogue.checks import check_spec
from syncaug.checks.measuring import Measured, Measuring
from syncaug.draw import Draw
from syncaug.dropped import DROPPED
from syncaug.engine.brought import blame
from syncaug.engine.flat import FlatProgram
from syncaug.engine.program import Program, warn_of
from syncaug.engine.state import State
from syncaug.errors import AlignmentError, RefusalError, SampleError
from syncaug.forms import Border
from syncaug.modalities.carrier import Carrier
from syncaug.partner import Partner
from syncaug.plan.plan import Plan
from syncaug.record import ACCEPTED, KEPT_ORIGINAL, NEUTRAL
from syncaug.record import DROPPED as WAS_DROPPED
from syncaug.suspicions import Suspicions
from syncaug.unread import opened

__all__ = ["Engine", "Result", "called", "neutral"]

_REFUSED = "refused: "
"""How the reason begins where a step could not do what was drawn, and no check has failed."""
_REFUSE_NOTHING = frozenset({"image", "mask"})
_UNMEASURED: Measured = ({}, {}, ())
_NONE: Mapping[str, Carrier] = {}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_new: Any = tuple.__new__
"""Makes a result without looking at its fields, in half the time of the constructor."""


Tried = tuple[int, Mapping[str, float], tuple[str, ...], Mapping[str, Mapping[str, float]], float]
"""The fields of a record's `Attempt`, in their order."""


class Result(NamedTuple):
    """What became of a sample: the result, the draw that made it, and how it came to that.

    `outcome` is one of a record's; `state` is that of the last attempt that was carried, and
    `moved` the one of which `out` was made, None where the sample came out as it was. In an arm of
    an ablation `others` holds, by stream, the state that it came out of where that is another one,
    and `draws` the draw of each, None where it is as it came. A stream whose own draws were refused
    has the very object `draw`.
    """

    out: Any
    draw: Draw
    outcome: str
    attempts: list[Tried]
    state: State | None
    moved: State | None = None
    others: Mapping[str, State] = _NOTHING
    draws: Mapping[str, Draw | None] = _NOTHING


class Engine:
    """A plan's program and its checks, and the border that turns samples to what it carries."""

    __slots__ = (
        "_cheap",
        "_chooses",
        "_costly",
        "_measures",
        "_seeing",
        "_tries",
        "_unseen",
        "border",
        "flat",
        "measuring",
        "program",
    )

    def __init__(
        self,
        program: Program,
        measuring: Measuring,
        border: Border,
        *,
        unseen: Collection[str] = (),
    ) -> None:
        """`unseen` are costly streams that are left as they are, since nobody asks for them."""
        self._seeing: dict[frozenset[str], Engine] = {}
        self._unseen = frozenset(unseen)
        self.program, self.measuring, self.border = program, measuring, border
        self._cheap = program.lanes.cheap
        self._costly = tuple(name for name in program.lanes.costly if name not in unseen)
        self._chooses, self._measures = bool(program.choices), bool(measuring)
        self._tries = range(program.plan.on_fail.retry + 1)
        self.flat = FlatProgram.of(program, border.knows)

    def seeing(self, names: Collection[str]) -> Engine:
        """An engine that accepts and refuses the same draws, for whom asks for some streams alone.

        Other pictures that no check reads are left as they are: bounded numbers refuse nothing.
        """
        asked = frozenset(names)
        if asked not in self._seeing:
            plan = self.program.plan
            read = frozenset().union(*(check_spec(check.name).reads for check in plan.checks))
            unseen = {
                stream.name
                for stream in plan.streams
                if stream.modality in _REFUSE_NOTHING - read
                and not (stream.framed or stream.name in asked or self.program.lanes.pairs)
            }
            more = unseen | self._unseen
            engine = Engine(self.program, self.measuring, self.border, unseen=more)
            self._seeing[asked] = engine
        return self._seeing[asked]

    def attempt(
        self,
        sample: Mapping[str, Any],
        key: str | int,
        epoch: int | None,
        draw_at: Callable[..., Draw],
        partner: Partner,
        suspicions: Suspicions,
    ) -> Result:
        """What becomes of a sample: an accepted draw, or what `on_fail` wants.

        Raises SampleError where the sample does not fit the policy, and AlignmentError where no
        draw is accepted and the policy's `on_fail` ends in `error`.
        """
        found = self.tried(sample, key, epoch, draw_at, partner, suspicions)
        if found.outcome == ACCEPTED:
            return found
        with own_errstate():
            return _otherwise(self.program, found)

    def tried(
        self,
        sample: Mapping[str, Any],
        key: str | int,
        epoch: int | None,
        draw_at: Callable[..., Draw],
        partner: Partner,
        suspicions: Suspicions,
        tries: Iterable[int] = (),
    ) -> Result:
        """Draw, carry and measure until a draw is accepted or the attempts are used up.

        `tries` are the numbers of the attempts, all that the policy has where it is empty. Without
        an accepted draw the outcome is empty, and the result is the sample that was carried.
        `draw_at` gives the draw of the sample's key, an epoch and an attempt. Cheap lanes are
        carried and measured before costly ones, so that a draw that they refuse costs no pixel;
        what no refused draw has touched is admitted once. Everything happens under numpy's own
        rules for floating-point errors. Raises SampleError where the sample does not fit.
        """
        program, measuring = self.program, self.measuring
        attempts: list[Tried] = []
        state: State | None = None
        first = self._chooses
        with own_errstate():
            for number in tries or self._tries:
                draw = draw_at(key, epoch, number)
                again = _NONE if state is None else state.untouched()
                state = None
                try:
                    if first:
                        sample, first = program.chosen(sample, draw), False
                    state = program.run(sample, draw, suspicions, partner, again)
                    out = state.carry(self._cheap) if self._cheap else {}
                    if state.suspicions:
                        warn_of(state, suspicions, draw.key)
                    measured = (
                        measuring.cheap(state.sample, out, state) if self._measures else _UNMEASURED
                    )
                    if not measured[-1]:
                        out = {**sample, **out, **state.carry(self._costly)}
                        if state.suspicions:
                            warn_of(state, suspicions, draw.key)
                        if self._measures:
                            costly = measuring.costly(state.sample, out, state)
                            measured = measuring.together(measured, costly)
                except SampleError as error:
                    raise error.at(draw.key) from error
                except RefusalError as error:
                    attempts.append((number, {}, (f"{_REFUSED}{error}",), {}, draw.strength))
                    continue
                except Exception as error:
                    blame(program.lanes.by_name.values(), error)
                    raise
                measures, parts, failed = measured
                attempts.append((number, measures, failed, parts, draw.strength))
                if not failed:
                    accepted = out, draw, ACCEPTED, attempts, state, state, _NOTHING, _NOTHING
                    return _new(Result, accepted)  # type: ignore[no-any-return]
            return Result(sample, draw, "", attempts, state)


def _otherwise(program: Program, refused: Result) -> Result:
    """What the policy wants of a sample that no draw was good for."""
    then, sample, draw = program.plan.on_fail.then, refused.out, refused.draw
    if then == "error":
        reasons = "; ".join(
            f"attempt {number}: {', '.join(failed)}" for number, _, failed, *_ in refused.attempts
        )
        raise AlignmentError(
            f"sample {draw.key!r}, epoch {draw.epoch}: no draw of {called(program.plan)} "
            f"was accepted: {reasons}. {_remedy(refused)}"
        )
    if then == "drop":
        return refused._replace(out=DROPPED, outcome=WAS_DROPPED)
    if then == "neutral":
        out, moved = neutral(program, sample, draw)
        return refused._replace(out=out, outcome=NEUTRAL, moved=moved)
    kept = opened(program.with_vectors(sample, draw))
    return refused._replace(out=kept, outcome=KEPT_ORIGINAL)


def _remedy(refused: Result) -> str:
    """What to do where no draw was accepted: about checks, or steps that could do none of them."""
    if all(why.startswith(_REFUSED) for _, _, failed, *_ in refused.attempts for why in failed):
        return (
            "Change what the steps draw, or choose what becomes of such samples: "
            "on_fail: {then: neutral} or {then: drop}."
        )
    return "Widen the checks, raise on_fail: retry, or let on_fail end in neutral or drop."


def neutral(program: Program, sample: Mapping[str, Any], draw: Draw) -> tuple[Any, State]:
    """The sample in the size and length that a draw gives, and its state. Raises SampleError."""
    from syncaug.engine.neutral import run_neutral

    try:
        state = run_neutral(program, sample, draw)
        return state.finish(), state
    except SampleError as error:
        raise error.at(draw.key) from error
    except RefusalError as error:
        raise SampleError(
            error.stream,
            expected="a stream that can take the size and length of all other results",
            came=error.reason,
            key=draw.key,
            hint="Choose on_fail: {then: drop}, or widen what the steps may draw.",
        ) from error
    except Exception as error:
        blame(program.lanes.by_name.values(), error)
        raise


def called(plan: Plan) -> str:
    """A policy as a message calls it."""
    return f"policy {plan.name!r}" if plan.name else "a policy without a name"
