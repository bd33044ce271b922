"""Where scores break: means with bootstrap bands, and the first level of a real loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from syncaug.errors import MissingExtraError

__all__ = ["CONFIDENCE", "FEWEST", "TENTH", "Band", "band", "breaking", "slight"]

CONFIDENCE = 0.95
TENTH = 0.1
"""The share of the way from the clean score to that of a permuted stream which counts as broken."""
FEWEST = 6
"""Samples from which on no loss in any of them tells: with fewer a sign test cannot reach 5 %."""
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Band:
    """A mean with the bounds of its bootstrap confidence interval."""

    mean: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """As plain data."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def band(values: Sequence[float], seed: int) -> Band:
    """The mean of values and its percentile bootstrap interval of 95 % (Efron, 1979; scipy's).

    Raises MissingExtraError without scipy.
    """
    try:
        from scipy.stats import bootstrap
    except ImportError:
        raise MissingExtraError("scipy", "analysis") from None

    numbers = np.asarray(values, dtype=np.float64)
    mean = float(numbers.mean())
    if len(numbers) < 2 or np.ptp(numbers) == 0.0:
        return Band(mean, mean, mean)
    found = bootstrap(
        (numbers,),
        np.mean,
        confidence_level=CONFIDENCE,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Band(mean, float(found.low), float(found.high))


def breaking(
    levels: Sequence[float],
    losses: Sequence[Band | None],
    threshold: float,
    *,
    lasting: bool = False,
) -> tuple[float | None, list[float | None]]:
    """The first level whose lower bound of the loss exceeds the threshold, and its interval.

    With `lasting` those of all later levels must exceed it, too. The interval goes from the first
    level whose upper bound exceeds it to that level; None where no level does. Levels that failed
    (None) are passed over.
    """
    pairs = [(level, loss) for level, loss in zip(levels, losses, strict=True) if loss is not None]
    broken = [loss.low > threshold for _, loss in pairs]
    low = next(
        (
            level
            for place, (level, _) in enumerate(pairs)
            if (all(broken[place:]) if lasting else broken[place])
        ),
        None,
    )
    early = next((level for level, loss in pairs if loss.high > threshold), None)
    return low, [early, low]


def differences(clean: Sequence[float], scores: Sequence[float | None]) -> list[float]:
    """What each sample loses; those without a score are left out."""
    pairs = zip(clean, scores, strict=True)
    return [before - after for before, after in pairs if after is not None]


def slight(losses: Iterable[Mapping[str, float]]) -> float:
    """What is too little to tell of use: a tenth of the greatest mean loss that is not by chance.

    `losses` are bands as plain data. A scorer with noise of its own never costs exactly nothing.
    """
    return TENTH * max((loss["mean"] for loss in losses if loss["low"] > 0.0), default=0.0)
