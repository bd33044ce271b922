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
    """Rectangles of whole pixels (left, top, right, bottom; right and bottom excluded) to cover."""

    rectangles: tuple[tuple[int, int, int, int], ...]
    size: Size


@dataclass(frozen=True, slots=True)
class Drop:
    """The stream shows nothing at all: its sensor is out."""
