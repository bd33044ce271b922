"""Two sounds: blended, or a span of one in the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mix import Mix

__all__ = ["mixed_rows", "mixed_sound"]

Sound = NDArray[Any]


def mixed_sound(own: Sound, partner: Sound, rate: float, mix: Mix, offset: float = 0.0) -> Sound:
    """(..., T) samples of one rate after a mix; the own length stays.

    What the partner does not have, because it is shorter, is silence. `offset` is the clock's
    second of the first sample of both.
    """
    if mix.kind == "span":
        return mixed_rows(own.T, partner.T, rate, mix, offset).T
    length = min(own.shape[-1], partner.shape[-1])
    out: Sound = own * own.dtype.type(1.0 - mix.weight)
    out[..., :length] += own.dtype.type(mix.weight) * partner[..., :length]
    return out


def mixed_rows(own: Sound, partner: Sound, rate: float, mix: Mix, offset: float = 0.0) -> Sound:
    """Rows of one rate, (T, ...), with the partner's rows in a span; zeros where it has none."""
    first, last = (_row(moment - offset, rate, len(own)) for moment in mix.span)
    shift = round((mix.begin - mix.span[0]) * rate)
    start, stop = max(first + shift, 0), min(last + shift, len(partner))
    out = own.copy()
    out[first:last] = 0
    if stop > start:
        out[start - shift : stop - shift] = partner[start:stop]
    return out


def _row(moment: float, rate: float, count: int) -> int:
    return int(np.clip(round(moment * rate), 0, count))
