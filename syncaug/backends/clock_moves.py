"""The time maps that library operations on sound imply, read off what they do to sample numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.time import TimeMap

__all__ = ["numbered", "stretching", "time_of"]


def numbered(count: int) -> NDArray[np.float64]:
    """A sound whose samples are their own numbers, from 1; 0 stays for what was padded."""
    return np.arange(1, count + 1, dtype=np.float64)


def time_of(numbers: NDArray[np.float64], count: int, rate: float) -> TimeMap:
    """The map of an operation that turned `numbered(count)` into `numbers`.

    Runs of samples that were moved together, forwards or backwards, are one segment each.
    """
    places = np.round(numbers).astype(np.int64)
    steps = np.diff(places)
    alike = (places[:-1] > 0) & (places[1:] > 0) & (np.abs(steps) == 1)
    silent = (places[:-1] == 0) & (places[1:] == 0)
    going = np.where(alike, steps, 0)
    turns = np.zeros(len(places), dtype=bool)
    turns[1:-1] = alike[:-1] & alike[1:] & (going[:-1] != going[1:])
    starts = [0, *(np.flatnonzero(~(alike | silent) | turns[:-1]) + 1).tolist(), len(places)]
    pieces = []
    for start, stop in itertools.pairwise(starts):
        if stop <= start:
            continue
        first, last = int(places[start]) - 1, int(places[stop - 1]) - 1
        length = (stop - start) / rate
        if first < 0:
            pieces.append((length, math.nan, math.nan, 1.0))
        elif last < first:
            pieces.append((length, (first + 1) / rate, last / rate, 1.0))
        else:
            pieces.append((length, first / rate, (last + 1) / rate, 1.0))
    return TimeMap.of(pieces, count / rate)


def stretching(count: int, stretched: int, shown: int, rate: float) -> TimeMap:
    """The map of `count` samples stretched to `stretched`, of which `shown` samples are left.

    Where more are shown than there are, silence follows.
    """
    there = min(stretched, shown)
    pieces = [
        (there / rate, 0.0, there / stretched * count / rate, 1.0),
        ((shown - there) / rate, math.nan, math.nan, 1.0),
    ]
    return TimeMap.of(pieces, count / rate)
