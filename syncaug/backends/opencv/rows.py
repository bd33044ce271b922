"""Points through matrices."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["transform_points"]


def transform_points(points: NDArray[Any], matrix: NDArray[np.float64]) -> NDArray[Any]:
    """Points (N, 3), float32 or float64, moved by a 4x4 matrix whose last row is 0 0 0 1."""
    if len(points) == 0:
        return points.copy()
    moved = cv2.transform(np.ascontiguousarray(points)[None], matrix[:3])
    return np.asarray(moved[0])
