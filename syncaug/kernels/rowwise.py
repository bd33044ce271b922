"""One formula on few rows or many: few go through it as floats, many at once as columns.

A small array costs about a microsecond for every operation, a float a fortieth of it. A formula
takes the numbers of a row, and then its constants; it uses operators that numbers and arrays
share, and `least` and `most` where it is given them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["chosen", "every", "measured"]

_FEW = 12
"""Rows up to which floats are faster than columns, between other work."""


def measured(
    formula: Callable[..., tuple[Any, ...]], rows: NDArray[np.float64], *constants: float
) -> NDArray[np.float64]:
    """What a formula (least, most, *row, *constants) gives for rows (N, K): columns (M, N)."""
    if 0 < len(rows) <= _FEW:
        return np.array([formula(min, max, *row, *constants) for row in rows.tolist()]).T
    return np.stack(formula(_least, _most, *rows.T, *constants))


def _least(*columns: Any) -> Any:
    return reduce(np.minimum, columns)


def _most(*columns: Any) -> Any:
    return reduce(np.maximum, columns)


def chosen(
    formula: Callable[..., Any], rows: NDArray[np.float64], *constants: float
) -> NDArray[np.bool_]:
    """For which of the rows (N, K) a formula (*row, *constants) of comparisons holds."""
    if len(rows) <= _FEW:
        return np.array([formula(*row, *constants) for row in rows.tolist()], dtype=bool)
    mask: NDArray[np.bool_] = formula(*rows.T, *constants)
    return mask


def every(formula: Callable[..., Any], rows: NDArray[np.float64], *constants: float) -> bool:
    """Whether a formula (*row, *constants) of comparisons holds for all rows (N, K)."""
    if len(rows) <= _FEW:
        return all(formula(*row, *constants) for row in rows.tolist())
    return bool(np.all(formula(*rows.T, *constants)))
