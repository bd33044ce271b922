"""Masks: what of a plane is covered, what of a clock is blanked, which streams are dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size

__all__ = ["Blank", "Drop", "Occlusion"]


@dataclass(frozen=True, slots=True)
class Blank:
    """Spans of the present clock, in seconds, in which streams show nothing.

    `text` says what becomes of words that are spoken there: `keep` or `blank`.
    """

    spans: tuple[tuple[float, float], ...]
    text: str = "keep"

    def covers(self, seconds: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each moment, whether it is blanked."""
        hidden: NDArray[np.bool_] = np.zeros(np.shape(seconds), dtype=bool)
        for start, stop in self.spans:
            hidden |= (seconds >= start) & (seconds < stop)
        return hidden


@dataclass(frozen=True, slots=True)
class Occlusion:
    """Rectangles of whole pixels (left, top, right, bottom; right and bottom excluded) to cover.

    `covers_masks` says whether class masks show their fill there too.
    """

    rectangles: tuple[tuple[int, int, int, int], ...]
    size: Size
    covers_masks: bool = True

    def covers(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each pixel (N, 2), with centres on integers, whether a rectangle covers it."""
        hidden: NDArray[np.bool_] = np.zeros(len(points), dtype=bool)
        x, y = points.T
        for left, top, right, bottom in self.rectangles:
            across = (x >= left - 0.5) & (x < right - 0.5)
            hidden |= across & (y >= top - 0.5) & (y < bottom - 0.5)
        return hidden

    def shares(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """For boxes (N, 4) of left, top, right, bottom, the share that is covered.

        All edges of the rectangles together cut the plane into cells, each covered or not; a box
        has a length of each column and of each row of them. A share is exactly 0 where nothing is
        covered, 1 where all is, and 0 for a box without an area.
        """
        if not self.rectangles:
            return np.zeros(len(corners))
        edges = np.array(self.rectangles, dtype=np.float64) - 0.5
        columns, across = _cut(edges[:, 0], edges[:, 2])
        rows, down = _cut(edges[:, 1], edges[:, 3])
        hidden = (down.T.astype(np.float32) @ across.astype(np.float32)) > 0.0
        widths = _lengths(corners[:, 0], corners[:, 2], columns)
        heights = _lengths(corners[:, 1], corners[:, 3], rows)
        covered = np.sum(heights @ hidden * widths, axis=1)
        total = covered + np.sum(heights @ ~hidden * widths, axis=1)
        shares = np.zeros(len(corners))
        np.divide(covered, total, out=shares, where=total > 0.0)
        return shares


def _cut(
    first: NDArray[np.float64], last: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """An axis cut at the ends of spans (R,): the bounds of its C cells, and who covers (R, C)."""
    bounds = np.unique(np.concatenate([[-np.inf], first, last, [np.inf]]))
    low, high = bounds[:-1], bounds[1:]
    return bounds, (low >= first[:, None]) & (high <= last[:, None])


def _lengths(
    first: NDArray[np.float64], last: NDArray[np.float64], bounds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For spans (N,), the length that each has of each cell (N, C) between two bounds."""
    low, high = bounds[:-1], bounds[1:]
    return np.clip(last[:, None], low, high) - np.clip(first[:, None], low, high)


@dataclass(frozen=True, slots=True)
class Drop:
    """The stream shows nothing at all: its sensor is out."""
