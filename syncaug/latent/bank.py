"""A bank of known vectors: the nearest one stands for what no decoder can give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syncaug.kernels.vectors import vectors_of

__all__ = ["Bank"]

Sample = Mapping[str, Any]


class Bank:
    """Vectors (N, D) with the keys of the samples that they are of.

    `vectors` are one table for all streams, or a table for each by its name. `samples` gives the
    sample of a key: a mapping, or a function; policies whose streams become `nearest` ask it.

    >>> bank = Bank([[1.0, 0.0], [0.0, 1.0]], ["a", "b"])
    >>> bank.nearest([[0.9, 0.3]])
    ['a']
    """

    def __init__(
        self,
        vectors: ArrayLike | Mapping[str, ArrayLike],
        keys: Sequence[str | int],
        samples: Mapping[str | int, Sample] | Callable[[str | int], Sample] | None = None,
    ) -> None:
        """Raises ValueError unless there is a key for each row, and each row has a direction."""
        tables = vectors if isinstance(vectors, Mapping) else {"": vectors}
        self._units = {}
        for name, table in tables.items():
            rows = vectors_of(f"bank {name}".strip(), table, detached=True)
            if rows.ndim != 2 or not len(rows) or len(rows) != len(keys):
                raise ValueError(
                    f"bank: expected a key for each row of (N, D); got {rows.shape} and {len(keys)}"
                )
            self._units[name] = _units(rows, f"bank {name}".strip())
        widths = {units.shape[1] for units in self._units.values()}
        if len(widths) != 1:
            raise ValueError(f"bank: expected vectors of one width; got {sorted(widths)}")
        self.keys = list(keys)
        self.vectors = next(iter(tables.values()))
        self._samples = samples

    @property
    def has_samples(self) -> bool:
        """Whether it gives the samples of its keys."""
        return self._samples is not None

    def sample(self, key: str | int) -> Sample:
        """The sample of a key. Raises LookupError where there is none."""
        if self._samples is None:
            raise LookupError("the bank has no samples: Bank(vectors, keys, samples)")
        return self._samples(key) if callable(self._samples) else self._samples[key]

    def nearest(self, vectors: ArrayLike, name: str = "") -> list[str | int]:
        """The key of the row nearest in angle to each of (M, D) vectors; the first of equals."""
        places = np.argmax(self._cosines(vectors, name), axis=1)
        return [self.keys[place] for place in places.tolist()]

    def nearest_to_all(self, vectors: Mapping[str, ArrayLike]) -> str | int:
        """The key of the sample nearest to one vector (D,) of each stream: greatest mean cosine."""
        total = sum(self._cosines(vector, name)[0] for name, vector in vectors.items())
        return self.keys[int(np.argmax(total))]

    def _cosines(self, vectors: ArrayLike, name: str) -> NDArray[np.float64]:
        units = self._units[name] if name in self._units else next(iter(self._units.values()))
        rows = np.atleast_2d(vectors_of("vectors", vectors, detached=True))
        if rows.ndim != 2 or rows.shape[1] != units.shape[1]:
            raise ValueError(f"expected vectors of {units.shape[1]} numbers; got {rows.shape}")
        out: NDArray[np.float64] = _units(rows, "vectors") @ units.T
        return out


def _units(rows: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    bad = ~np.isfinite(lengths[:, 0]) | (lengths[:, 0] == 0.0)
    if bad.any():
        raise ValueError(
            f"{name}: expected finite vectors that are not zero; row {int(bad.argmax())} is"
        )
    out: NDArray[np.float64] = rows / lengths
    return out
