"""Masks: HxW or HxWxC class or instance numbers; only ever moved, never mixed."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.channels import Channels
from syncaug.maps.mask import Occlusion
from syncaug.modalities.carrier import Lane, describe
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.plane.raster import RasterCarrier
from syncaug.modalities.plane.raster_flat import flat_mask

__all__ = ["MaskCarrier"]

_NUMBERS = Channels(1, False)
"""One channel, of no colours."""


class MaskCarrier(RasterCarrier):
    """A label picture; nearest neighbour, so that no number appears that was not there."""

    __slots__ = ()
    interpolation: ClassVar[str] = "nearest"

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        return flat_mask(lane.rules)

    def read(self, value: Any) -> NDArray[Any]:
        if type(value) is np.ndarray and value.size:
            kind = value.dtype, value.ndim, value.shape[2:]
            if kind in self.rules.plain:
                self.pending, self.channels_first = None, False
                return value
            mask = super().read(value)
            if not self.channels_first:
                self.rules.plain[kind] = _NUMBERS
            return mask
        return super().read(value)

    def occlude(self, occlusion: Occlusion) -> None:
        """Classes of what is hidden are the fill, unless the step keeps them."""
        if occlusion.covers_masks:
            super().occlude(occlusion)

    def settle(self) -> None:
        pairs = self.rules.sides.pairs
        mirrors = pairs and self.pending is not None and self.pending.mirrors
        super().settle()
        if mirrors:
            before, self.data = self.data, self.data.copy()
            for number, other in pairs.items():
                self.data[before == number] = other

    def form(self) -> str:
        return "a mask of shape HxW, of integers or booleans"

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.dtype.kind not in "iub":
            raise self.fail(
                self.form(),
                describe(picture),
                "Whole numbers are mask.astype(numpy.int32); soft values are modality: heatmap.",
            )
        pairs = self.rules.sides.pairs
        if pairs and picture.dtype.kind in "iu":
            limits = np.iinfo(picture.dtype)
            for number in pairs:
                if not limits.min <= number <= limits.max:
                    raise self.fail(
                        f"a type that holds {number}, which a pair of sides: names",
                        describe(picture),
                    )
        if picture.ndim == 3 and picture.shape[2] != 1:
            raise self.fail(
                self.form(),
                describe(picture),
                "Colours are no class numbers; several masks are a stream of modality: instances.",
            )
