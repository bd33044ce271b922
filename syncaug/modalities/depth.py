"""Depth images: HxW float32 metres along the optical axis; 0 or NaN is a hole."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.noise import Noise
from syncaug.maps.plane import PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.raster import RasterCarrier

__all__ = ["DepthCarrier"]


class DepthCarrier(RasterCarrier):
    """Metres per pixel: moved by nearest neighbour, growing with the world."""

    __slots__ = ()
    interpolation: ClassVar[str] = "nearest"

    def form(self) -> str:
        return "a depth image of shape HxW, float32 metres"

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.dtype != np.float32 or (picture.ndim == 3 and picture.shape[2] != 1):
            raise self.fail(self.form(), describe(picture))
        with np.errstate(invalid="ignore"):
            low, high = (
                float(np.nanmin(picture, initial=0.0)),
                float(np.nanmax(picture, initial=0.0)),
            )
        if low < 0.0 or math.isinf(high):
            raise self.fail(self.form(), f"values from {low:g} to {high:g}", "A hole is 0 or NaN.")

    def plane(self, plane: PlaneMap) -> None:
        if not plane.is_affine and not np.array_equal(plane.turn, np.eye(3)):
            # A turning camera multiplies the depth of a pixel by its homogeneous coordinate
            # (third row of K R K^-1), which nearest sampling then carries unchanged.
            self.settle()
            height, width = self.data.shape[:2]
            across = plane.matrix[2, 0] * np.arange(width)
            down = plane.matrix[2, 1] * np.arange(height)[:, None] + plane.matrix[2, 2]
            factor = np.maximum(across + down, 0.0).astype(np.float32)  # 0 behind the camera
            self.data = self.data * (factor if self.data.ndim == 2 else factor[..., None])
        super().plane(plane)

    def world(self, world: WorldMap) -> None:
        if world.scale != 1.0:
            self.data = self.data * np.float32(world.scale)

    def noise(self, noise: Noise) -> None:
        """Gaussian noise whose deviation grows with the square of the distance; holes stay.

        Quadratic growth: Nguyen, Izadi and Lovell, Modeling Kinect Sensor Noise (3DIMPVT 2012).
        """
        self.settle()
        if noise.snr_db == math.inf:
            return
        depth = self.data
        solid = np.isfinite(depth) & (depth > 0)
        if not solid.any():
            return
        square = np.where(solid, depth, 0.0).astype(np.float64) ** 2
        power = float(square[solid].mean()) * 10.0 ** (-noise.snr_db / 10.0)
        deviation = square * math.sqrt(power / float((square[solid] ** 2).mean()))
        field = noise.entropy.philox().standard_normal(depth.shape, dtype=np.float32)
        noisy = np.maximum(depth + (field * deviation).astype(np.float32), np.float32(1e-3))
        self.data = np.where(solid, noisy, depth)
