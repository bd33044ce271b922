"""Points through matrices."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["transform_points"]


def transform_points(points: NDArray[Any], matrix: NDArray[np.float64]) -> NDArray[Any]:
    """Points (N, C), float32 or float64, through the first C rows of a matrix of C + 1 columns.

    Its last column is the shift. Three and four coordinates are the fast ones.
    """
    if len(points) == 0:
        return points.copy()
    width = points.shape[1]
    rows = matrix if len(matrix) == width else matrix[:width]
    moved: NDArray[Any] = cv2.transform(np.ascontiguousarray(points)[None], rows)[0]
    return moved
