"""Embeddings: a latent vector, or one for each moment; their own space is all that moves them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.noise_level import mean_square, noise_power
from syncaug.kernels.row_time import Reading, linear, read_cells
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.timed_rows import TimedRowsCarrier
from syncaug.modalities.pairs import require_equal

__all__ = ["EmbeddingCarrier"]


class EmbeddingCarrier(TimedRowsCarrier):
    """Floats (D,) or (T, D), as an array or as lists; with a `rate`, T vectors live on a clock."""

    __slots__ = ("listed", "vector")

    def read(self, value: Any) -> Any:
        self.pending = None
        self.rate = float(self.stream.options.get("rate", 0.0))
        self.stamps = np.zeros(0)
        self.listed = isinstance(value, list | tuple)
        array = value
        if self.listed:
            try:
                array = np.array(value, dtype=np.float64)
            except (TypeError, ValueError):
                raise self.fail(self.form(), describe(value)) from None
        self.vector = isinstance(array, np.ndarray) and array.ndim == 1
        if self.vector and self.rate:
            hint = "One vector for all of the time has no rate."
            raise self.fail(self.form(), describe(value), hint)
        self.total = self.rows(array[None] if self.vector and array.size else array)
        return value

    def form(self) -> str:
        return "an embedding of shape TxD" if self.rate else "an embedding of shape D or TxD"

    def read_at(self, values: NDArray[np.float64], time: TimeMap) -> Reading:
        return read_cells(values, self.rate, time, between=linear)

    def settle(self) -> None:
        self.retime()

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """As rows; one vector mixes with one vector only."""
        assert isinstance(partner, EmbeddingCarrier)
        shapes = ("rows of vectors", "one vector")
        require_equal(self.stream.name, "for it", shapes[self.vector], shapes[partner.vector])
        super().mix(mix, partner)

    def noise(self, noise: Noise) -> None:
        """Gaussian noise in the latent space, exactly at its level."""
        self.settle()
        power = noise_power(mean_square(self.total), noise.snr_db)
        if noise.snr_db < math.inf and power > 0.0:
            field = noise.entropy.philox().standard_normal(self.total.shape)
            self.total = self.total + field * math.sqrt(power / mean_square(field))

    def finish(self) -> dict[str, Any]:
        self.settle()
        array = (self.total[0] if self.vector else self.total).astype(self.dtype)
        if not self.listed:
            return {self.stream.name: array}
        rows = array.tolist()
        return {self.stream.name: type(self.data)(rows)}
