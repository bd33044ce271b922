"""What `load_policy` returns: a compiled policy that can be called on samples."""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syncaug.draw import AugmentationCoordinator, Draw, applies
from syncaug.errors import (
    AlignmentError,
    Problem,
    RecordError,
    RecordWarning,
    RefusalError,
    SampleError,
)
from syncaug.partner import Partner, PartnerSample
from syncaug.plan.extras import needs_opencv
from syncaug.plan.plan import Plan
from syncaug.randomness import as_seed
from syncaug.record import DROPPED as WAS_DROPPED
from syncaug.record import KEPT_ORIGINAL, NEUTRAL, Attempt, Record
from syncaug.record.engines import told_engine
from syncaug.suspicions import Suspicions
from syncaug.version import ENGINE_VERSION

if TYPE_CHECKING:
    from syncaug.checks.measuring import Measured, Measuring
    from syncaug.execute import Program
    from syncaug.scene import Scene

__all__ = ["DROPPED", "Augmenter", "Dropped"]


class Dropped:
    """What a call returns for a sample that `on_fail: {then: drop}` dropped; it is falsy."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "DROPPED"

    def __reduce__(self) -> str:
        return "DROPPED"


DROPPED = Dropped()


class Augmenter:
    """A policy ready to augment samples: immutable, picklable, safe in threads and workers.

    Calling it never writes to the sample and never touches the global random state of `random`,
    `numpy` or `torch`. Streams that no step reaches are handed on as they are, not copied.
    `warnings` holds what the compiler warned of when the policy was loaded, sorted by position.
    """

    __slots__ = (
        "_coordinator",
        "_measuring",
        "_program",
        "_suspicions",
        "encoders",
        "plan",
        "policy",
        "progress",
        "seed",
        "severity",
        "sync",
        "warnings",
    )

    def __init__(
        self,
        plan: Plan,
        policy: Mapping[str, Any],
        *,
        seed: int,
        severity: float = 0.5,
        progress: float = 0.0,
        sync: str = "",
        encoders: Mapping[str, Callable[[str, Any], Any]] | None = None,
        warnings: Sequence[Problem] = (),
    ) -> None:
        self.warnings = tuple(warnings)
        self.encoders = dict(encoders or {})
        self.plan = plan
        self.policy = policy
        self.seed = seed
        self.severity = severity
        self.progress = progress
        self.sync = sync
        self._coordinator = AugmentationCoordinator(plan, sync=sync)
        self._program: Program | None = None
        self._suspicions = Suspicions()
        self._measuring: Measuring | None = None

    # Settings: each gives another augmenter

    def with_seed(self, seed: int) -> Augmenter:
        """The same policy under another seed: other draws everywhere."""
        return self._with(seed=as_seed(seed))

    def with_severity(self, severity: float) -> Augmenter:
        """The same policy with `severity` in 0..1, which ranges may follow."""
        return self._with(severity=_share("severity", severity))

    def with_progress(self, progress: float) -> Augmenter:
        """The same policy at `progress` in 0..1 through the training, which ranges may follow."""
        return self._with(progress=_share("progress", progress))

    def with_sync(self, sync: str) -> Augmenter:
        """The policy with every step `strict`, or `independent`: each stream draws for itself."""
        if sync not in ("strict", "independent"):
            raise ValueError(f"expected 'strict' or 'independent'; came {sync!r}")
        return self._with(sync=sync)

    def _with(self, **changes: Any) -> Augmenter:
        settings = {
            "seed": self.seed,
            "severity": self.severity,
            "progress": self.progress,
            "sync": self.sync,
            "encoders": self.encoders,
            "warnings": self.warnings,
            **changes,
        }
        return Augmenter(self.plan, self.policy, **settings)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "policy": self.policy,
            "seed": self.seed,
            "severity": self.severity,
            "progress": self.progress,
            "sync": self.sync,
            "encoders": self.encoders,
            "warnings": self.warnings,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"<Augmenter {self.plan.name!r} {self.plan.fingerprint} seed={self.seed}>"

    # Use

    def draw(self, *, key: str | int, epoch: int = 0, attempt: int = 0) -> Draw:
        """All values for the sample `key` in `epoch`, without a sample and without any library.

        `attempt` is how often a draw was refused before: another draw, or, with `on_fail: {shrink:
        FACTOR}`, the first one at a lower strength.
        `key` is a non-empty string or an integer, numpy's too; 3 and "3" are two keys. Raises
        SampleError for any other key, and for an epoch that is no integer from 0 on.
        """
        attempt = _whole("attempt", attempt, "an integer from 0 on", least=0)
        shrink = self.plan.on_fail.shrink
        return self._coordinator.draw(
            seed=self.seed,
            key=key if type(key) is str and key else _key("key", key),
            epoch=_whole("epoch", epoch, "an integer from 0 on", least=0),
            attempt=0 if shrink else attempt,
            severity=self.severity,
            progress=self.progress,
            strength=shrink**attempt if shrink else 1.0,
        )

    def partner(
        self, *, key: str | int, epoch: int = 0, n: int, index: int | None = None
    ) -> int | None:
        """Which of `n` samples, from 0 on, the sample `key` is mixed with in `epoch`.

        All are equally likely; `index` is the sample's own place, which is never chosen. None where
        no attempt of this draw mixes. All steps and attempts of a draw share one partner. Raises
        SampleError where there is none to choose.
        """
        n = _whole("n", n, "how many samples there are, an integer", least=1)
        if index is not None:
            index = _whole("index", index, f"a place from 0 to {n - 1}", least=0)
            if index >= n:
                raise SampleError("index", expected=f"a place from 0 to {n - 1}", came=f"{index}")
        if not any(
            applies(self.draw(key=key, epoch=epoch, attempt=attempt), self.plan.mixing)
            for attempt in range(self.plan.on_fail.retry + 1 if self.plan.mixing else 0)
        ):
            return None
        if index is not None and n == 1:
            raise SampleError("n", expected="at least 2 samples, of which to mix 2", came="1")
        key = _key("key", key)
        return self._coordinator.partner(
            seed=self.seed, key=key, epoch=operator.index(epoch), count=n, own=index
        )

    def __call__(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int = 0,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
    ) -> Any:
        """The augmented sample: a dict of the same entries in the same forms, or `DROPPED`.

        Steps that mix take from `partner`: another sample, or a function without arguments that
        fetches one and is called only where it is needed; `partner_key` is its key. Raises
        SampleError where a sample does not fit the policy or a partner is missing, and
        AlignmentError where the policy's checks fail on every attempt and its `on_fail` ends in
        `error`.
        """
        return self._apply(sample, key, epoch, Partner(partner, partner_key))[0]

    def apply(
        self,
        sample: Mapping[str, Any],
        *,
        key: str | int,
        epoch: int = 0,
        partner: PartnerSample = None,
        partner_key: str | int | None = None,
    ) -> tuple[Any, Record]:
        """The augmented sample, as from a call, and the record that replays it.

        The record holds a digest of the sample, and of the partner where one was mixed in.
        """
        if partner_key is not None:
            partner_key = _key("partner_key", partner_key)
        guest = Partner(partner, partner_key)
        out, draw, outcome, attempts, scene = self._apply(sample, key, epoch, guest)
        from syncaug.environment import libraries, machine

        digest = self._ready().digest
        mixed = scene.guest if scene is not None and outcome == "accepted" else None
        notes = scene.notes() if scene is not None and outcome == "accepted" else {}
        record = Record(
            self.policy,
            self.plan.fingerprint,
            draw,
            outcome,
            tuple(attempts),
            notes,
            libraries(),
            self.sync,
            checks={key: check.options for key, check in self.plan.keyed_checks()},
            digest=digest(sample),
            partner=None if mixed is None else {"key": partner_key, "digest": digest(mixed.sample)},
            machine=machine(needs_opencv(self.plan)),
        )
        return out, record

    def replay(
        self,
        sample: Mapping[str, Any],
        record: Record | Mapping[str, Any] | str,
        *,
        partner: PartnerSample = None,
    ) -> Any:
        """The same result again, from the original sample and its record; nothing is drawn.

        `partner` is the sample that `record.partner` names, or a function that fetches it. Raises
        RecordError where the record is damaged, tells of what its policy does not draw, belongs to
        another policy, or tells of another sample or partner. Warns (RecordWarning) where another
        version of syncaug made it, whose results may differ.
        """
        if not isinstance(record, Record):
            record = Record.from_json(record)
        draw = self._held(record)
        if record.engine != ENGINE_VERSION:
            warnings.warn(RecordWarning(f"a record {told_engine(record.engine)}"), stacklevel=2)
        mixed = record.partner or {}
        guest = Partner(partner if mixed else None, mixed.get("key"))
        self._recognise(sample, record, guest)
        if record.outcome == WAS_DROPPED:
            return DROPPED
        if record.outcome == KEPT_ORIGINAL:
            return dict(sample)
        program = self._ready()
        try:
            with program.own_errstate():
                if record.outcome == NEUTRAL:
                    return self._neutral(sample, draw)
                return program.run(sample, draw, guest).finish()
        except SampleError as error:
            if record.partner is None and error.stream == "partner":
                raise RecordError(
                    f"partner: expected the sample that the draw of key {draw.key!r} mixes with; "
                    "the record names none"
                ) from error
            raise error.at(draw.key) from error
        except RefusalError as error:
            raise RecordError(
                f"the record of key {draw.key!r} tells of an accepted draw that cannot be carried "
                f"out: {error}"
            ) from error

    def _held(self, record: Record) -> Draw:
        """The record's draw. Raises RecordError unless this policy draws it at its address."""
        from syncaug.record.held import held, plan_of

        # The same but for the order of its keys, which databases and JSON's writers may sort.
        if record.fingerprint == self.plan.fingerprint and record.policy == self.policy:
            return held(record, self.plan)
        plan = plan_of(record, encoders=self.encoders)
        if plan.fingerprint != self.plan.fingerprint:
            raise RecordError(
                f"expected a record of {_named(self.plan)}; came one of {_named(plan)}. "
                "Load the policy that made it; the record holds it under 'policy'."
            )
        return held(record, self.plan)

    def _recognise(self, sample: Mapping[str, Any], record: Record, guest: Partner) -> None:
        """Raise RecordError unless sample and partner are those that the record tells of."""
        digest = self._ready().digest
        key = record.draw.key
        if digest(sample) != record.digest:
            raise RecordError(
                f"the record of key {key!r} tells of another sample: expected one of digest "
                f"{record.digest}; came {digest(sample)}"
            )
        if record.partner is None:
            return
        other = guest.sample()
        named = "a partner" if guest.key is None else f"the partner {guest.key!r}"
        if other is None:
            raise RecordError(
                f"the record of key {key!r} mixes with {named}: expected partner=SAMPLE; came none"
            )
        if digest(other) != record.partner["digest"]:
            raise RecordError(
                f"the record of key {key!r} mixes with {named}: expected one of digest "
                f"{record.partner['digest']}; came {digest(other)}"
            )

    def _ready(self) -> Program:
        """The program, built once in each process when it is first needed."""
        if self._program is None:
            from syncaug.allocation import raise_malloc_thresholds
            from syncaug.checks.measuring import Measuring
            from syncaug.execute import Program

            raise_malloc_thresholds()
            self._measuring = Measuring(self.plan, self.encoders)
            self._program = Program(self.plan, self._suspicions)
        return self._program

    def _apply(
        self, sample: Mapping[str, Any], key: str | int, epoch: int, partner: Partner
    ) -> tuple[Any, Draw, str, list[Any], Scene | None]:
        """Draw, carry and measure under numpy's own rules for floating-point errors."""
        program = self._program or self._ready()
        with program.own_errstate():
            return self._attempts(program, sample, key, epoch, partner)

    def _attempts(
        self,
        program: Program,
        sample: Mapping[str, Any],
        key: str | int,
        epoch: int,
        partner: Partner,
    ) -> tuple[Any, Draw, str, list[Any], Scene | None]:
        """Draw, carry and measure until a draw is accepted or the attempts are used up."""
        attempts: list[Any] = []
        scene: Scene | None = None
        for number in range(self.plan.on_fail.retry + 1):
            draw = self.draw(key=key, epoch=epoch, attempt=number)
            try:
                scene = program.run(sample, draw, partner)
                out = scene.finish()
            except SampleError as error:
                raise error.at(key) from error
            except RefusalError as error:
                attempts.append(_attempt(number, draw, ({}, {}, (f"refused: {error}",))))
                continue
            measured = self._measuring(sample, out, scene) if self._measuring else _UNMEASURED
            attempts.append(_attempt(number, draw, measured))
            if not measured[-1]:
                return out, draw, "accepted", attempts, scene
        then = self.plan.on_fail.then
        if then == "error":
            reasons = "; ".join(f"attempt {a.number}: {', '.join(a.failed)}" for a in attempts)
            raise AlignmentError(
                f"sample {key!r}, epoch {epoch}: no draw of {_called(self.plan)} "
                f"was accepted: {reasons}. "
                "Widen the checks, raise on_fail: retry, or let on_fail end in neutral or drop."
            )
        if then == "drop":
            return DROPPED, draw, "dropped", attempts, scene
        if then == "neutral":
            return self._neutral(sample, draw), draw, NEUTRAL, attempts, scene
        return dict(sample), draw, "kept_original", attempts, scene

    def _neutral(self, sample: Mapping[str, Any], draw: Draw) -> Any:
        """The sample in the size and length that a draw gives. Raises SampleError if it cannot."""
        from syncaug.neutral import run_neutral

        try:
            return run_neutral(self._ready(), sample, draw).finish()
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


def _called(plan: Plan) -> str:
    """A policy as a message calls it."""
    return f"policy {plan.name!r}" if plan.name else "a policy without a name"


def _named(plan: Plan) -> str:
    """A policy as a message tells it from another one."""
    return f"{_called(plan)} ({plan.fingerprint})"


_UNMEASURED: Measured = ({}, {}, ())


def _attempt(number: int, draw: Draw, measured: Measured) -> Any:
    measures, parts, failed = measured
    return Attempt(number, measures, failed, parts, draw.strength)


def _key(name: str, value: Any) -> str | int:
    """A key as Python's own text or integer, so that numpy's draw the same."""
    if isinstance(value, str) and value:
        return str(value)
    return _whole(name, value, "a text or an integer")


def _whole(name: str, value: Any, expected: str, least: float = -math.inf) -> int:
    """An integer as Python's own, so that numpy's integers draw the same."""
    if type(value) is not int:
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise SampleError(name, expected=expected, came=f"{type(value).__name__} {value!r}")
        try:
            value = operator.index(value)
        except (TypeError, ValueError):  # arrays have the method, and most are no integer
            came = f"{type(value).__name__} {value!r}"[:80]
            raise SampleError(name, expected=expected, came=came) from None
    if value < least:
        raise SampleError(name, expected=expected, came=f"{value}")
    return value  # type: ignore[no-any-return]


def _share(name: str, value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name}: expected a number from 0 to 1; came {value!r}")
    return float(value)
