"""Where a point goes under a field: the field says where pixels come from, so it is searched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import FieldMap

__all__ = ["follow_field"]

_NEAR = 1.5
"""Pixels within which a source pixel counts as found; beyond, the point has left the picture."""


def follow_field(field: FieldMap, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Target pixels (N, 2) that show the source `points` (N, 2); NaN where none does.

    The nearest pixel's source is found by search, and the rest of the way by one Newton step with
    the field's local derivatives.
    """
    out = np.full(points.shape, np.nan)
    source = field.field.astype(np.float64)
    source_x = np.where(field.valid, source[..., 0], np.inf)
    source_y = np.where(field.valid, source[..., 1], np.inf)
    height, width = field.valid.shape
    for index, (x, y) in enumerate(points):
        if not np.isfinite(x + y):
            continue
        distance = (source_x - x) ** 2 + (source_y - y) ** 2
        row, column = np.unravel_index(int(np.argmin(distance)), distance.shape)
        if not distance[row, column] <= _NEAR**2:
            continue
        top, left = min(max(int(row), 1), height - 2), min(max(int(column), 1), width - 2)
        across = (source[top, left + 1] - source[top, left - 1]) / 2
        down = (source[top + 1, left] - source[top - 1, left]) / 2
        jacobian = np.stack([across, down], axis=1)
        rest = np.array([x, y]) - source[row, column]
        known = bool(np.isfinite(jacobian).all())  # beside the edge of what is seen it may not be
        step = (
            np.linalg.solve(jacobian, rest)
            if known and abs(np.linalg.det(jacobian)) > 1e-3
            else np.zeros(2)
        )
        out[index] = np.array([column, row]) + np.clip(step, -1.0, 1.0)
    return out
