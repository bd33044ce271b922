"""Whether a robot's rows agree: places to the metre, turns whichever sign their quaternion has."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["robot_errors"]

_TURNS = {32: (3, 19), 26: ()}
"""Width of a row -> where quaternions begin."""


def robot_errors(got: Any, wanted: Any) -> Any:
    """Errors (T, C) as shares of the largest number of each column, and of at least 1."""
    got = got.copy()
    for start in _TURNS[got.shape[1]]:
        at = slice(start, start + 4)
        other = np.sum(got[:, at] * wanted[:, at], axis=1) < 0.0
        got[other, at] *= -1.0
    return (got - wanted) / (1.0 + np.abs(wanted).max(axis=0))
