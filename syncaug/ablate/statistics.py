"""Paired statistics of runs that share their seeds: how much strict synchrony is ahead.

Differences are those of two arms under the same seed, so that what a seed decides (the weights that
a model begins with, the order of its samples) is in neither side's favour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syncaug.errors import MissingExtraError
from syncaug.stress.breaking import CONFIDENCE, Band, band

__all__ = ["ALPHA", "Paired", "holm", "least_p", "paired", "seeds_needed"]

ALPHA = 0.05
_LEAST = 2
"""Pairs of which something can be said beyond the difference itself."""
_DUST = 1e-9
"""Numbers that differ by less than this share of the largest are one number, computed twice."""
_REPEATED = (
    "no spread: each of both arms gives one number under all seeds, and runs that repeat each "
    "other are no evidence"
)


@dataclass(frozen=True, slots=True)
class Paired:
    """How much better one arm is than another over the seeds that both have.

    `difference` is the mean of the differences with its bootstrap interval, None without seeds;
    `student` is the interval of Student's t, which is wider for few seeds, None where there is no
    spread: for fewer than two seeds, and where neither arm varies over them. `effect` is the mean
    difference in standard deviations of the differences with Hedges' correction (g of paired data),
    None where there is no deviation; `rank_biserial` is the share of ranks in favour less that
    against (Kerby, 2014). `p` is that of the two-sided Wilcoxon signed rank test, None where
    `why_not` says why.
    """

    seeds: tuple[int, ...]
    differences: tuple[float, ...]
    difference: Band | None
    student: tuple[float, float] | None
    effect: float | None
    rank_biserial: float | None
    p: float | None
    why_not: str

    @property
    def sign(self) -> int:
        """1 where both intervals lie above zero, -1 where both lie below, else 0."""
        if self.student is None or self.difference is None:
            return 0
        if min(self.difference.low, self.student[0]) > 0.0:
            return 1
        return -1 if max(self.difference.high, self.student[1]) < 0.0 else 0

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "seeds": list(self.seeds),
            "differences": list(self.differences),
            "difference": None if self.difference is None else self.difference.as_json(),
            "student": None if self.student is None else list(self.student),
            "effect": {"hedges_g": self.effect, "rank_biserial": self.rank_biserial},
            "wilcoxon": {"p": self.p} if self.p is not None else {"not_tested": self.why_not},
        }


def paired(seeds: Sequence[int], ours: Sequence[float], theirs: Sequence[float]) -> Paired:
    """The statistics of two arms, higher numbers the better. Raises MissingExtraError.

    Below the number of pairs at which the signed rank test could reach 0.05 at all nothing is
    tested.
    """
    given = _without_dust(np.asarray(ours, np.float64), np.asarray(theirs, np.float64))
    differences = tuple(float(number) for number in given)
    count = len(differences)
    if count < _LEAST:
        alone = Band(*differences * 3) if differences else None
        why = f"{count} seed{'s' if count != 1 else ''} in both arms: at least {_LEAST} are needed"
        return Paired(tuple(seeds), differences, alone, None, None, None, None, why)
    if _constant(ours) and _constant(theirs):
        mean = Band(*[float(given.mean())] * 3)
        return Paired(tuple(seeds), differences, mean, None, None, None, None, _REPEATED)
    p, why_not = _wilcoxon(given)
    return Paired(
        tuple(seeds),
        differences,
        band(differences, seed=0),
        _student(given),
        _hedges(given),
        _rank_biserial(given),
        p,
        why_not,
    )


def least_p(count: int) -> float:
    """The smallest p that the two-sided signed rank test of so many pairs can give.

    >>> from syncaug.ablate.statistics import least_p
    >>> least_p(5), least_p(6)
    (0.0625, 0.03125)
    """
    return min(1.0, 2.0 ** (1 - count))


def seeds_needed(comparisons: int = 1) -> int:
    """The seeds from which on the test can reach 0.05 after Holm's correction of so many."""
    return 1 + math.ceil(math.log2(comparisons / ALPHA))


def holm(ps: Sequence[float]) -> list[float]:
    """p-values adjusted for all of them together (Holm, 1979), in their order.

    >>> from syncaug.ablate.statistics import holm
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    out = [0.0] * len(ps)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        worst = max(worst, min(1.0, ps[place] * (len(ps) - rank)))
        out[place] = worst
    return out


def _without_dust(ours: np.ndarray[Any, Any], theirs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The differences; those that are alike but for the last digits are one number."""
    differences: np.ndarray[Any, Any] = ours - theirs
    dust = _DUST * max(np.abs(ours).max(initial=0.0), np.abs(theirs).max(initial=0.0))
    differences[np.abs(differences) <= dust] = 0.0
    if len(differences) and np.ptp(differences) <= dust:
        differences[:] = differences[0]
    return differences


def _constant(numbers: Sequence[float]) -> bool:
    """Whether all numbers are one, but for the last digits of their sums."""
    return max(numbers) - min(numbers) <= _DUST * max(map(abs, numbers))


def _wilcoxon(differences: np.ndarray[Any, Any]) -> tuple[float | None, str]:
    try:
        from scipy.stats import wilcoxon
    except ImportError:
        raise MissingExtraError("scipy", "analysis") from None

    moved = int(np.count_nonzero(differences))
    if not moved:
        return None, "no seed differs, so that there is nothing to rank"
    if moved < seeds_needed():
        which = "" if moved == len(differences) else " that differ"
        return None, (
            f"{moved} seeds{which}: the smallest p that a signed rank test of them can give is "
            f"{least_p(moved):.3g}; {seeds_needed()} could reach {ALPHA:g}"
        )
    return float(wilcoxon(differences, alternative="two-sided").pvalue), ""


def _student(differences: np.ndarray[Any, Any]) -> tuple[float, float]:
    from scipy.stats import ttest_1samp

    if np.ptp(differences) == 0.0:
        return float(differences[0]), float(differences[0])
    found = ttest_1samp(differences, 0.0).confidence_interval(CONFIDENCE)
    return float(found.low), float(found.high)


def _hedges(differences: np.ndarray[Any, Any]) -> float | None:
    """The mean in standard deviations, corrected for few pairs (Hedges, 1981)."""
    if np.ptp(differences) == 0.0:
        return None
    free = len(differences) - 1
    correction = 1.0 - 3.0 / (4.0 * free - 1.0)
    return float(differences.mean() / differences.std(ddof=1) * correction)


def _rank_biserial(differences: np.ndarray[Any, Any]) -> float | None:
    from scipy.stats import rankdata

    moved = differences[differences != 0.0]
    if not len(moved):
        return None
    ranks = rankdata(np.abs(moved))
    return float((ranks * np.sign(moved)).sum() / ranks.sum())
