"""Levels of noise: what was measured, and the scale at which what is measured is what was asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_square", "noise_power", "scale_for", "snr_between"]

_ROW = 4096
_CLOSE = 0.02
"""Decibels within which a measured level is the level that was asked."""
_STEPS = 24
_WIDEST = 1e6


def mean_square(numbers: NDArray[Any]) -> float:
    """The mean of the squares of floats, the same on any number of threads.

    Short rows are summed in the numbers' own precision, and the sums of rows in float64.
    """
    flat = numbers.reshape(-1)
    whole = flat.size // _ROW * _ROW
    rows, rest = flat[:whole].reshape(-1, _ROW), flat[whole:]
    total = np.sum(np.einsum("ij,ij->i", rows, rows), dtype=np.float64)
    total += np.einsum("i,i->", rest, rest)
    return float(total) / max(1, numbers.size)


def noise_power(signal_power: float, snr_db: float) -> float:
    """The mean square that noise must have beside a signal of `signal_power`."""
    return float(signal_power * 10.0 ** (-snr_db / 10.0))


def snr_between(clean: NDArray[Any], noisy: NDArray[Any]) -> float:
    """The signal-to-noise ratio in dB that `noisy` has against `clean`; infinite where equal."""
    error = mean_square(noisy.astype(np.float64) - clean)
    power = mean_square(clean.astype(np.float64))
    if error == 0.0:
        return math.inf
    return 10.0 * math.log10(power / error) if power > 0.0 else -math.inf


def scale_for(measure: Callable[[float], float], power: float, start: float) -> float:
    """The scale of a noise field at which `measure(scale)`, its mean square, is `power`.

    Clipping and rounding make `measure` other than the square of the scale; it only needs to grow
    with it. Secant steps on logarithms, kept within what is known to be too little and too much.
    Where no scale is enough (a picture can only err by what black and white allow), the greatest
    that still adds noise is returned.
    """
    scale, low, high = start, 0.0, math.inf
    last: tuple[float, float] | None = None
    for _ in range(_STEPS):
        found = measure(scale)
        if found > 0.0 and abs(10.0 * math.log10(found / power)) <= _CLOSE:
            return scale
        low, high = (scale, high) if found < power else (low, scale)
        slope = 2.0
        if last is not None and found > 0.0 and last[1] > 0.0 and scale != last[0]:
            slope = math.log(found / last[1]) / math.log(scale / last[0])
        last = (scale, found)
        step = math.log(power / found) / slope if found > 0.0 and slope > 0.02 else math.inf
        wanted = scale * math.exp(min(step, 3.0)) if step > -30.0 else 0.0
        if not low < wanted < high:
            wanted = math.sqrt(low * high) if low and high < math.inf else 2.0 * low or high / 2.0
        if wanted > _WIDEST * start or (low and high / low < 1.0 + 1e-7):
            return scale
        scale = wanted
    return scale
