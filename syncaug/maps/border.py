"""Borders of a moved picture that show the picture once more, or its outermost pixels.

The numbers are OpenCV's: 1 replicate (aaa|abc|ccc), 2 reflect (cba|abc|cba), 3 wrap (abc|abc|abc)
and 4 reflect_101 (dcb|abcd|cba).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import FieldMap, PlaneMap, apply_projective

__all__ = ["BORDERS", "with_border"]

Places = NDArray[np.float64]
_INSIDE = 0.5 + 1e-6


def _replicate(places: Places, length: int) -> Places:
    within: Places = np.clip(places, 0, length - 1)
    return within


def _reflect(places: Places, length: int) -> Places:
    within = np.mod(places + 0.5, 2 * length)
    folded: Places = np.minimum(within, 2 * length - within) - 0.5
    return folded


def _wrap(places: Places, length: int) -> Places:
    return np.asarray(np.mod(places + 0.5, length) - 0.5)


def _reflect_101(places: Places, length: int) -> Places:
    if length == 1:
        return np.zeros_like(places)
    within = np.mod(places, 2 * length - 2)
    folded: Places = np.minimum(within, 2 * length - 2 - within)
    return folded


BORDERS: Mapping[int, Callable[[Places, int], Places]] = {
    1: _replicate,
    2: _reflect,
    3: _wrap,
    4: _reflect_101,
}
"""OpenCV's number -> which pixel along an axis of that length a place outside shows."""


def with_border(moved: PlaneMap | FieldMap, mode: int) -> FieldMap | None:
    """For each pixel of the moved picture, the source pixel that it shows with such a border.

    None where no pixel lies beyond the source, or where the border is fill (`mode` 0). A field has
    to tell true places outside too, where it is not `valid`.
    """
    if mode not in BORDERS:
        return None
    width, height = moved.source
    source = _source(moved)
    x, y = source[..., 0], source[..., 1]
    inside = (
        (x > -_INSIDE) & (x < width - 1 + _INSIDE) & (y > -_INSIDE) & (y < height - 1 + _INSIDE)
    )
    if inside.all():
        return None
    fold = BORDERS[mode]
    folded = np.stack([fold(x, width), fold(y, height)], axis=-1)
    folded = np.clip(folded, 0, np.array([width - 1, height - 1]))
    return FieldMap(folded.astype(np.float32), np.ones(folded.shape[:2], np.bool_), moved.source)


def _source(moved: PlaneMap | FieldMap) -> Places:
    if isinstance(moved, FieldMap):
        return moved.field.astype(np.float64)
    columns, rows = np.meshgrid(np.arange(moved.size[0]), np.arange(moved.size[1]))
    pixels = np.stack([columns, rows], axis=-1).astype(np.float64)
    backward: Places = np.linalg.inv(moved.matrix).astype(np.float64)
    return apply_projective(backward, pixels)
