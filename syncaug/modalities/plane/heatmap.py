"""Heat maps: HxW or HxWxC soft values, of joints, classes or attention; they are no colours."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.body_sides import swapped_order
from syncaug.maps.mask import Occlusion
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import describe
from syncaug.modalities.floats import surely_within
from syncaug.modalities.plane.raster import RasterCarrier, RasterRules
from syncaug.plan.plan import Stream

__all__ = ["HeatmapCarrier"]


class HeatmapCarrier(RasterCarrier):
    """Values between which pixels may be interpolated; a mirror trades channels of two sides.

    NaN is a value that is not known, and stays so.
    """

    __slots__ = ()
    blends: ClassVar[bool] = True

    @classmethod
    def rules_of(cls, stream: Stream) -> RasterRules:
        return replace(super().rules_of(stream), sides=Sides.of(stream.options, default="swap"))

    def form(self) -> str:
        return "a heat map of shape HxW or HxWxC, float32 or float64"

    def levels(self, picture: NDArray[Any]) -> tuple[float, float]:
        """Those that are declared, else all."""
        bounds = self.stream.options.get("range") or (-math.inf, math.inf)
        return float(bounds[0]), float(bounds[1])

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.dtype not in (np.float32, np.float64):
            hint = "Levels of 8 bits are heat.astype(numpy.float32) / 255."
            hint = hint if picture.dtype.kind in "iub" else "Convert it: .astype(numpy.float32)."
            raise self.fail(self.form(), describe(picture), hint)
        names = self.stream.options.get("names") or ()
        channels = picture.shape[2] if picture.ndim == 3 else 1
        if names and len(names) != channels:
            first = self.sample[self.stream.name].shape[0] == len(names)
            hint = "Declare layout: chw if channels come first." if first else ""
            raise self.fail(f"{len(names)} channels, one for each name", f"{channels}", hint)
        low, high = self.levels(picture)
        if low <= 0.0 and high >= 1.0 and surely_within(picture, 1.0):  # as most are
            return
        with np.errstate(invalid="ignore"):
            least = float(np.fmin.reduce(picture, axis=None))
            most = float(np.fmax.reduce(picture, axis=None))
        if math.isinf(least) or math.isinf(most):
            raise self.fail("finite values, or NaN for what is not known", "an infinite one")
        if least < low or most > high:
            raise self.fail(
                f"values within its range: [{low:g}, {high:g}]",
                f"values from {least:g} to {most:g}",
                "Declare the range that its values have, or leave range: out.",
            )

    def occlude(self, occlusion: Occlusion) -> None:
        """What is hidden shows the fill, unless the step keeps what masks say of it."""
        if occlusion.covers_masks:
            super().occlude(occlusion)

    def settle(self) -> None:
        mirrors = self.pending is not None and self.pending.mirrors
        super().settle()
        if mirrors:
            self.data = self.traded(self.data)

    def traded(self, heat: NDArray[Any]) -> NDArray[Any]:
        """Heat whose channels of the two sides have traded places."""
        names = self.stream.options.get("names") or ()
        order = swapped_order(tuple(names)) if names and self.rules.sides.swaps else []
        moved = heat.ndim == 3 and order != list(range(len(order)))
        return np.ascontiguousarray(heat[..., order]) if moved else heat
