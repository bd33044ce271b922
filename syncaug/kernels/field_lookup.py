"""Where a point goes under a field: the field says where pixels come from, so it is searched."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.lens_map import LensMap
from syncaug.maps.plane import FieldMap

__all__ = ["follow_field"]

_NEAR = 1.5
"""Pixels within which a source pixel counts as found; beyond, the point has left the picture."""
_CELL = 1.6
"""Pixels of the source along a cell: what is near a point lies in its cell or beside it."""
_CELLS = 4096
"""Cells along a side at most; a larger source has larger cells."""
_AT_ONCE = 8192
"""Points that are compared with the pixels around them together."""

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]


def follow_field(field: FieldMap, points: Numbers) -> Numbers:
    """Target pixels (N, 2) that show the source `points` (N, 2); NaN where none does.

    A warp with a formula, as of a lens, says where they go, be it outside of the target. Of others
    the nearest pixel's source is found by search, and the rest of the way by one Newton step with
    the field's local derivatives.
    """
    if isinstance(field, LensMap):
        return field.points(points)
    out = np.full(points.shape, np.nan)
    known = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not len(known) or not field.valid.any():
        return out
    cells = _Cells(field, points[known])
    for first in range(0, len(known), _AT_ONCE):
        part = known[first : first + _AT_ONCE]
        found, pixels = cells.nearest(points[part])
        out[part[found]] = _refined(field, points[part[found]], pixels)
    return out


class _Cells:
    """Square cells of the source around some points, and the pixels that come from each.

    Cells are numbered row by row. Those at the rim are empty: what lies outside is put there.
    """

    def __init__(self, field: FieldMap, points: Numbers) -> None:
        source, beyond = field.field.reshape(-1, 2), np.array(field.source, dtype=np.float64)
        low = np.maximum(points.min(axis=0), -beyond) - 2 * _NEAR
        high = np.minimum(points.max(axis=0), 2 * beyond) + 2 * _NEAR
        span = max(0.0, float((high - low).max()))
        self._side = max(_CELL, span / _CELLS)
        self._low = low - self._side
        self._last = np.maximum((high - low) // self._side, 0.0) + 2.0
        self._wide = int(self._last[0]) + 1
        inner = np.zeros((int(self._last[1]) + 1, self._wide), dtype=np.bool_)
        inner[1:-1, 1:-1] = True
        near = np.zeros(inner.size, dtype=np.bool_)
        around = self._of(points)
        around = around[inner.ravel()[around]]
        for row in (-self._wide, 0, self._wide):
            for column in (-1, 0, 1):
                near[around + row + column] = True
        near &= inner.ravel()
        cells = self._of(source)
        pixels = np.flatnonzero(near[cells] & field.valid.reshape(-1))
        cells = cells[pixels]
        order = np.argsort(cells, kind="stable")
        self._cells, self._pixels = cells[order], pixels[order]
        self._places = source[self._pixels].astype(np.float64)

    def _of(self, places: NDArray[Any]) -> Indices:
        """The number of the cell of each place (N, 2); NaN is outside."""
        scaled = places - self._low.astype(places.dtype)
        scaled *= places.dtype.type(1.0 / self._side)
        np.fmin(np.fmax(scaled, 0.0, out=scaled), self._last.astype(places.dtype), out=scaled)
        cells = scaled.astype(np.intp)
        return np.asarray(cells[:, 1] * self._wide + cells[:, 0])

    def nearest(self, points: Numbers) -> tuple[Indices, Indices]:
        """Which of the points are near to a pixel's source, and the nearest such pixel of each.

        Of pixels that are equally near it is the first, row by row.
        """
        rows = self._of(points)[:, None] + np.array([-1, 0, 1]) * self._wide
        begin = np.searchsorted(self._cells, rows - 1, side="left")
        count = np.searchsorted(self._cells, rows + 1, side="right") - begin
        asked = np.flatnonzero(count.sum(axis=1))
        begin, count = begin[asked].ravel(), count[asked].ravel()
        if not len(asked):
            return asked, asked
        ends = np.cumsum(count)
        held = np.arange(ends[-1]) + np.repeat(begin - (ends - count), count)
        each = count.reshape(-1, 3).sum(axis=1)
        first = np.cumsum(each) - each
        x, y = (np.repeat(points[asked, axis], each) for axis in (0, 1))
        distance = (self._places[held, 0] - x) ** 2 + (self._places[held, 1] - y) ** 2
        least = np.minimum.reduceat(distance, first)
        nearest = np.where(
            distance == np.repeat(least, each), self._pixels[held], np.iinfo(np.intp).max
        )
        near = least <= _NEAR**2
        return asked[near], np.minimum.reduceat(nearest, first)[near]


def _refined(field: FieldMap, points: Numbers, pixels: Indices) -> Numbers:
    """The places in the target of points, each from the pixel (row by row) that is nearest."""
    height, width = field.valid.shape
    row, column = np.divmod(pixels, width)
    top = np.minimum(np.maximum(row, 1), height - 2)
    left = np.minimum(np.maximum(column, 1), width - 2)
    source = field.field
    across = (_at(source, top, left + 1) - _at(source, top, left - 1)) / 2
    down = (_at(source, top + 1, left) - _at(source, top - 1, left)) / 2
    jacobian = np.stack([across, down], axis=2)
    rest = points - _at(source, row, column)
    # Beside the edge of what is seen the derivatives may not be known.
    known: NDArray[np.bool_] = np.asarray(np.isfinite(jacobian).all(axis=(1, 2)))
    known[known] = np.abs(np.linalg.det(jacobian[known])) > 1e-3
    step = np.zeros(points.shape)
    step[known] = np.linalg.solve(jacobian[known], rest[known][:, :, None])[:, :, 0]
    return np.asarray(np.stack([column, row], axis=1) + np.clip(step, -1.0, 1.0))


def _at(source: NDArray[np.float32], row: Indices, column: Indices) -> Numbers:
    return source[row, column].astype(np.float64)
