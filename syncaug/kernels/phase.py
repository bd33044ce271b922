"""Phase rotation of sound: every frequency turned by the same angle."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.fast_length import fast_length

__all__ = ["phase_rotated"]


def phase_rotated(sound: NDArray[Any], degrees: float) -> NDArray[Any]:
    """Samples (..., T) with the phase of every frequency advanced by `degrees`.

    x cos a - H(x) sin a, the real part of the analytic signal turned by a (Gabor, Theory of
    Communication, 1946), with the Hilbert transform H taken over the whole length by FFT (Marple,
    Computing the discrete-time analytic signal via FFT, 1999). A constant and the highest frequency
    have no phase: they are scaled by cos a. Turns add up; 180 degrees negate. A length whose FFT is
    slow is followed by as much silence as makes it fast.
    """
    length = sound.shape[-1]
    whole = fast_length(length)
    angle = math.radians(degrees % 360.0)
    cosine, sine = math.cos(angle), math.sin(angle)
    out = np.empty_like(sound)
    flat, into = sound.reshape(-1, length), out.reshape(-1, length)
    precision = np.result_type(sound.dtype, np.float32)
    for row, target in zip(flat, into, strict=True):  # one channel at a time: sound can be long
        spectrum = np.fft.rfft(row.astype(precision, copy=False), whole)
        ends = spectrum[0] * cosine, spectrum[-1] * cosine
        spectrum *= complex(cosine, sine)
        spectrum[0] = ends[0]
        if whole % 2 == 0:
            spectrum[-1] = ends[1]
        target[:] = np.fft.irfft(spectrum, whole)[:length]
    return out
