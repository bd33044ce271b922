"""Phase rotation of sound: every frequency turned by the same angle."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["phase_rotated"]


def phase_rotated(sound: NDArray[Any], degrees: float) -> NDArray[Any]:
    """Samples (..., T) with the phase of every frequency advanced by `degrees`.

    x cos a - H(x) sin a, the real part of the analytic signal turned by a (Gabor, Theory of
    Communication, 1946), with the Hilbert transform H taken over the whole length by FFT (Marple,
    Computing the discrete-time analytic signal via FFT, 1999). A constant and the highest frequency
    have no phase: they are scaled by cos a. Turns add up; 180 degrees negate.
    """
    length = sound.shape[-1]
    angle = math.radians(degrees % 360.0)
    cosine, sine = math.cos(angle), math.sin(angle)
    out = np.empty_like(sound)
    flat, into = sound.reshape(-1, length), out.reshape(-1, length)
    for row, target in zip(flat, into, strict=True):  # one channel at a time: sound can be long
        spectrum = np.fft.rfft(row.astype(np.float64))
        ends = spectrum[0] * cosine, spectrum[-1] * cosine
        spectrum *= complex(cosine, sine)
        spectrum[0] = ends[0]
        if length % 2 == 0:
            spectrum[-1] = ends[1]
        target[:] = np.fft.irfft(spectrum, length)
    return out
