"""What `load_policy` returns: a compiled policy that can be called on samples."""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syncaug.draw import AugmentationCoordinator, Draw, applies
from syncaug.dropped import DROPPED, Dropped
from syncaug.errors import Problem, RecordWarning, SampleError
from syncaug.partner import Partner, PartnerSample
from syncaug.plan.extras import needs_opencv
from syncaug.plan.plan import Plan
from syncaug.randomness import as_seed
from syncaug.record import ACCEPTED, Attempt, Record
from syncaug.record.engines import told_engine
from syncaug.suspicions import Suspicions
from syncaug.version import ENGINE_VERSION

if TYPE_CHECKING:
    from syncaug.attempts import Engine, Result

__all__ = ["DROPPED", "Augmenter", "Dropped"]


Encoders = Mapping[str, Callable[[str, Any], Any]]


class Compiled:
    """What all copies of an augmenter share, built in each process when it is first needed."""

    __slots__ = ("_coordinators", "_encoders", "_engine", "_plan")

    def __init__(self, plan: Plan, encoders: Encoders) -> None:
        self._plan, self._encoders = plan, encoders
        self._engine: Engine | None = None
        self._coordinators: dict[str, AugmentationCoordinator] = {}

    def coordinator(self, sync: str) -> AugmentationCoordinator:
        """What draws under a mode for every step, or under each step's own where it is empty."""
        if sync not in self._coordinators:
            self._coordinators[sync] = AugmentationCoordinator(self._plan, sync=sync)
        return self._coordinators[sync]

    def engine(self) -> Engine:
        """What carries samples: the program, and the checks."""
        if self._engine is None:
            from syncaug.allocation import raise_malloc_thresholds
            from syncaug.attempts import Engine
            from syncaug.checks.measuring import Measuring
            from syncaug.engine.program import Program

            raise_malloc_thresholds()
            self._engine = Engine(Program(self._plan), Measuring(self._plan, self._encoders))
        return self._engine


class Augmenter:
    """A policy ready to augment samples: immutable, picklable, safe in threads and workers.

    Calling it never writes to the sample and never touches the global random state of `random`,
    `numpy` or `torch`. Streams that no step reaches are handed on as they are, not copied.
    `warnings` holds what the compiler warned of when the policy was loaded, sorted by position.
    """

    __slots__ = (
        "_compiled",
        "_coordinator",
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
        encoders: Encoders | None = None,
        warnings: Sequence[Problem] = (),
        compiled: Compiled | None = None,
    ) -> None:
        self.warnings = tuple(warnings)
        self.encoders = dict(encoders or {})
        self.plan = plan
        self.policy = policy
        self.seed = seed
        self.severity = severity
        self.progress = progress
        self.sync = sync
        self._compiled = Compiled(plan, self.encoders) if compiled is None else compiled
        self._coordinator = self._compiled.coordinator(sync)
        self._suspicions = Suspicions()

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
            "compiled": self._compiled,
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
        if type(attempt) is not int or attempt < 0:
            attempt = _whole("attempt", attempt, "an integer from 0 on", least=0)
        if type(epoch) is not int or epoch < 0:
            epoch = _whole("epoch", epoch, "an integer from 0 on", least=0)
        shrink = self.plan.on_fail.shrink
        return self._coordinator.draw(
            seed=self.seed,
            key=key if type(key) is str and key else _key("key", key),
            epoch=epoch,
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
        return self._apply(sample, key, epoch, Partner(partner, partner_key)).out

    def batch(
        self,
        samples: Iterable[Mapping[str, Any]],
        keys: Iterable[str | int],
        *,
        epoch: int = 0,
        partners: Iterable[PartnerSample] | None = None,
        partner_keys: Iterable[str | int | None] | None = None,
    ) -> list[Any]:
        """What a call gives for each sample under its key, in their order and to the last byte.

        `partners` and their keys, where steps mix, run beside the samples. Raises SampleError where
        the numbers of samples and keys differ, and whatever a call raises, with the key of its
        sample.
        """
        rows = list(samples)
        columns = [
            _column("keys", keys, len(rows)),
            _column("partners", partners, len(rows)),
            _column("partner_keys", partner_keys, len(rows)),
        ]
        return [
            self(sample, key=key, epoch=epoch, partner=partner, partner_key=partner_key)
            for sample, key, partner, partner_key in zip(rows, *columns, strict=True)
        ]

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
        result = self._apply(sample, key, epoch, Partner(partner, partner_key))
        from syncaug.environment import libraries, machine

        program = self._compiled.engine().program
        state = result.state if result.outcome == ACCEPTED else None
        mixed = None if state is None else state.partner
        record = Record(
            self.policy,
            self.plan.fingerprint,
            result.draw,
            result.outcome,
            tuple(Attempt(*tried) for tried in result.attempts),
            {} if state is None else state.notes(),
            libraries(),
            self.sync,
            checks={key: check.options for key, check in self.plan.keyed_checks()},
            digest=program.digest(sample),
            partner=None
            if mixed is None
            else {"key": partner_key, "digest": program.digest(mixed.sample)},
            machine=machine(needs_opencv(self.plan)),
        )
        return result.out, record

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
        from syncaug.backends.errstate import own_errstate
        from syncaug.replaying import draw_of, replayed

        if not isinstance(record, Record):
            record = Record.from_json(record)
        draw = draw_of(record, self.plan, self.policy, self.encoders)
        if record.engine != ENGINE_VERSION:
            warnings.warn(RecordWarning(f"a record {told_engine(record.engine)}"), stacklevel=2)
        mixed = record.partner or {}
        guest = Partner(partner if mixed else None, mixed.get("key"))
        program = self._compiled.engine().program
        with own_errstate():
            return replayed(program, sample, record, draw, guest, self._suspicions)

    def _apply(
        self, sample: Mapping[str, Any], key: str | int, epoch: int, partner: Partner
    ) -> Result:
        """Draw, carry and measure under numpy's own rules for floating-point errors."""
        engine = self._compiled.engine()

        def draw_at(number: int) -> Draw:
            return self.draw(key=key, epoch=epoch, attempt=number)

        return engine.attempt(sample, draw_at, partner, self._suspicions)


def _column(name: str, given: Iterable[Any] | None, count: int) -> list[Any]:
    """What runs beside the samples of a batch; None for each where nothing was given."""
    if given is None:
        return [None] * count
    if isinstance(given, str | Mapping):
        raise SampleError(name, expected=f"{count} of them, one for each sample", came=f"{given!r}")
    column = list(given)
    if len(column) != count:
        raise SampleError(
            name, expected=f"{count} of them, one for each sample", came=f"{len(column)}"
        )
    return column


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
