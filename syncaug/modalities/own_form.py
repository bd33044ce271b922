"""Numbers in the form in which they came: their dtype, or lists and tuples, with None or NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_dtype", "listed", "without_nan"]


def in_dtype(numbers: NDArray[np.float64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Results in the dtype that came; integers cannot hold what maps make, and give float64."""
    return numbers.astype(dtype) if dtype.kind == "f" else numbers


def listed(rows: NDArray[np.float64], like: Any) -> Any:
    """Rows of numbers as a list or a tuple of lists or tuples, as those that came are."""
    return _nested(rows.tolist(), like)


def _nested(numbers: Any, like: Any) -> Any:
    """Lists of numbers as lists and tuples; the rows in them are tuples where all that came are."""
    if not isinstance(like, list | tuple):
        return numbers
    rows = [row for row in like if isinstance(row, list | tuple)]
    first = rows[0] if rows else []
    deep = type(first) is tuple or (first and isinstance(first[0], list | tuple))
    if deep and all(type(row) is type(first) for row in rows):
        numbers = [_nested(each, first) for each in numbers]
    return tuple(numbers) if type(like) is tuple else numbers


def without_nan(rows: Any) -> Any:
    """Nested lists with None for NaN, as JSON has it."""
    if isinstance(rows, list | tuple):
        return type(rows)(map(without_nan, rows))
    return None if isinstance(rows, float) and rows != rows else rows
