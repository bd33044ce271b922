"""What encoders of pictures and sounds are given: values of streams in the forms of models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends.resampling import evenly
from syncaug.latent.protocol import LatentError

__all__ = ["picture_of", "sound_of"]

_COLOURS = 3
_MOST = 4
"""Channels of a picture; of more, the first axis is that of channels."""


def picture_of(value: Any) -> NDArray[np.uint8]:
    """A picture, or the middle frame of a film, as HxWx3 uint8, channels last however it came.

    Raises LatentError for anything else.
    """
    frames = value["frames"] if isinstance(value, Mapping) else value
    if getattr(frames, "ndim", 0) == _COLOURS + 1:
        frames = frames[len(frames) // 2]
    array = np.asarray(frames)
    if array.ndim == _COLOURS - 1:
        array = array[:, :, None]
    if array.ndim != _COLOURS or array.dtype.kind not in "uf":
        raise LatentError(
            f"expected a picture HxWxC of whole numbers or floats in 0..1; got {array.dtype} "
            f"{array.shape}"
        )
    if array.shape[2] > _MOST and array.shape[0] <= _MOST:
        array = np.moveaxis(array, 0, -1)
    if array.shape[2] > _MOST:
        raise LatentError(
            f"expected a picture of up to {_MOST} channels, last or first; got {array.shape}"
        )
    if array.shape[2] < _COLOURS:  # grey, be it with how opaque it is
        array = array[:, :, :1]
        array = np.repeat(array, _COLOURS, axis=2)
    if array.dtype == np.uint8:
        return array[:, :, :_COLOURS]
    top = 1.0 if array.dtype.kind == "f" else float(np.iinfo(array.dtype).max)
    scaled = np.clip(array[:, :, :_COLOURS].astype(np.float64) / top, 0.0, 1.0)
    return np.rint(scaled * 255.0).astype(np.uint8)


def sound_of(value: Any, rate: float, wanted: int) -> NDArray[np.float32]:
    """A sound as one channel at the rate of a model; `rate` is its own where it does not say.

    Raises LatentError where nobody says the rate.
    """
    if isinstance(value, Mapping):
        value, rate = value["array"], float(value["sampling_rate"])
    if not rate:
        raise LatentError("expected a known sample rate of sounds; give sample_rate=")
    sound = np.asarray(value, dtype=np.float32)
    mono = sound.mean(axis=0) if sound.ndim > 1 else sound
    if rate == wanted:
        return mono
    count = max(1, round(len(mono) * wanted / rate))
    step = rate / wanted
    out: NDArray[np.float32] = evenly(mono[None], 0.5 * step - 0.5, step, count)[0]
    return out
