"""Generators for what a library draws inside, made when something is really drawn."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from syncaug.randomness import Entropy

__all__ = ["LazyNumpy", "LazyPython"]


class LazyPython:
    """A `random.Random` at an address; a range without width needs none."""

    __slots__ = ("_entropy", "_generator")

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._generator: random.Random | None = None

    def uniform(self, low: float, high: float) -> float:
        return low if low == high else self._real().uniform(low, high)

    def randint(self, low: int, high: int) -> int:
        return low if low == high else self._real().randint(low, high)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def _real(self) -> random.Random:
        if self._generator is None:
            self._generator = self._entropy.python()
        return self._generator


class LazyNumpy:
    """A numpy generator at an address."""

    __slots__ = ("_entropy", "_generator")

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._generator: np.random.Generator | None = None

    def __getattr__(self, name: str) -> Any:
        if self._generator is None:
            self._generator = self._entropy.philox()
        return getattr(self._generator, name)
