"""Whether the arms differ in nothing but synchrony: the distribution of what each stream got.

Each arm draws for a seed of its own, so that its numbers are independent of those of the strict
arm, until so many draws are accepted. Every parameter of every stream is compared: numbers by the
two-sample test of Kolmogorov and Smirnov, words and whether a step happens by the chi-squared test
of their counts. All p-values are corrected together (Holm).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from syncaug.ablate.arms import AblationError, Arm
from syncaug.ablate.statistics import holm
from syncaug.augmenter import Augmenter
from syncaug.draw import SHARED, Draw, StepDraw
from syncaug.errors import AlignmentError, MissingExtraError
from syncaug.loading import compiled
from syncaug.plan.ablation import INDEPENDENT, JITTERED, STRICT

__all__ = ["ALPHA", "DRAWS", "Drawn", "compared", "drawn_by", "marginals", "require_drawn"]

DRAWS = 10_000
"""Accepted draws of each arm."""
ALPHA = 0.01
"""The familywise error: so often are arms that differ in nothing taken for different."""

_MOST = 20
"""Draws for each that is accepted, after which a policy that refuses more is left at that."""
_EPOCHS = 10
_PAIR = 2
_FEW = 100
"""Draws up to which the test of numbers is exact: the formula for many has no p for one."""
_APART = 1_000_003
"""What the seeds of two arms' draws differ by."""

Name = tuple[str, str]
"""A stream, and a step with its parameter: ("image", "turn.degrees")."""


@dataclass(slots=True)
class Drawn:
    """What was accepted in an arm: the values of each parameter of each stream."""

    accepted: int = 0
    tried: int = 0
    stayed: Counter[str] = field(default_factory=Counter)
    """How often each stream kept the shared draw, since one of its own was refused."""
    values: dict[Name, list[Any]] = field(default_factory=lambda: defaultdict(list))


def marginals(
    policy: Augmenter,
    arms: Sequence[Arm],
    samples: Sequence[Mapping[str, Any]],
    keys: Sequence[str | int],
    *,
    draws: int = DRAWS,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Compare what every arm accepts with what the strict one does, as plain data.

    `progress` is told how many of how many draws are done. Raises what `require_drawn` does.
    """
    _require_enough(policy, samples)
    found: dict[str, Drawn] = {}
    drawing = [arm for arm in arms if arm.name != "none"]
    for place, arm in enumerate(drawing):
        own = compiled(
            arm.policy(policy, abs(policy.seed) + _APART * (place + 1)), encoders=policy.encoders
        )
        told = _behind(progress, place * draws, len(drawing) * draws)
        found[arm.name] = drawn_by(own, samples, keys, draws=draws, progress=told)
    strict = found.pop(STRICT)
    return compared(strict, found, draws)


def require_drawn(
    policy: Augmenter,
    samples: Sequence[Mapping[str, Any]],
    keys: Sequence[str | int],
    *,
    draws: int = DRAWS,
) -> None:
    """What stands in the way of a comparison, by one draw of each sample that it begins with.

    Those are as many as there are `draws`. Raises AblationError for too few samples, what a call of
    the policy raises, and MissingExtraError without scipy.
    """
    _require_enough(policy, samples)
    for place in range(min(len(samples), draws)):
        with suppress(AlignmentError):
            _taken(policy, samples, keys, place, 0)


def _require_enough(policy: Augmenter, samples: Sequence[Mapping[str, Any]]) -> None:
    """Raises AblationError for too few samples, and MissingExtraError without scipy."""
    try:
        import scipy.stats  # noqa: F401
    except ImportError:
        raise MissingExtraError("scipy", "analysis") from None
    if not samples:
        raise AblationError(
            "expected at least one sample on which draws are compared; got none. Give a manifest "
            "with samples, or compare none (--draws 0)."
        )
    if policy.plan.mixing and len(samples) < _PAIR:
        raise AblationError(
            "expected at least two samples, since the policy mixes; got one. Give a manifest with "
            "more, or compare no draws (--draws 0)."
        )


def _taken(
    policy: Augmenter,
    samples: Sequence[Mapping[str, Any]],
    keys: Sequence[str | int],
    place: int,
    epoch: int,
) -> Mapping[str, Draw | None]:
    """The draws that are accepted of a sample, by stream; empty where it is dropped."""
    other = policy.partner(key=keys[place], epoch=epoch, n=len(keys), index=place)
    mixing: dict[str, Any] = {}
    if other is not None:
        mixing = {"partner": samples[other], "partner_key": keys[other]}
    return policy.accepted_draws(samples[place], key=keys[place], epoch=epoch, **mixing)


def drawn_by(
    policy: Augmenter,
    samples: Sequence[Mapping[str, Any]],
    keys: Sequence[str | int],
    *,
    draws: int = DRAWS,
    progress: Callable[[int], None] | None = None,
) -> Drawn:
    """What a policy accepts of samples in the first epochs, until there are so many draws.

    Ten epochs under one seed, then the same ones under the next: a policy that follows the epoch is
    asked for no other.
    """
    out = Drawn()
    places = {step.name: step for step in policy.plan.walk()}
    first, round_ = policy.seed, 0
    while out.accepted < draws and out.tried < _MOST * draws:
        seeds, epoch = divmod(round_, _EPOCHS)
        if epoch == 0:
            policy = policy.with_seed(first + seeds)
        for place in range(len(samples)):
            out.tried += 1
            if progress is not None:  # which may end it
                progress(out.accepted)
            try:
                taken = _taken(policy, samples, keys, place, epoch)
            except AlignmentError:
                continue
            if not taken:
                continue
            out.accepted += 1
            out.stayed.update(_stayed(policy, taken))
            for stream, draw in taken.items():
                for name, value in _values(draw, stream, places):
                    out.values[stream, name].append(value)
            if out.accepted == draws:
                break
        round_ += 1
    if progress is not None:
        progress(draws)
    return out


def _behind(
    progress: Callable[[int, int], None] | None, before: int, total: int
) -> Callable[[int], None] | None:
    """What tells of the draws of one arm, behind those of the arms before it."""
    return None if progress is None else lambda done: progress(before + done, total)


def _stayed(policy: Augmenter, taken: Mapping[str, Draw | None]) -> list[str]:
    """The streams, the first of each unit, that kept the draw of the first unit.

    A draw of a stream's own that equals the shared one by chance is another object.
    """
    arm = policy.plan.ablation
    if arm is None or arm.arm not in (INDEPENDENT, JITTERED):
        return []
    first, *others = (unit[0] for unit in arm.units)
    return [name for name in others if taken[name] is taken[first]]


def compared(strict: Drawn, arms: Mapping[str, Drawn], draws: int) -> dict[str, Any]:
    """The tests of some arms against the strict one, corrected together."""
    rows: list[dict[str, Any]] = []
    for arm, drawn in arms.items():
        told = _row(arm, ("", "accepted"), *map(_fates, (strict, drawn)))
        rows += [told] if told else []
        for name in strict.values:
            if name in drawn.values or not arm.startswith("only-"):
                told = _row(arm, name, strict.values[name], drawn.values.get(name, []))
                rows += [told] if told else []
    adjusted = holm([row["p"] for row in rows])
    rows = [{**row, "holm": p, "differs": p < ALPHA} for row, p in zip(rows, adjusted, strict=True)]
    everyone = {STRICT: strict, **arms}
    return {
        "draws": draws,
        "alpha": ALPHA,
        "accepted": {arm: drawn.accepted for arm, drawn in everyone.items()},
        "share": {arm: drawn.accepted / max(1, drawn.tried) for arm, drawn in everyone.items()},
        "stayed": {
            arm: {name: count / drawn.accepted for name, count in sorted(drawn.stayed.items())}
            for arm, drawn in arms.items()
            if drawn.stayed
        },
        "tests": rows,
        "differ": [row for row in rows if row["differs"]],
    }


def _fates(drawn: Drawn) -> list[bool]:
    return [True] * drawn.accepted + [False] * (drawn.tried - drawn.accepted)


def _row(arm: str, name: Name, ours: Sequence[Any], theirs: Sequence[Any]) -> dict[str, Any] | None:
    """One test; None where nothing varies."""
    try:
        from scipy.stats import chi2_contingency, ks_2samp
    except ImportError:
        raise MissingExtraError("scipy", "analysis") from None

    told = {"arm": arm, "stream": name[0], "parameter": name[1]}
    together = [*ours, *theirs]
    if len(set(map(repr, together))) < 2 or not ours:
        return None
    if not theirs:
        return {**told, "test": "none drawn", "statistic": 1.0, "p": 0.0}
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in together):
        method = "exact" if max(len(ours), len(theirs)) <= _FEW else "asymp"
        found = ks_2samp(np.asarray(ours, float), np.asarray(theirs, float), method=method)
        statistic, p = float(found.statistic), float(found.pvalue)
        return {**told, "test": "Kolmogorov-Smirnov", "statistic": statistic, "p": p}
    counted = [Counter(map(str, side)) for side in (ours, theirs)]
    words = sorted(counted[0] | counted[1])
    counts = [[side[word] for word in words] for side in counted]
    result = chi2_contingency(counts)
    return {
        **told,
        "test": "chi-squared",
        "statistic": float(result.statistic),
        "p": float(result.pvalue),
    }


def _values(draw: Draw | None, stream: str, places: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a draw means for a stream: for each step whether it happens, and its parameters."""
    pending: list[StepDraw] = [] if draw is None else list(draw.steps)
    while pending:
        step = pending.pop()
        if stream not in places[step.name].streams:
            continue
        yield step.name, step.happens
        if not step.happens:
            continue
        for owner, values in step.parameters.items():
            if owner in (SHARED, stream) or owner.split("/")[0] == stream:
                call = "" if "/" not in owner else f"/{owner.split('/')[1]}"
                for name, value in values.items():
                    yield from _flat(f"{step.name}{call}.{name}", value)
        if places[step.name].steps:
            yield f"{step.name}.chosen", " ".join(inner.name for inner in step.steps)
        pending.extend(step.steps)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _flat(f"{name}[{index}]", one)
    else:
        yield name, value
