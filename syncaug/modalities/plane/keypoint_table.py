"""What is known of a picture's keypoints, as a frozen table; each change gives a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.kernels.rowwise import chosen
from syncaug.maps.mix import Window
from syncaug.maps.plane import FieldMap, PlaneMap, Size

__all__ = [
    "PointTable",
    "both",
    "fresh",
    "inside",
    "moved",
    "reordered",
    "shifted",
    "unseen",
    "warped",
    "within",
]

Pixels = NDArray[np.float64]
Mask = NDArray[np.bool_]

_NOWHERE = (-1.0, -1.0, 0.0)
"""How some write a point that nobody labelled, beside 0, 0, 0 and NaN."""

_ON_EDGE = 1e-9
"""Pixels beyond the far edges of a picture up to which a point lies on them."""


class PointTable(NamedTuple):
    """All points that came, body by body: their `pixels` (M, 2), x and y, and what is seen of them.

    `visible` (M,) are those in the picture, of which the `hidden` are covered by something. Those
    never `unlabelled` have no place, and stay as they came.
    """

    pixels: Pixels
    visible: Mask
    hidden: Mask
    unlabelled: Mask


def fresh(rows: NDArray[np.float64]) -> PointTable:
    """Points of rows (M, 2|3) of x, y and perhaps COCO's visibility.

    Rows 0, 0, 0 and -1, -1, 0 and those without a place (NaN) and visibility are unlabelled.
    """
    count = len(rows)
    none = np.zeros(count, bool)
    if rows.shape[1] == 2:
        return PointTable(rows, ~none, none, none)
    visible = rows[:, 2] > 0.0
    unlabelled = none
    pixels = rows[:, :2]
    if np.count_nonzero(visible) < count:
        lost = ~visible & ~np.isfinite(pixels).all(axis=1)
        unlabelled = np.all(rows == 0.0, axis=1) | np.all(rows == _NOWHERE, axis=1) | lost
        if lost.any():
            pixels = np.where(lost[:, None], 0.0, pixels)
    return PointTable(pixels, visible, none, unlabelled)


def inside(pixels: Pixels, size: Size, *, closed: bool = False) -> Mask:
    """Which pixels (M, 2) a picture of that size shows; `closed` ones may lie on its far edges."""
    beyond = _ON_EDGE if closed else 0.0
    return chosen(_is_inside, pixels, size[0] - 0.5 + beyond, size[1] - 0.5 + beyond)


def _is_inside(x: Any, y: Any, width: float, height: float) -> Any:
    return (x >= -0.5) & (x < width) & (y >= -0.5) & (y < height)


def moved(table: PointTable, plane: PlaneMap, *, closed: bool = False) -> PointTable:
    """The points under a map; those that leave the picture, or that a cut took, are not visible."""
    pixels, visible = table.pixels, table.visible
    if plane.cuts:
        visible = visible & plane.leaves(pixels)
    if plane.is_affine:
        places = plane.points(pixels)
    else:
        in_front = pixels @ plane.matrix[2, :2] + plane.matrix[2, 2] > 0
        places = plane.points(np.where(in_front[:, None], pixels, 0.0))
        places = np.where(in_front[:, None], places, pixels)
        visible = visible & in_front
    visible = visible & inside(places, plane.size, closed=closed)
    if np.count_nonzero(table.unlabelled):
        places = np.where(table.unlabelled[:, None], pixels, places)
    return PointTable(places, visible, table.hidden, table.unlabelled)


def warped(table: PointTable, field: FieldMap) -> PointTable:
    """The points under a warp; those that it takes nowhere stay, and are not visible."""
    places = follow_field(field, table.pixels)
    found: Mask = np.all(np.isfinite(places), axis=1) & ~table.unlabelled
    visible = table.visible & found & inside(places, field.size)
    return table._replace(pixels=np.where(found[:, None], places, table.pixels), visible=visible)


def shifted(table: PointTable, pixels: float) -> PointTable:
    """The points so many pixels to the right and down, but for those that have no place."""
    places = np.where(table.unlabelled[:, None], table.pixels, table.pixels + pixels)
    return table._replace(pixels=places)


def unseen(table: PointTable, gone: Mask) -> PointTable:
    """The same points, of which some are not visible any more."""
    return table._replace(visible=table.visible & ~gone)


def within(table: PointTable, window: Window) -> Mask:
    """Which points lie in a window of whole pixels."""
    left, top, right, bottom = (edge - 0.5 for edge in window)
    x, y = table.pixels.T
    found: Mask = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    return found


def both(own: PointTable, partner: PointTable) -> PointTable:
    """The points of two tables, the own ones first."""
    pairs = zip(_columns(own), _columns(partner), strict=True)
    return PointTable(*(np.concatenate(pair) for pair in pairs))


def reordered(table: PointTable, order: Sequence[int]) -> PointTable:
    """The points with those of each body in another order."""
    width = len(order)
    places = np.arange(len(table.visible)).reshape(-1, width)[:, list(order)].reshape(-1)
    return PointTable(*(column[places] for column in _columns(table)))


def _columns(table: PointTable) -> tuple[NDArray[Any], ...]:
    return table.pixels, table.visible, table.hidden, table.unlabelled
