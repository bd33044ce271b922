"""Pictures of vectors or distances, resampled so that nothing is mixed across an edge.

Where the four pixels around a place agree they are interpolated; at an edge, and beside what is not
known, the nearest one counts. A mean of what two surfaces do is what neither does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.plane import FieldMap, PlaneMap

__all__ = ["resampled", "sources"]

Numbers = NDArray[Any]


def resampled(picture: Numbers, moved: PlaneMap | FieldMap, apart: float) -> Numbers:
    """A picture (H, W, C) of floats through a map; NaN where it shows nothing that is known.

    NaN in the picture is what is not known. Neighbours that differ by more than `apart` in one
    channel belong to different things, and are not interpolated.
    """
    near = _through(picture, moved, "nearest", math.nan)
    if isinstance(moved, PlaneMap) and moved.is_identity:
        return near
    edges = opencv.edges(np.nan_to_num(picture), apart) | np.isnan(picture).any(axis=-1)
    mixed = _through(edges.astype(np.float32), moved, "linear", 1.0) > 0.0
    between = _through(np.nan_to_num(picture), moved, "linear", math.nan)
    mixed |= ~np.isfinite(between).all(axis=-1)
    return np.where(mixed[..., None], near, between)


def _through(picture: Numbers, moved: PlaneMap | FieldMap, how: str, fill: float) -> Numbers:
    if isinstance(moved, FieldMap):
        return opencv.remap(picture, moved, how, fill)
    return opencv.warp_map(picture, moved, how, fill)


def sources(moved: PlaneMap | FieldMap) -> NDArray[np.float64]:
    """The source pixels (H, W, 2), x and y, that each pixel of the target shows."""
    if isinstance(moved, FieldMap):
        return moved.field.astype(np.float64)
    width, height = moved.size
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)[:, None]
    a, b, c, d, e, f, g, h, i = moved.inverse
    weight = g * x + h * y + i
    return np.stack([(a * x + b * y + c) / weight, (d * x + e * y + f) / weight], axis=-1)
