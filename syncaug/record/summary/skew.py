"""Whether refusals have skewed what is drawn: the draws that were accepted against all.

A draw that is refused is replaced by a fresh one, or carried out more weakly. Where refusals depend
on what was drawn, the draws that are left are distributed otherwise than the policy declares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from syncaug.record.summary.labels import CHANCE, CHOICE, Label
from syncaug.record.summary.tally import Drawn
from syncaug.record.summary.values import Values, distance

__all__ = ["LEAST", "Skew", "skew_of"]

LEAST = 0.05
"""The least distance of two distributions that is worth a word."""
_LEVEL = 0.01
"""The chance that refusals which depend on nothing that was drawn give any warning."""


@dataclass(frozen=True, slots=True)
class Skew:
    """How far what was accepted lies from what was drawn, 0 to 1, and what chance would give."""

    label: Label
    distance: float
    bound: float
    drawn: Values
    accepted: Values

    @property
    def told(self) -> str:
        """The skew in words."""
        far = f"distance {self.distance:.2f}, by chance at most {self.bound:.2f}"
        kind, ours, theirs = self.label.kind, self.accepted, self.drawn
        if kind == CHANCE:
            shares = [each.words().get("true", 0) / each.count for each in (theirs, ours)]
            what = f"the step was drawn in {shares[0]:.0%} of all draws, and in {shares[1]:.0%}"
            return f"{self.label}: {what} of those that were accepted ({far})"
        if kind == CHOICE or not ours.numbers:
            changes = {
                word: ours.words().get(word, 0) / ours.count - count / theirs.count
                for word, count in theirs.words().items()
            }
            most = max(changes, key=lambda word: abs(changes[word]))
            before = theirs.words()[most] / theirs.count
            what = f"{most} was {before:.0%} of all draws, and is {before + changes[most]:.0%}"
            return f"{self.label}: {what} of those that were accepted ({far})"
        ends = [
            f"{each.quantile(0.05):.4g} to {each.quantile(0.95):.4g}" for each in (theirs, ours)
        ]
        return (
            f"{self.label}: nine tenths of all draws lie within {ends[0]} (mean {theirs.mean:.4g}),"
            f" of those that were accepted within {ends[1]} (mean {ours.mean:.4g}; {far})"
        )

    def as_json(self) -> dict[str, Any]:
        """The numbers, and the skew in words."""
        return {
            **self.label.as_json(),
            "distance": self.distance,
            "bound": self.bound,
            "told": self.told,
        }


def skew_of(label: Label, counted: Drawn, tests: int) -> Skew | None:
    """The skew of one kind of draw; None where there is none, or it may be by chance.

    All attempts are drawn alike, so that without skew accepted and refused draws are two samples of
    one distribution, and their distance exceeds sqrt(ln(c / level) / 2 (1 / n + 1 / m)) with a
    chance of about `level` at most. For numbers c is 2: N. Smirnov's limit (1939) as bounded by
    P. Massart (Annals of Probability 18, 1990), on two samples F. Wei and R. Dudley (Statistics and
    Probability Letters 82, 2012). For k other values it is 2**k - 2, the number of their subsets,
    each bounded by W. Hoeffding (JASA 58, 1963). `tests` is how many kinds of draws are looked at,
    among which the level is divided.
    """
    ours = counted.accepted | counted.weakened
    if not counted.refused.count or not ours.count:
        return None
    whole = counted.accepted | counted.refused
    level = _LEVEL / max(tests, 1)
    subsets = 2.0 if whole.numbers else max(2.0 ** len(whole.words()) - 2.0, 2.0)
    surprise = math.log(subsets / level)
    n, m = ours.count, counted.refused.count
    apart = distance(ours, counted.refused)
    bound = math.sqrt(surprise / 2.0 * (1.0 / n + 1.0 / m))
    found = distance(ours, whole)
    if found < LEAST or apart <= bound:
        return None
    return Skew(label, found, found * bound / apart, whole, ours)
