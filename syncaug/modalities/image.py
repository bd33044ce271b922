"""Images: HxW or HxWxC, uint8 or float32 in [0, 1]; warped, recoloured and made noisy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import Light, ToneMap, light_table
from syncaug.modalities.carrier import describe
from syncaug.modalities.raster import RasterCarrier

__all__ = ["ImageCarrier", "recolour"]


class ImageCarrier(RasterCarrier):
    """A picture; tone maps that follow a warp wait with it, and neighbouring ones act as one."""

    __slots__ = ("pending_tone",)

    def read(self, value: Any) -> NDArray[Any]:
        self.pending_tone: ToneMap | None = None
        return super().read(value)

    def form(self) -> str:
        return "an image of shape HxW or HxWxC, uint8 or float32 in [0, 1]"

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.ndim == 3 and picture.shape[2] > 16:
            raise self.fail(
                self.form(), describe(picture), "Declare layout: chw if channels come first."
            )
        if picture.dtype == np.uint8:
            return
        if picture.dtype != np.float32:
            raise self.fail(self.form(), describe(picture))
        low, high = float(picture.min()), float(picture.max())
        if not (low >= 0.0 and high <= 1.0):
            came = (
                "values that are not finite"
                if math.isnan(low)
                else f"values from {low:g} to {high:g}"
            )
            raise self.fail(self.form(), came, "Divide by 255 where the values are 8-bit levels.")

    def plane(self, plane: PlaneMap) -> None:
        if self.pending_tone is not None:
            self.settle()
        super().plane(plane)

    def field(self, field: FieldMap) -> None:
        self.settle()
        super().field(field)

    def tone(self, tone: ToneMap) -> None:
        self.pending_tone = tone if self.pending_tone is None else self.pending_tone.then(tone)

    def settle(self) -> None:
        super().settle()
        if self.pending_tone is not None:
            tone, self.pending_tone = self.pending_tone, None
            self.data = recolour(self.data, tone)

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db < math.inf:
            self.data = _NOISES[noise.kind](self.data, noise)


def recolour(picture: NDArray[Any], tone: ToneMap) -> NDArray[Any]:
    """Apply the stages in order; runs of light stages become one table on 8-bit pictures."""
    run: list[Light] = []
    for stage in (*tone.stages, None):
        if isinstance(stage, Light):
            run.append(stage)
            continue
        if run:
            picture = _lit(picture, tuple(run))
            run = []
        if stage is not None and picture.ndim == 3 and picture.shape[2] >= 3:
            picture = opencv.shift_hue(
                picture, stage.hue, 1.0 + stage.saturation, 1.0 + stage.value
            )
        elif stage is not None and stage.value:
            picture = _lit(picture, (Light(value=stage.value),))
    return picture


def _lit(picture: NDArray[Any], stages: tuple[Light, ...]) -> NDArray[Any]:
    if picture.dtype == np.uint8:
        return opencv.lookup(picture, light_table(stages))
    lit = picture.astype(np.float64)
    for stage in stages:
        lit = stage.apply(lit)
    return lit.astype(np.float32)


def _noise_scale(levels: NDArray[np.float32], snr_db: float) -> float:
    """The standard deviation that gives the signal-to-noise ratio on mean squares."""
    return float(np.sqrt(np.mean(np.square(levels, dtype=np.float64))) * 10.0 ** (-snr_db / 20.0))


def _levels(picture: NDArray[Any]) -> NDArray[np.float32]:
    if picture.dtype == np.uint8:
        return picture.astype(np.float32) * np.float32(1 / 255)
    return picture  # already float32


def _stored(levels: NDArray[np.float32], like: NDArray[Any]) -> NDArray[Any]:
    np.clip(levels, 0.0, 1.0, out=levels)
    if like.dtype == np.uint8:
        return np.asarray(np.rint(levels * np.float32(255.0)), dtype=np.uint8)
    return levels


def _gaussian(picture: NDArray[Any], noise: Noise) -> NDArray[Any]:
    levels = _levels(picture)
    field = noise.entropy.philox().standard_normal(picture.shape, dtype=np.float32)
    field *= np.float32(_noise_scale(levels, noise.snr_db))
    field += levels
    return _stored(field, picture)


def _speckle(picture: NDArray[Any], noise: Noise) -> NDArray[Any]:
    levels = _levels(picture)
    field = noise.entropy.philox().standard_normal(picture.shape, dtype=np.float32)
    field *= np.float32(
        10.0 ** (-noise.snr_db / 20.0)
    )  # multiplicative: power follows the signal's
    field += 1.0
    field *= levels
    return _stored(field, picture)


def _salt_and_pepper(picture: NDArray[Any], noise: Noise) -> NDArray[Any]:
    levels = _levels(picture)
    # A pixel set to 0 or 1 with equal chance errs by x^2 or (1-x)^2; their mean is the noise power.
    error = float(np.mean(0.5 * (levels**2 + (1.0 - levels) ** 2), dtype=np.float64))
    power = _noise_scale(levels, noise.snr_db) ** 2
    share = min(1.0, power / error)
    chance = noise.entropy.philox().random(picture.shape[:2], dtype=np.float32)
    spoiled = picture.copy()
    spoiled[chance < share / 2] = 0
    spoiled[chance > 1.0 - share / 2] = 255 if picture.dtype == np.uint8 else 1.0
    return spoiled


_NOISES = {"gaussian": _gaussian, "speckle": _speckle, "salt_and_pepper": _salt_and_pepper}
