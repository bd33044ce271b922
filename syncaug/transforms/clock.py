"""What the transforms of time share."""

from __future__ import annotations

import math
import struct
import threading
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
    if not count:
        return np.zeros(0)
    entropy = Entropy(struct.pack("<d", float(shape)) + bytes(24)).child("shape")
    philox: np.random.Philox | None = getattr(_KEPT, "philox", None)
    if philox is None:
        philox = _KEPT.philox = np.random.Philox(key=0)
    philox.state = {
        "bit_generator": "Philox",
        "state": {"counter": _ZEROS, "key": np.frombuffer(entropy.digest[:16], "<u8")},
        "buffer": _ZEROS,
        "buffer_pos": len(_ZEROS),
        "has_uint32": 0,
        "uinteger": 0,
    }
    return np.asarray((philox.random_raw(count) >> np.uint64(11)) * 2.0**-53)


_KEPT = threading.local()
"""A generator for each thread: setting its state costs a seventh of making another."""
_ZEROS = np.zeros(4, np.uint64)
