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

__all__ = ["any_channel", "lengths", "resampled", "sources"]

Numbers = NDArray[Any]


def resampled(picture: Numbers, moved: PlaneMap | FieldMap, apart: float) -> Numbers:
    """A picture (H, W, C) of floats through a map; NaN where it shows nothing that is known.

    NaN in the picture is what is not known. Neighbours that differ by more than `apart` in one
    channel belong to different things, and are not interpolated.
    """
    near = _through(picture, moved, "nearest", math.nan)
    if isinstance(moved, PlaneMap) and (moved.is_identity or opencv.only_copies(moved.numbers)):
        return near
    known = np.nan_to_num(picture)
    edges = opencv.edges(known, apart) | any_channel(np.isnan(picture))
    mixed = _through(edges.astype(np.float32), moved, "linear", 1.0) > 0.0
    between = _through(known, moved, "linear", math.nan)
    mixed |= any_channel(~np.isfinite(between))
    return np.where(mixed[..., None], near, between)


def any_channel(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pixels (H, W) have a flag in one of few channels (H, W, C), a tenth of numpy's time."""
    found: NDArray[np.bool_] = flags[..., 0].copy()
    for channel in range(1, flags.shape[-1]):
        found |= flags[..., channel]
    return found


def lengths(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """How long the vectors (H, W, 3) of a picture are (H, W), a fifth of numpy's time."""
    x, y, z = (vectors[..., axis] for axis in range(3))
    size: NDArray[np.float64] = np.sqrt(x * x + y * y + z * z)
    return size


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
