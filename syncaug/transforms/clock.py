"""What the transforms of time share."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from syncaug.randomness import Entropy

__all__ = ["merged", "numbers", "on_ticks"]


def on_ticks(seconds: float, tick: float) -> float:
    """The nearest whole number of ticks; as it is where time has no tick."""
    ticks = seconds / tick if tick else math.inf
    return round(ticks) * tick if math.isfinite(ticks) else seconds


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order, those that meet as one; empty ones go."""
    out: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        elif start < stop:
            out.append((start, stop))
    return out


def numbers(shape: float, count: int) -> NDArray[np.float64]:
    """`count` numbers in [0, 1) that one drawn number stands for.

    The raw output of numpy's Philox never changes, and its top 53 bits are what is used.
    """
    entropy = Entropy(struct.pack("<d", float(shape)) + bytes(24)).child("shape")
    key = int.from_bytes(entropy.digest[:16], "little")
    raw = np.random.Philox(key=key).random_raw(count)
    return np.asarray((raw >> np.uint64(11)) * 2.0**-53)
