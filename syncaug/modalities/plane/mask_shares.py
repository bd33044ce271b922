"""Shares of masks: how much of what a mask marked is still seen after it was moved."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.numbers import determinant
from syncaug.maps.plane import FieldMap, PlaneMap

__all__ = ["pixels_under", "seen_share"]


def seen_share(before: float, moved: NDArray[Any], under: NDArray[np.float64] | float) -> float:
    """The share of `before` pixels that a moved mask (H, W) still shows.

    `under` says how many pixels of the source each of its own stands for.
    """
    if not before:
        return 0.0
    marked = moved != 0
    if isinstance(under, float):
        seen = under * float(np.count_nonzero(marked))
    else:
        seen = float(under[marked].sum())
    return min(1.0, seen / before)


def pixels_under(map_: PlaneMap | FieldMap) -> NDArray[np.float64] | float:
    """How many pixels of the source each pixel of the target stands for: one number, or (H, W)."""
    if isinstance(map_, FieldMap):
        return _under_field(map_)
    return _under_plane(map_)


def _under_plane(plane: PlaneMap) -> NDArray[np.float64] | float:
    """The determinant of the inverse's derivative; its matrix is `inverse` up to a factor."""
    numbers = plane.inverse
    size = abs(determinant(numbers))
    if plane.is_affine:
        return size / abs(numbers[8]) ** 3
    g, h, i = numbers[6:]
    width, height = plane.size
    weights = np.abs(g * np.arange(width) + h * np.arange(height)[:, None] + i)
    return np.asarray(size / np.maximum(weights, 1e-9) ** 3)


def _under_field(field: FieldMap) -> NDArray[np.float64]:
    places = field.field.astype(np.float64)
    down, across = (np.gradient(places, axis=axis) for axis in (0, 1))
    size = np.abs(across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0])
    return np.where(field.valid & np.isfinite(size), size, 0.0)
