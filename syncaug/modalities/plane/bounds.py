"""Bounds: annotations that reach beyond their picture, and what the option `outside:` says of them.

Trackers and crowd data give boxes that reach out of the picture, COCO has boxes without a width,
and cuboids projected from a world end in NaN. None of them is a box in the picture; the rule is
the stream's: `error`, `clip` to the picture, or `drop`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = ["TOLERANCE", "beyond", "clipped", "remedy"]

TOLERANCE = 1.0
"""Pixels by which an annotation may stick out of its picture before that is more than rounding."""


def beyond(corners: NDArray[np.float64], size: Size) -> NDArray[np.bool_]:
    """Which of the boxes (N, 4), in pixel centres, reach out by more than the tolerance."""
    limit = np.array(size) - 0.5 + TOLERANCE
    low: NDArray[np.bool_] = np.any(corners[:, :2] < -0.5 - TOLERANCE, axis=1)
    high: NDArray[np.bool_] = np.any(corners[:, 2:] > limit, axis=1)
    return low | high


def clipped(corners: NDArray[np.float64], size: Size) -> NDArray[np.float64]:
    """The parts of boxes (N, 4) that lie in the picture; those outside have no width or height."""
    width, height = size
    limit = np.array([width, height, width, height]) - 0.5
    return np.clip(corners, -0.5, limit)


def remedy(stream: str, what: str) -> str:
    """What to declare for data that hold such rows."""
    return f"Declare outside: clip or outside: drop of {stream!r} if {what}"
