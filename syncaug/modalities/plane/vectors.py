"""Pictures whose pixels hold vectors or distances: what flow, normals and disparity share."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.plane import FieldMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.plane.raster import RasterCarrier

__all__ = ["MeasuredCarrier"]


class MeasuredCarrier(RasterCarrier):
    """Floats of which some may not be known: `unknown` is what stands there."""

    __slots__ = ()
    interpolation: ClassVar[str] = "nearest"
    unknown: ClassVar[float] = math.nan

    def fill(self) -> float:
        return self.unknown

    def levels(self, picture: NDArray[Any]) -> tuple[float, float]:
        return -math.inf, math.inf

    def require_floats(self, picture: NDArray[Any], channels: int, hint: str) -> None:
        """Raise SampleError unless the picture holds floats in so many channels."""
        shape = picture.shape[2:] or (1,)
        if picture.dtype not in (np.float32, np.float64) or shape != (channels,):
            came = self.sample[self.stream.name]
            if not hint and came.ndim == 3 and not self.channels_first:
                if came.shape[0] == channels != came.shape[2]:
                    hint = "Declare layout: chw if channels come first."
            raise self.fail(self.form(), describe(came), hint)

    def field(self, field: FieldMap) -> None:
        """Refuse what no formula tells: how such a warp turns or stretches each pixel's numbers."""
        raise RefusalError(
            self.stream.name,
            f"step {self.step!r} warps the picture without a formula, or repeats it at its border; "
            f"{self.stream.modality} cannot follow",
        )
