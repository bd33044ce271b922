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
        """For boxes (N, 4) of left, top, right, bottom, the share that is covered."""
        edges = np.array(self.rectangles, dtype=np.float64).reshape(-1, 4) - 0.5
        out = np.zeros(len(corners))
        for index, (left, top, right, bottom) in enumerate(corners.tolist()):
            x = np.unique(np.clip([left, right, *edges[:, 0], *edges[:, 2]], left, right))
            y = np.unique(np.clip([top, bottom, *edges[:, 1], *edges[:, 3]], top, bottom))
            centres = np.stack(np.meshgrid((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2), axis=-1)
            areas = np.outer(np.diff(y), np.diff(x)).ravel()
            total = areas.sum()
            if total > 0.0:
                out[index] = areas[self.covers(centres.reshape(-1, 2))].sum() / total
        return out


@dataclass(frozen=True, slots=True)
class Drop:
    """The stream shows nothing at all: its sensor is out."""
