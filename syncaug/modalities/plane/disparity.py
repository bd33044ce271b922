"""Disparities: HxW, how far aside the other picture of a rectified pair shows each pixel."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.plane.vectors import MeasuredCarrier
from syncaug.modalities.units import suspect_pixels

__all__ = ["DisparityCarrier"]

_STRAIGHT = 1e-9


class DisparityCarrier(MeasuredCarrier):
    """Distances along a row, x of the left picture less x of the right one, in both pictures.

    They grow with the width. A mirror turns their sign; where the pair trades places with it they
    stay above 0, and so they do with `sign: keep`. What is 0, below, or not finite is not known,
    and stays so. What does not keep rows level breaks the pair's rectification, and is refused.
    """

    __slots__ = ("negative",)
    unknown: ClassVar[float] = 0.0

    def read(self, value: Any) -> NDArray[Any]:
        self.negative = False
        """Whether what is known lies below 0 now."""
        return super().read(value)

    def form(self) -> str:
        return "disparities of shape HxW, float32 or float64, above 0 where they are known"

    def validate(self, picture: NDArray[Any]) -> None:
        hint = ""
        if picture.dtype == np.uint16:
            hint = "KITTI's levels become pixels by levels.astype(numpy.float32) / 256."
        elif picture.dtype.kind in "iub":
            hint = "Convert it to pixels: levels.astype(numpy.float32) / LEVELS_IN_A_PIXEL."
        self.require_floats(picture, 1, hint)
        if self.stream.options.get("unit") == "fraction":
            suspect_pixels(self, picture)
        with np.errstate(invalid="ignore"):
            above, below = bool((picture > 0.0).any()), bool((picture < 0.0).any())
        if below and not above:
            self.suspect(
                "sign",
                "all of its numbers are 0 or below, which says that nothing is known; disparities "
                "of both pictures are x of the left one less x of the right one, above 0. Take "
                "their absolute values if they are those of the right picture",
            )

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        a, b, _, d, e, _, g, h, i = plane.numbers
        small = _STRAIGHT * max(abs(a), abs(e))
        if max(abs(b), abs(d), abs(g), abs(h)) > small:
            raise RefusalError(
                self.stream.name,
                f"after step {self.step!r} its rows are not level, and a pair of pictures is no "
                "longer rectified",
            )
        before = self.data
        if self.negative:
            before = np.where(before < 0.0, -before, np.where(before > 0.0, 0.0, before))
        self.data = before
        moved = super().warp(plane)
        with np.errstate(invalid="ignore"):
            known = moved > 0.0
        scale = abs(a / i)
        if self.stream.options.get("unit") == "fraction":
            scale *= plane.source[0] / plane.size[0]
        if a < 0.0 and not self.keeps_sign:
            self.negative = not self.negative
        if self.negative:
            moved = np.where(moved < 0.0, np.float32(0.0), moved).astype(moved.dtype)
            scale = -scale
        moved[known] *= moved.dtype.type(scale)
        return moved

    @property
    def keeps_sign(self) -> bool:
        """Whether what is known stays above 0 in a mirror."""
        options = self.stream.options
        return bool(options.get("swap")) or options.get("sign") == "keep"
