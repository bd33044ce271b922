"""Samples as decoders of sound tracks give them, as float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import load_av

__all__ = ["EXPECTED", "as_float"]

EXPECTED = "a sound track (in MP4, MOV, Matroska, WebM ...)"
_SCALES = {"u1": 128.0, "i2": 32768.0, "i4": 2147483648.0, "f4": 1.0, "f8": 1.0}
"""What 1.0 is in each form in which decoders give samples."""


def as_float(frame: Any) -> NDArray[np.float32]:
    """(C, T) float32 samples in [-1, 1]."""
    channels = frame.layout.nb_channels
    if frame.format.is_planar and channels >= 8:  # PyAV miscounts their planes
        packed = frame.format.packed.name
        resampler = load_av().AudioResampler(packed, frame.layout, frame.sample_rate)
        (frame,) = resampler.resample(frame)
    samples: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, channels).T
    form = samples.dtype.str[1:]
    if form == "u1":
        return (samples.astype(np.float32) - 128.0) / np.float32(128.0)
    if form == "f4":
        return samples.astype(np.float32, copy=False)
    return (samples / _SCALES[form]).astype(np.float32)
