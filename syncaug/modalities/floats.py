"""Floats that the arithmetic of a step can hold: finite, and not so great that squares overflow.

One product of an array with itself tells for nearly all data, in half the time of a sum.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError

__all__ = ["SQUARES", "all_finite", "refuse_huge", "surely_small", "surely_within", "usable"]

_GREATEST = {4: 1e25, 8: 1e100}
"""Bytes of a float -> the greatest number whose squares, sums and products steps can still hold."""
SQUARES = {np.dtype(f"f{size}"): most**2 for size, most in _GREATEST.items()}
"""Dtype -> the sum of squares up to which all numbers are surely usable."""
_SURELY = 0.5
"""The share of a square that a sum of squares in float32 does not reach by rounding alone."""


def surely_within(numbers: NDArray[Any], most: float) -> bool:
    """Whether it is seen in one pass that all numbers of a float32 array lie from 0 to `most`.

    False also where somebody has to look more closely: at -0.0, at NaN, and at other dtypes. From 0
    on, the bits of floats read as integers are in the order of the floats.
    """
    if numbers.dtype != np.float32 or not numbers.size:
        return False
    return int(numbers.view(np.uint32).max()) <= int(np.float32(most).view(np.uint32))


def surely_small(numbers: NDArray[Any], most: float) -> bool:
    """Whether it is seen in one pass that no float of an array is beyond `most` on either side.

    False also where somebody has to look more closely: at NaN, and at many great numbers.
    """
    return _total(numbers) <= _SURELY * most * most


def usable(numbers: NDArray[Any]) -> bool:
    """Whether all numbers of a float32 or float64 array are finite and of a usable size."""
    return _total(numbers) <= _GREATEST[numbers.dtype.itemsize] ** 2 or (
        all_finite(numbers) and not _unfit(numbers)
    )


def all_finite(array: NDArray[Any]) -> bool:
    """Whether a float array holds neither NaN nor infinity."""
    return math.isfinite(_total(array)) or bool(np.isfinite(array).all())


def refuse_huge(name: str, value: Any) -> None:
    """Raise SampleError where the floats of a stream are too great; NaN and infinity may be."""
    if isinstance(value, list | tuple):
        try:
            value = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            return
    if isinstance(value, np.ndarray):
        greatest = _unfit(value)
        if greatest:
            limit = _GREATEST[value.dtype.itemsize]
            raise SampleError(
                name,
                expected=f"numbers up to {limit:g}, which arithmetic in {value.dtype} can hold",
                came=f"numbers up to {greatest}",
            )


def _total(numbers: NDArray[Any]) -> float:
    """The sum of squares; NaN or infinite where one of them is, and perhaps where one is great.

    `vdot` is silent where `dot` tells of an overflow.
    """
    return float(np.vdot(numbers, numbers))


def _unfit(numbers: NDArray[Any]) -> str:
    """The greatest of float numbers, in words, if it is too great for use; NaN is not asked for."""
    dtype = numbers.dtype
    limit = _GREATEST.get(dtype.itemsize)
    if limit is None or dtype.kind != "f" or not numbers.size:
        return ""
    if _total(numbers) <= limit * limit:
        return ""
    known = numbers[np.isfinite(numbers)]
    greatest = float(np.abs(known).max(initial=0.0))
    return f"{greatest:.3g}" if greatest > limit else ""
