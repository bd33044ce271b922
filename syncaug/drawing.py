"""A compiled policy with its settings: what it draws, and with which sample one is mixed."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any, Self

from syncaug.arguments import key_of, place_of, results_of, seed_of, share_of, whole_of
from syncaug.compiled import Compiled, Encoders
from syncaug.draw import Draw, Drawn, applies
from syncaug.draw.nearby import Nearby
from syncaug.errors import SampleError
from syncaug.limits import LARGEST, TRIES
from syncaug.plan.plan import Plan
from syncaug.problem import Problem
from syncaug.randomness import Source
from syncaug.schedules import Schedule
from syncaug.suspicions import Suspicions

__all__ = ["Drawing"]

Level = float | Schedule


class Drawing:
    """A policy with its settings, and what it draws: no sample and no library is needed for that.

    Immutable and picklable. `warnings` holds what the compiler warned of when the policy was
    loaded, sorted by position.
    """

    __slots__ = (
        "_compiled",
        "_coordinator",
        "_suspicions",
        "encoders",
        "epoch",
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
        severity: Level = 0.5,
        progress: Level = 0.0,
        sync: str = "",
        epoch: int = 0,
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
        self.epoch = epoch
        self._compiled = Compiled(plan, self.encoders) if compiled is None else compiled
        self._coordinator = self._compiled.coordinator(sync)
        self._suspicions = Suspicions()

    # Settings: each gives another augmenter

    def with_seed(self, seed: int) -> Self:
        """The same policy under another seed: other draws everywhere.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> policy.with_seed(8).draw(key=1) == policy.draw(key=1)
        False
        """
        return self._with(seed=seed_of(seed))

    def with_severity(self, severity: Level) -> Self:
        """The same policy with `severity` in 0..1, which ranges may follow, or its schedule.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> step = "{name: turn, uses: rotate, with: {degrees: {from: severity, scale: 40}}}"
        >>> policy = load_policy(text.replace("STEP", step))
        >>> policy.with_severity(0.2).draw(key=1).steps[0].parameters["*"]["degrees"]
        8.0
        """
        return self._with(severity=_level("severity", severity))

    def with_progress(self, progress: Level) -> Self:
        """The same policy at `progress` in 0..1 through the training, or by a schedule of it.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> step = "{name: mirror, uses: flip, p: {from: progress}}"
        >>> policy = load_policy(text.replace("STEP", step))
        >>> policy.with_progress(1).draw(key=1).steps[0].applied
        True
        """
        return self._with(progress=_level("progress", progress))

    def with_sync(self, sync: str) -> Self:
        """The policy with every step `strict`, or `independent`: each stream draws for itself.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image, mask: mask}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> apart = load_policy(turn).with_sync("independent")
        >>> [drawn.only for drawn in apart.draw(key=1).steps]
        [('image',), ('mask',)]
        """
        if sync not in ("strict", "independent"):
            raise ValueError(f"sync: expected 'strict' or 'independent'; got {sync!r}")
        return self._with(sync=sync)

    def at(self, epoch: int) -> Self:
        """The same policy in an epoch: what calls draw that name none.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> policy.at(3).draw(key="photo/1") == policy.draw(key="photo/1", epoch=3)
        True
        """
        return self._with(epoch=place_of("epoch", epoch))

    def _with(self, **changes: Any) -> Self:
        settings = {
            "seed": self.seed,
            "severity": self.severity,
            "progress": self.progress,
            "sync": self.sync,
            "epoch": self.epoch,
            "encoders": self.encoders,
            "warnings": self.warnings,
            "compiled": self._compiled,
            **changes,
        }
        return type(self)(self.plan, self.policy, **settings)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "policy": self.policy,
            "seed": self.seed,
            "severity": self.severity,
            "progress": self.progress,
            "sync": self.sync,
            "epoch": self.epoch,
            "encoders": self.encoders,
            "warnings": self.warnings,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.plan.name!r} {self.plan.fingerprint} seed={self.seed}>"
        )

    def _repr_html_(self) -> str:
        """The streams and the steps, for notebooks."""
        from syncaug.plan.showing import plan_html

        return plan_html(self.plan, seed=self.seed)

    # What is drawn

    def draw(
        self, *, key: str | int, epoch: int | None = None, attempt: int = 0, view: int = 0
    ) -> Draw:
        """All values for the sample `key` in `epoch`, without a sample and without any library.

        Without an epoch it is that of `at`, or 0.

        `attempt` is how often a draw was refused before: another draw, or, with `on_fail: {shrink:
        FACTOR}`, the first one at a lower strength. `view` is 0, or the number of one of `views`.
        `key` is a non-empty string or an integer, numpy's too; 3 and "3" are two keys. Raises
        SampleError for any other key, and for an epoch that is no integer from 0 on.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> draw = policy.draw(key="photo/1", epoch=3)
        >>> -90 <= draw.steps[0].parameters["*"]["degrees"] <= 90
        True
        >>> draw == policy.draw(key="photo/1", epoch=3)
        True
        """
        return self._draw(None, view, key, epoch, attempt)

    def _draw(
        self,
        nearby: Nearby | None,
        view: int,
        key: str | int,
        epoch: int | None,
        attempt: int,
    ) -> Draw:
        """The draw of an address, or one that strays from it."""
        if type(attempt) is not int or not 0 <= attempt <= TRIES:
            attempt = place_of("attempt", attempt, most=TRIES)
        key, epoch, view = self._address(key, epoch, view)
        severity, progress, shrink = self.severity, self.progress, self.plan.on_fail.shrink
        return self._coordinator.draw(
            seed=self.seed,
            key=key,
            epoch=epoch,
            attempt=0 if shrink else attempt,
            severity=severity if type(severity) is float else _at(severity, epoch),
            progress=progress if type(progress) is float else _at(progress, epoch),
            strength=shrink**attempt if shrink else 1.0,
            view=view,
            nearby=nearby,
        )

    def _first_steps(self, view: int, key: str | int, epoch: int | None) -> list[Drawn]:
        """What the steps of the first attempt draw at an address, without a `Draw` around it."""
        if epoch is not None or type(view) is not int or view or type(key) is not str or not key:
            key, epoch, view = self._address(key, epoch, view)
        else:  # as most calls have it
            epoch = self.epoch
        severity, progress = self.severity, self.progress
        _, steps = self._coordinator.drawn(
            Source(self.seed, key, epoch, 0, view),
            severity if type(severity) is float else _at(severity, epoch),
            progress if type(progress) is float else _at(progress, epoch),
            epoch,
        )
        return steps

    def _address(self, key: str | int, epoch: int | None, view: int) -> tuple[str | int, int, int]:
        """Key, epoch and view as they place a draw. Raises SampleError."""
        if type(view) is not int or not 0 <= view <= TRIES:
            view = place_of("view", view, most=TRIES)
        if epoch is None:
            epoch = self.epoch
        elif type(epoch) is not int or not 0 <= epoch <= LARGEST:
            epoch = place_of("epoch", epoch)
        return key if type(key) is str and key else key_of("key", key), epoch, view

    def partner(
        self,
        *,
        key: str | int,
        epoch: int | None = None,
        n: int,
        index: int | None = None,
        views: int = 0,
    ) -> int | None:
        """Which of `n` samples, from 0 on, the sample `key` is mixed with in `epoch`.

        All are equally likely; `index` is the sample's own place, which is never chosen. None where
        no attempt of this draw mixes. All steps and attempts of a draw share one partner. With
        `views` it is that of so many views of the sample, None where none of them mixes. Raises
        SampleError where there is none to choose.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [{name: blend, uses: mixup}]}"
        >>> place = load_policy(text).partner(key="photo/1", epoch=3, n=100, index=17)
        >>> 0 <= place < 100 and place != 17
        True
        """
        epoch = self.epoch if epoch is None else epoch
        n = whole_of("n", n, "how many samples there are, an integer", least=1)
        if index is not None:
            index = whole_of("index", index, f"a place from 0 to {n - 1}", least=0)
            if index >= n:
                raise SampleError(
                    "index", what="argument", expected=f"a place from 0 to {n - 1}", came=f"{index}"
                )
        arm = self.plan.ablation is not None and bool(self.plan.mixing)  # others may mix then
        views = results_of("views", views, "how many views there are", least=0)
        if not arm and not any(
            applies(self.draw(key=key, epoch=epoch, attempt=attempt, view=view), self.plan.mixing)
            for view in (range(1, views + 1) if views else (0,))
            for attempt in range(self.plan.on_fail.retry + 1 if self.plan.mixing else 0)
        ):
            return None
        if index is not None and n == 1:
            raise SampleError(
                "n", what="argument", expected="at least 2 samples, of which to mix 2", came="1"
            )
        key = key_of("key", key)
        return self._coordinator.partner(
            seed=self.seed, key=key, epoch=operator.index(epoch), count=n, own=index
        )


def _level(name: str, level: Level) -> Level:
    """A share, or a schedule of shares. Raises ValueError for anything else."""
    return level if isinstance(level, Schedule) else share_of(name, level)


def _at(level: Level, epoch: int) -> float:
    """The share of an epoch."""
    return share_of("level", level.at(epoch)) if isinstance(level, Schedule) else float(level)
