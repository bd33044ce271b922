"""Audio: (T,) or (C, T) floating-point samples in [-1, 1]; stereo follows mirrors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.modalities.carrier import Carrier, all_finite, describe
from syncaug.modalities.hiss import hissing

__all__ = ["AudioCarrier"]

_FORM = "audio of shape (T,) or (C, T), float32 in about [-1, 1]"

_MIRRORED_CHANNELS = {
    1: [0],
    2: [1, 0],
    4: [1, 0, 3, 2],  # front left and right, back left and right
    6: [1, 0, 2, 3, 5, 4],  # 5.1: FL FR FC LFE BL BR
    8: [1, 0, 2, 3, 5, 4, 7, 6],  # 7.1: FL FR FC LFE BL BR SL SR
}
"""For each number of channels in WAV order, the order after a left-right mirror."""


class AudioCarrier(Carrier):
    """Samples and their rate: an array whose rate is declared, or {"array", "sampling_rate"}."""

    __slots__ = ("planes", "rate", "wrapped")

    def read(self, value: Any) -> NDArray[Any]:
        self.planes: list[PlaneMap] = []
        self.wrapped = isinstance(value, Mapping)
        declared = self.stream.options.get("sample_rate", 0)
        if self.wrapped:
            if not {"array", "sampling_rate"} <= set(value):
                raise self.fail('a mapping with "array" and "sampling_rate"', describe(value))
            self.rate = float(value["sampling_rate"])
            if declared and self.rate != declared:
                raise self.fail(f"a sample rate of {declared} Hz, as declared", f"{self.rate:g} Hz")
            value = value["array"]
        else:
            self.rate = float(declared)
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            raise self.fail(_FORM, describe(value), "Divide 16-bit samples by 32768.")
        if value.ndim not in (1, 2) or value.size == 0:
            raise self.fail(_FORM, describe(value))
        if value.ndim == 2 and value.shape[0] > value.shape[1]:
            raise self.fail(_FORM, describe(value), "Channels come first: transpose it.")
        if not all_finite(value):
            raise self.fail("finite samples", "NaN or infinity")
        return value

    @property
    def seconds(self) -> float:
        """The duration; 0 where no sample rate is known."""
        return float(self.data.shape[-1] / self.rate) if self.rate else 0.0

    def plane(self, plane: PlaneMap) -> None:
        self.planes.append(plane)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""

    def settle(self) -> None:
        if not self.planes:
            return
        across = np.eye(2)
        for plane in self.planes:
            across = plane.linear @ across
        self.planes.clear()
        # A left-right mirror, a half turn, or both: what was left is now right.
        if across[0, 0] < 0 and abs(across[0, 0]) > abs(across[0, 1]):
            if self.data.ndim == 2 and len(self.data) > 1:
                order = _MIRRORED_CHANNELS.get(len(self.data))
                if order is None:
                    raise self.fail(
                        "1, 2, 4, 6 or 8 channels where a mirror swaps left and right",
                        f"{len(self.data)}",
                        "Declare spatial: false if its channels have no sides.",
                    )
                self.data = self.data[order]

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db == math.inf:
            return
        self.data = hissing(self.data, noise.kind, noise.snr_db, self.rate, noise.entropy.philox())

    def finish(self) -> dict[str, Any]:
        self.settle()
        if self.wrapped:
            return {self.stream.name: {**self.sample[self.stream.name], "array": self.data}}
        return {self.stream.name: self.data}
