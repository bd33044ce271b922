"""Depth images: HxW float32 metres along the optical axis; 0 or NaN is a hole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.errors import RefusalError
from syncaug.kernels.noise_level import mean_square, noise_power, scale_for
from syncaug.kernels.picture_noise import reached
from syncaug.maps.noise import Noise
from syncaug.maps.numbers import IDENTITY, product
from syncaug.maps.plane import PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.floats import all_finite, surely_within
from syncaug.modalities.plane.raster import RasterCarrier
from syncaug.modalities.units import suspect_depth

__all__ = ["DepthCarrier"]

Numbers = NDArray[np.float64]

_GREATEST = float(np.finfo(np.float32).max)
_NEAREST = 1e-3
"""Metres under which no noise brings a distance."""
_LOST_AT_FULL_SEVERITY = 0.5


class DepthCarrier(RasterCarrier):
    """Metres per pixel: moved by nearest neighbour, growing with the world."""

    __slots__ = ()
    interpolation: ClassVar[str] = "nearest"

    def form(self) -> str:
        return "a depth image of shape HxW, float32 metres"

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.dtype != np.float32 or (picture.ndim == 3 and picture.shape[2] != 1):
            raise self.fail(self.form(), describe(picture), _hint_for(picture))
        if not surely_within(picture, _GREATEST):
            with np.errstate(invalid="ignore"):
                low, high = (
                    float(np.nanmin(picture, initial=0.0)),
                    float(np.nanmax(picture, initial=0.0)),
                )
            if low < 0.0 or math.isinf(high):
                came = f"values from {low:g} to {high:g}"
                raise self.fail(self.form(), came, "A hole is 0 or NaN.")
        suspect_depth(self, picture)

    def plane(self, plane: PlaneMap) -> None:
        if not plane.is_affine and plane.turns:
            # A turning camera multiplies the depth of a pixel by its homogeneous coordinate
            # (third row of K R K^-1), which nearest sampling then carries unchanged. Below 0 lies
            # behind the camera: the warp hides it, unless another turn brings it back.
            before = IDENTITY if self.pending is None else self.pending.numbers
            factor = _weights(product(plane.numbers, before)[6:], self.data.shape)
            if before[6:] != (0.0, 0.0, 1.0):
                weights = _weights(before[6:], self.data.shape)
                factor /= np.where(weights == 0.0, 1.0, weights)
            self.data = self.data * factor.astype(np.float32)
        super().plane(plane)

    def levels(self, picture: NDArray[Any]) -> tuple[float, float]:
        """Metres."""
        return 0.0, math.inf

    def hidden(self) -> float:
        """A hole."""
        return 0.0

    def world(self, world: WorldMap) -> None:
        if world.scale != 1.0:
            with np.errstate(over="ignore"):
                self.data = self.data * np.float32(world.scale)
            if not all_finite(self.data) and np.isinf(self.data).any():
                raise RefusalError(
                    self.stream.name,
                    f"in a world {world.scale:g} times as large float32 cannot hold its distances",
                )

    def noise(self, noise: Noise) -> None:
        """Errors that grow with the square of the distance, at their level; holes stay holes.

        `gaussian` adds them; `quantised` rounds disparities, so that far distances come in coarse
        steps; `holes` loses up to half of the pixels, in blots, by the noise's severity. Quadratic
        growth: Nguyen, Izadi and Lovell, Modeling Kinect Sensor Noise (3DIMPVT 2012); steps of
        disparity: Khoshelham and Elberink, Accuracy and Resolution of Kinect Depth Data (Sensors
        12, 2012).
        """
        self.settle()
        solid = np.isfinite(self.data) & (self.data > 0)
        if noise.snr_db == math.inf or not solid.any():
            return
        if noise.kind == "holes":
            self.data = _with_holes(self.data, solid, noise)
            return
        clean = self.data[solid].astype(np.float64)
        power = noise_power(mean_square(clean), noise.snr_db)
        if noise.kind == "quantised":
            noisy = _quantised(clean, power)
        else:
            field = noise.entropy.philox().standard_normal(self.data.shape, dtype=np.float32)
            noisy = _shaken(clean, field[solid] * clean**2, power)
        self.data = self.data.copy()
        self.data[solid] = noisy
        self.notes.update(reached(clean, self.data[solid], noise))


def _hint_for(picture: NDArray[Any]) -> str:
    """How a depth image of another type becomes metres."""
    if picture.dtype.kind in "iu":
        return "Divide by the units in a metre: depth.astype(numpy.float32) / 1000."
    return "Convert it with .astype(numpy.float32)." if picture.dtype.kind == "f" else ""


def _shaken(clean: Numbers, field: Numbers, power: float) -> Numbers:
    """Distances with a field of errors, none of which reaches the camera."""

    def spoil(scale: float) -> Numbers:
        return np.maximum(clean + scale * field, _NEAREST)

    start = math.sqrt(power / mean_square(field))
    return spoil(scale_for(lambda scale: mean_square(spoil(scale) - clean), power, start))


def _weights(row: Sequence[float], shape: tuple[int, ...]) -> Numbers:
    """The product of a row (3) with each pixel (x, y, 1) of a picture, in its shape."""
    down = row[1] * np.arange(shape[0])[:, None] + row[2]
    return np.asarray((row[0] * np.arange(shape[1]) + down).reshape(shape))


def _quantised(clean: Numbers, power: float) -> Numbers:
    """Distances whose inverses are whole numbers of steps; at least one step is left of each.

    Where only a few steps are left the level is met within about 1 dB.
    """

    def spoil(step: float) -> Numbers:
        return np.asarray(1.0 / (step * np.maximum(np.rint(1.0 / (clean * step)), 1.0)))

    start = math.sqrt(12.0 * power / float(np.mean(clean**4)))
    return spoil(scale_for(lambda step: mean_square(spoil(step) - clean), power, start))


def _with_holes(depth: NDArray[Any], solid: NDArray[np.bool_], noise: Noise) -> NDArray[Any]:
    """The pixels where a smooth field is lowest are lost: blots, as where light came not back."""
    shape = depth.shape[:2]
    field = noise.entropy.philox().standard_normal(shape, dtype=np.float32)
    field = opencv.blurred(field, max(1.0, min(shape) / 60.0)).reshape(depth.shape)
    share = _LOST_AT_FULL_SEVERITY * noise.severity
    lost = solid & (field < np.quantile(field[solid], share))
    hole = np.float32(np.nan if np.isnan(depth).any() else 0.0)
    return np.where(lost, hole, depth)
