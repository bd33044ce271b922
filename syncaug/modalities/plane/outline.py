"""An outline: the parts of one thing, each of rings; and what becomes of it under each map."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from syncaug.backends import opencv
from syncaug.kernels import field_outline
from syncaug.kernels.filling import filled
from syncaug.kernels.rings import Line, Ring, Rings, area_of, clipped, extent
from syncaug.kernels.seams import opened, without
from syncaug.kernels.tracing import traced
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.window import Window
from syncaug.modalities.plane.mask_shares import pixels_under, seen_share

__all__ = ["Outline", "Rectangle", "edges_of"]

Rectangle = tuple[float, float, float, float]
_HORIZON = 1e-3
"""The least weight of what a turned camera shows: its horizon has none."""
_ON_EDGE = 1e-9
"""Pixels within which a point that was cut at the picture's edge lies on it."""


def edges_of(window: tuple[int, int, int, int]) -> Rectangle:
    """The edges of a window of whole pixels (left, top, right, bottom), in pixel centres."""
    left, top, right, bottom = window
    return left - 0.5, top - 0.5, right - 0.5, bottom - 0.5


@dataclass(frozen=True, slots=True)
class Outline:
    """A thing's parts in pixel centres; the thing is where one of them is.

    The rings of one part follow the even-odd rule: a ring inside of another is a hole. COCO's flat
    lists are parts of one ring each, which have no holes (`holes` is False).
    """

    parts: tuple[Rings, ...]
    holes: bool

    @property
    def rings(self) -> Rings:
        """The rings of all parts."""
        return tuple(ring for part in self.parts for ring in part)

    @property
    def area(self) -> float:
        """The pixels inside of it; where parts overlap, those of each."""
        return sum(area_of(part) for part in self.parts)

    @property
    def extent(self) -> Rectangle:
        """Left, top, right and bottom of the rectangle around it."""
        return extent(self.rings)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def moved(self, plane: PlaneMap) -> tuple[Outline, float]:
        """The outline under a map, cut at the picture and at all cuts; the share that is left."""
        lines: list[Line] = []
        if not plane.is_affine:
            lines.append((plane.matrix[2] - [0.0, 0.0, _HORIZON]).tolist())
        for window in (*plane.cuts, Window(plane.numbers, plane.size)):
            lines += window.edges.tolist()
        seen = self._each(lambda part: clipped(part, lines))
        share = self._share(seen)
        parts = (tuple(_snapped(plane.points(ring), plane.size) for ring in p) for p in seen.parts)
        return Outline(tuple(parts), self.holes), share

    def warped(self, field: FieldMap) -> tuple[Outline, float]:
        """The outline where a field shows it; where the field tears it, around what is left."""
        if field.tears:
            before = filled(self.parts, field.source).astype(np.uint8)
            seen = self._of(traced(opencv.remap(before, field, "nearest", 0)))
        else:
            seen = self._each(lambda part: field_outline.warped(part, field))
        shown = filled(seen.parts, field.size)
        return seen, seen_share(self.area, shown, pixels_under(field))

    def without(self, rectangles: Iterable[Rectangle]) -> tuple[Outline, float]:
        """What rectangles leave of it, and the share."""
        left = self
        for rectangle in rectangles:
            parts = [(part, without(part, rectangle)) for part in left.parts]
            if any(rings is not part for part, rings in parts):
                left = self._joined(rings for _, rings in parts)
        return left, self._share(left)

    def within(self, rectangle: Rectangle) -> tuple[Outline, float]:
        """The part of it in a rectangle, and the share."""
        x0, y0, x1, y1 = rectangle
        lines = [(1.0, 0.0, -x0), (-1.0, 0.0, x1), (0.0, 1.0, -y0), (0.0, -1.0, y1)]
        seen = self._each(lambda part: clipped(part, lines))
        return seen, self._share(seen)

    def _share(self, left: Outline) -> float:
        """The share of this outline's area that another one has, which lies inside of it."""
        if left is self or not left:
            return 1.0 if left else 0.0
        whole = self.area
        return min(1.0, left.area / whole) if whole > 0.0 else 1.0

    def _each(self, rule: Callable[[Rings], Rings]) -> Outline:
        """Every part as a rule has it."""
        parts = [rule(part) for part in self.parts]
        if all(new is old for new, old in zip(parts, self.parts, strict=True)):
            return self
        return self._joined(parts)

    def _joined(self, parts: Iterable[Rings]) -> Outline:
        """An outline of parts of which some may be nothing, each with holes only where it may."""
        if self.holes:
            return Outline(tuple(part for part in parts if part), True)
        return Outline(tuple((ring,) for part in parts for ring in opened(part)), False)

    def _of(self, rings: Rings) -> Outline:
        return self._joined([rings] if rings else [])


def _snapped(ring: Ring, size: Size) -> Ring:
    """A ring whose points next to the picture's edge lie on it, as what was cut there does."""
    out = ring
    for axis in (0, 1):
        for edge in (-0.5, size[axis] - 0.5):
            near = (np.abs(ring[:, axis] - edge) <= _ON_EDGE) & (ring[:, axis] != edge)
            if near.any():
                out = out.copy()
                out[near, axis] = edge
    return out
