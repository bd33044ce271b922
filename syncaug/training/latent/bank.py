"""A bank of known vectors: the nearest one stands for what no decoder can give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Bank"]


class Bank:
    """Vectors (N, D) with the keys of the samples that they are of.

    >>> bank = Bank([[1.0, 0.0], [0.0, 1.0]], ["a", "b"])
    >>> bank.nearest([[0.9, 0.3]])
    ['a']
    """

    def __init__(self, vectors: ArrayLike, keys: Sequence[str | int]) -> None:
        """Raises ValueError unless there is a key for each row, and each row has a direction."""
        rows = np.asarray(vectors, dtype=np.float64)
        if rows.ndim != 2 or not len(rows) or len(rows) != len(keys):
            raise ValueError(
                f"bank: expected a key for each row of (N, D); got {rows.shape} and {len(keys)}"
            )
        self.keys = list(keys)
        self._units = _units(rows, "bank")

    def nearest(self, vectors: ArrayLike) -> list[str | int]:
        """The key of the row nearest in angle to each of (M, D) vectors; the first of equals."""
        rows = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
        if rows.shape[1] != self._units.shape[1]:
            raise ValueError(
                f"expected vectors of {self._units.shape[1]} numbers; got {rows.shape}"
            )
        places = np.argmax(_units(rows, "vectors") @ self._units.T, axis=1)
        return [self.keys[place] for place in places.tolist()]


def _units(rows: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    bad = ~np.isfinite(lengths[:, 0]) | (lengths[:, 0] == 0.0)
    if bad.any():
        raise ValueError(
            f"{name}: expected finite vectors that are not zero; row {int(bad.argmax())} is"
        )
    out: NDArray[np.float64] = rows / lengths
    return out
