"""A stencil: the mask of one thing, in whole pixels; and what becomes of it under each map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.kernels.rings import Rings
from syncaug.kernels.tracing import traced
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.plane.mask_shares import pixels_under, seen_share
from syncaug.modalities.plane.outline import Rectangle

__all__ = ["Stencil", "extents_of"]


@dataclass(frozen=True, slots=True)
class Stencil:
    """A mask (H, W), uint8, whose pixels are not 0 where the thing is. It is never written to."""

    mask: NDArray[np.uint8]

    @property
    def area(self) -> float:
        """How many pixels it has."""
        return float(np.count_nonzero(self.mask))

    @property
    def extent(self) -> Rectangle:
        """Left, top, right and bottom of the rectangle around its pixels, in pixel centres."""
        left, top, right, bottom = extents_of(self.mask[:, :, None])[0].tolist()
        return left, top, right, bottom

    @property
    def rings(self) -> Rings:
        """The outlines along the edges of its pixels."""
        return traced(self.mask)

    def __bool__(self) -> bool:
        return bool(self.mask.any())

    def moved(self, plane: PlaneMap) -> tuple[Stencil, float]:
        """The mask under a map, by nearest neighbour; the share that is left."""
        seen = opencv.warp_map(self.mask, plane, "nearest", 0)
        return Stencil(seen), seen_share(self.area, seen, pixels_under(plane))

    def warped(self, field: FieldMap) -> tuple[Stencil, float]:
        """The mask under a field, by nearest neighbour; the share that is left."""
        seen = opencv.remap(self.mask, field, "nearest", 0)
        return Stencil(seen), seen_share(self.area, seen, pixels_under(field))

    def without(self, rectangles: Iterable[Rectangle]) -> tuple[Stencil, float]:
        """What rectangles of whole pixels leave of it, and the share."""
        left = self.mask.copy()
        for rectangle in rectangles:
            left[_pixels(rectangle)] = 0
        return Stencil(left), seen_share(self.area, left, 1.0)

    def within(self, rectangle: Rectangle) -> tuple[Stencil, float]:
        """The part of it in a rectangle of whole pixels, and the share."""
        left = np.zeros_like(self.mask)
        place = _pixels(rectangle)
        left[place] = self.mask[place]
        return Stencil(left), seen_share(self.area, left, 1.0)

    @staticmethod
    def nothing(size: Size) -> Stencil:
        """A mask without the thing."""
        return Stencil(np.zeros((size[1], size[0]), np.uint8))


def _pixels(rectangle: Rectangle) -> Any:
    left, top, right, bottom = (round(edge + 0.5) for edge in rectangle)
    return slice(top, bottom), slice(left, right)


def extents_of(masks: NDArray[Any]) -> NDArray[np.float64]:
    """The rectangles (N, 4) around the pixels of masks (H, W, N); NaN of those without any."""
    out = np.full((masks.shape[2], 4), np.nan)
    held = masks != 0
    for first, axis in ((0, 0), (1, 1)):
        lines = held.any(axis=axis)  # (W, N), (H, N)
        some = lines.any(axis=0)
        last = len(lines) - 1 - np.argmax(lines[::-1], axis=0)
        out[some, first] = np.argmax(lines, axis=0)[some] - 0.5
        out[some, first + 2] = last[some] + 0.5
    return out
