"""Lengths whose Fourier transforms are fast: those without a large prime factor."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["fast_length"]


@lru_cache(maxsize=64)
def fast_length(length: int) -> int:
    """The smallest number from `length` on whose prime factors are 2, 3, 5 and 7 alone.

    A transform of 160,001 numbers takes twelve times as long as one of 160,000.
    """
    best = 1 << max(0, length - 1).bit_length()
    sevens = 1
    while sevens < best:
        fives = sevens
        while fives < best:
            threes = fives
            while threes < best:
                twos = (-(-length // threes) - 1).bit_length()
                best = min(best, threes << twos)
                threes *= 3
            fives *= 5
        sevens *= 7
    return best
