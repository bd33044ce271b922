"""What one drawn value has been, in constant memory: counts of few values, bins of many.

Bins are as wide as a power of two and lie at multiples of it; the width is the least at which
there are at most `BINS` of them. So the same values give the same bins in whatever order they come,
and however many sketches of them are merged.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

__all__ = ["BINS", "EXACT", "Values", "distance"]

EXACT = 32
"""So many different numbers are counted one by one."""
BINS = 128
"""So many bins there are at most, where there are more different numbers."""
_WORDS = 256
"""So many different values that are no numbers are counted one by one."""
_LARGEST = 1.7976931348623157e308


class Values:
    """Values of one kind of draw: numbers, truths, texts, lists; merging is exact."""

    __slots__ = ("_bins", "_exponent", "_numbers", "_words", "greatest", "least", "total")

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self._numbers: Counter[float] | None = Counter()
        self._words: Counter[str] = Counter()
        self._bins: Counter[int] = Counter()
        self._exponent = 0
        self.least, self.greatest, self.total = math.inf, -math.inf, 0.0
        for value in values:
            self.add(value)

    def add(self, value: Any, count: int = 1) -> None:
        """Count a value as the draw or the JSON of a record holds it."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            word = value if isinstance(value, str) else json.dumps(value, default=list)
            self._word(word, count)
            return
        number = min(max(value, -_LARGEST), _LARGEST) + 0.0
        self.total += number * count
        inside = self.least <= number <= self.greatest
        self.least, self.greatest = min(self.least, number), max(self.greatest, number)
        if self._numbers is None:
            if not inside:
                self._widen()
            self._bins[_place(number, self._exponent)] += count
            return
        self._numbers[number] += count
        if len(self._numbers) > EXACT:
            self._to_bins()

    def merge(self, other: Values) -> None:
        """Count what another sketch has counted."""
        for word, count in other._words.items():
            self._word(word, count)
        self.total += other.total
        self.least = min(self.least, other.least)
        self.greatest = max(self.greatest, other.greatest)
        if self._numbers is not None and other._numbers is not None:
            self._numbers.update(other._numbers)
            if len(self._numbers) > EXACT:
                self._to_bins()
            return
        if self._numbers is not None:
            self._to_bins(other._exponent)
        elif other._numbers is None:
            self._coarsen(other._exponent)
        self._widen()
        self._bins.update(other._at(self._exponent))

    def __or__(self, other: Values) -> Values:
        both = Values()
        both.merge(self)
        both.merge(other)
        return both

    @property
    def count(self) -> int:
        """How many values were counted."""
        return self.numbers + self._words.total()

    @property
    def numbers(self) -> int:
        """How many of them are numbers."""
        return (self._bins if self._numbers is None else self._numbers).total()

    @property
    def mean(self) -> float:
        """The mean of the numbers; NaN where there are none."""
        return self.total / self.numbers if self.numbers else math.nan

    def quantile(self, share: float) -> float:
        """The number below which a share of the numbers lies; off by less than a bin."""
        rank = share * self.numbers
        for low, high, count in self.histogram():
            if rank <= count:
                inside = low + (high - low) * max(rank, 0.0) / count
                return min(max(inside, self.least), self.greatest)
            rank -= count
        return self.greatest

    def histogram(self) -> list[tuple[float, float, int]]:
        """Low and high end and count of each bin that holds some; ends are equal of few values."""
        if self._numbers is not None:
            return [(number, number, count) for number, count in sorted(self._numbers.items())]
        width = self._exponent
        return [
            (math.ldexp(place, width), math.ldexp(place + 1, width), count)
            for place, count in sorted(self._bins.items())
        ]

    def words(self) -> dict[str, int]:
        """The counts of values that are no numbers, the most frequent first."""
        return dict(sorted(self._words.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """Count; mean, ends and quantiles of numbers with their bins; counts of all others."""
        told: dict[str, Any] = {"count": self.count}
        if self.numbers:
            told |= {"mean": self.mean, "least": self.least, "greatest": self.greatest}
            told["quantiles"] = {
                str(share): self.quantile(share) for share in (0.05, 0.25, 0.5, 0.75, 0.95)
            }
            told["bins"] = [list(each) for each in self.histogram()]
        if self._words:
            told["counts"] = self.words()
        return told

    def _word(self, word: str, count: int) -> None:
        if _MANY in self._words:
            word = _MANY
        self._words[word] += count
        if len(self._words) > _WORDS or (word == _MANY and len(self._words) > 1):
            self._words = Counter({_MANY: self._words.total()})

    def _to_bins(self, exponent: int | None = None) -> None:
        """Give up counting numbers one by one."""
        numbers, self._numbers = self._numbers or Counter(), None
        if exponent is None:
            spread = self.greatest / BINS - self.least / BINS
            exponent = math.frexp(spread)[1] - 2 if spread else -1074
        self._exponent = exponent
        while not self._fits():
            self._exponent += 1
        for number, count in numbers.items():
            self._bins[_place(number, self._exponent)] += count

    def _fits(self) -> bool:
        last = _place(self.greatest, self._exponent)
        return last - _place(self.least, self._exponent) < BINS

    def _widen(self) -> None:
        """Widen the bins until they hold the least and the greatest number."""
        exponent = self._exponent
        while not self._fits():
            self._exponent += 1
        if self._exponent > exponent:
            wanted, self._exponent = self._exponent, exponent
            self._coarsen(wanted)

    def _coarsen(self, exponent: int) -> None:
        if exponent > self._exponent:
            self._bins, self._exponent = self._at(exponent), exponent

    def _at(self, exponent: int) -> Counter[int]:
        """The numbers in bins of a width that is no less than the sketch's own."""
        bins: Counter[int] = Counter()
        if self._numbers is not None:
            for number, count in self._numbers.items():
                bins[_place(number, exponent)] += count
            return bins
        for place, count in self._bins.items():
            bins[place >> (exponent - self._exponent)] += count
        return bins


_MANY = f"more than {_WORDS} different values"


def _place(number: float, exponent: int) -> int:
    """Which bin of width 2**exponent a number lies in."""
    fraction, own = math.frexp(number)
    shift = own - exponent
    if shift > 1000:  # beyond what a float holds, as an integer
        return int(math.ldexp(fraction, 53)) << (shift - 53)
    if shift < -1000:  # less than what a float holds
        return -1 if number < 0.0 else 0
    return math.floor(math.ldexp(fraction, shift))


def distance(one: Values, other: Values) -> float:
    """How far two samples lie apart: 0 for the same shares, 1 where nothing is in common.

    Of numbers it is the Kolmogorov-Smirnov distance, the greatest difference of their distribution
    functions (at the ends of bins), of all else the total variation. NaN where one is empty.
    """
    if not one.count or not other.count:
        return math.nan
    if one._numbers is not None and other._numbers is not None:
        places: tuple[Counter[Any], Counter[Any]] = one._numbers, other._numbers
    else:
        exponents = [each._exponent for each in (one, other) if each._numbers is None]
        places = one._at(max(exponents)), other._at(max(exponents))
    apart = difference = 0.0
    for place in sorted(places[0] | places[1]):
        difference += places[0][place] / one.count - places[1][place] / other.count
        apart = max(apart, abs(difference))
    words = sum(
        abs(one._words[word] / one.count - other._words[word] / other.count)
        for word in one._words | other._words
    )
    return min(max(apart, words / 2.0), 1.0)
