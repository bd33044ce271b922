"""Images: HxW or HxWxC, uint8, uint16 or float32 in [0, 1]; warped, recoloured, made noisy."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.channels import (
    CHANNELS,
    Channels,
    channels_of,
    fill_in_order,
    on_levels,
    reordered,
)
from syncaug.kernels.picture_noise import noisy_picture, reached
from syncaug.kernels.recolour import recolour
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.modalities.carrier import Lane, describe
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.floats import surely_within
from syncaug.modalities.plane.hues import refuse_hue
from syncaug.modalities.plane.raster import RasterCarrier
from syncaug.modalities.plane.raster_flat import flat_image

__all__ = ["ImageCarrier"]


_UNKNOWN = Channels(1, False)
_LEVELS = frozenset(map(np.dtype, (np.uint8, np.uint16)))
"""Dtypes of which every number is a level."""
_LOOKED_AT = (0.5, 0.25, 0.75)
"""Shares of height and width at which a picture is asked first whether it has colours."""


class ImageCarrier(RasterCarrier):
    """A picture; tone maps that follow a warp wait with it, and neighbouring ones act as one."""

    __slots__ = ("channels", "pending_tone")
    blends: ClassVar[bool] = True

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        return flat_image(lane.rules)

    def read(self, value: Any) -> NDArray[Any]:
        self.pending_tone: ToneMap | None = None
        picture = value
        if type(value) is np.ndarray and value.size:
            known = self.rules.plain.get((value.dtype, value.ndim, value.shape[2:]))
        else:
            known = None
        if known is None:
            self.channels = _UNKNOWN
            picture = super().read(value)
            known = self._channels_of(picture)
            if not self.channels_first and picture.dtype in _LEVELS:
                self.rules.plain[picture.dtype, picture.ndim, picture.shape[2:]] = known
        else:
            self.pending, self.channels_first = None, False
        self.channels = known
        return reordered(picture, known) if known.backward else picture

    def _channels_of(self, picture: NDArray[Any]) -> Channels:
        """What the channels of an admitted picture are. Raises SampleError."""
        declared = self.rules.channels
        count = picture.shape[2] if picture.ndim == 3 else 1
        channels = channels_of(declared, count)
        if channels is None:
            raise self.fail(f"the {CHANNELS[declared]} channels of {declared}", f"{count}")
        return channels

    def form(self) -> str:
        return "an image of shape HxW or HxWxC, uint8, uint16 or float32 in [0, 1]"

    def fill(self) -> Any:
        fill = self.rules.fill
        return fill_in_order(fill, self.channels) if self.channels.backward else fill

    def handed_out(self) -> NDArray[Any]:
        channels = self.channels
        return reordered(self.data, channels) if channels.backward else self.data

    def validate(self, picture: NDArray[Any]) -> None:
        if picture.ndim == 3 and picture.shape[2] > 16:
            raise self.fail(
                self.form(), describe(picture), "Declare layout: chw if channels come first."
            )
        if picture.dtype in _LEVELS:
            return
        if picture.dtype != np.float32:
            raise self.fail(self.form(), describe(picture))
        if surely_within(picture, 1.0):
            return
        low, high = float(picture.min()), float(picture.max())
        if not (low >= 0.0 and high <= 1.0):
            came = (
                "values that are not finite"
                if math.isnan(low)
                else f"values from {low:g} to {high:g}"
            )
            hint = "Divide by 255 where the values are 8-bit levels."
            if low < 0.0:
                hint = "Augment before pictures are normalised by mean and deviation."
            raise self.fail(self.form(), came, hint)

    def plane(self, plane: PlaneMap) -> None:
        if self.pending_tone is not None:
            self.settle()
        RasterCarrier.plane(self, plane)

    def is_grey(self) -> bool:
        """Whether the picture has no colour at all, so that a turn of the wheel changes nothing."""
        if not self.channels.hued:
            return True
        data = self.data
        height, width = data.shape[:2]
        for share in _LOOKED_AT:  # nearly every picture has a colour among a few pixels
            red, green, blue = data[int(height * share), int(width * share), :3].tolist()
            if not red == green == blue:
                return False
        few = data[:: height // 16 + 1, :: width // 16 + 1, :3]
        return all(bool((pixels == pixels[..., :1]).all()) for pixels in (few, data[..., :3]))

    def field(self, field: FieldMap) -> None:
        self.settle()
        super().field(field)

    def tone(self, tone: ToneMap) -> None:
        if not self.channels.hued:
            refuse_hue(self, self.channels, self.data.shape[-1], tone)
        self.pending_tone = tone if self.pending_tone is None else self.pending_tone.then(tone)

    def settle(self) -> None:
        moved = self.pending is not None
        if moved:
            RasterCarrier.settle(self)
        if self.pending_tone is not None:
            tone, self.pending_tone = self.pending_tone, None
            # What a warp has made is nobody else's.
            self.data = recolour(self.data, tone, self.channels, own=moved)

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db < math.inf:
            self.data = on_levels(self.data, self.channels.colours, partial(self._noisy, noise))

    def _noisy(self, noise: Noise, clean: NDArray[Any]) -> NDArray[Any]:
        noisy = noisy_picture(clean, noise.kind, noise.snr_db, noise.entropy.philox())
        self.notes.update(reached(clean, noisy, noise))
        return noisy
