"""Whole numbers: results in an integer dtype that came, or in a wider one where they do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities.carrier import Carrier

__all__ = ["in_whole_numbers"]


def in_whole_numbers(
    numbers: NDArray[np.float64], dtype: np.dtype[Any], carrier: Carrier, what: str = ""
) -> NDArray[Any]:
    """Rounded numbers in `dtype`, or in int64 where one of them lies beyond it.

    The user is warned once for the stream, because results of two dtypes do not stack. `what` names
    a parallel list where it is not the stream itself.
    """
    limits = np.iinfo(dtype)
    if not numbers.size or (numbers.min() >= limits.min and numbers.max() <= limits.max):
        return numbers.astype(dtype)
    beyond = numbers.max() if numbers.max() > limits.max else numbers.min()
    carrier.suspect(
        f"wider {what}".rstrip(),
        f"{what + ' ' if what else ''}came as {dtype}, which cannot hold {beyond:.0f}; int64 goes "
        "out for this sample. Give int32 or float32 if samples are to be stacked.",
    )
    return numbers.astype(np.int64)
