"""The noise of sound, white, coloured or like many voices at once, at a measured level."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.noise_level import mean_square, noise_power

__all__ = ["noisy_sound"]

_SPECTRA = {"white": 0.0, "pink": 0.5, "brown": 1.0}
"""Kinds of noise and the exponent by which their amplitude falls with frequency."""

_VOICES = 12
_SYLLABLES = (3.0, 8.0)
"""Hertz between which the loudness of speech moves most: Houtgast and Steeneken (1985), A review of
the MTF concept in room acoustics, J. Acoust. Soc. Am. 77."""

_SPEECH = np.array(
    [
        (63, 38.6), (80, 43.5), (100, 54.4), (125, 57.7), (160, 56.8), (200, 60.2), (250, 60.3),
        (315, 59.0), (400, 62.1), (500, 62.1), (630, 60.5), (800, 56.8), (1000, 53.7),
        (1250, 53.0), (1600, 52.0), (2000, 48.7), (2500, 48.1), (3150, 46.8), (4000, 45.6),
        (5000, 44.5), (6300, 44.3), (8000, 43.7), (10000, 43.4), (12500, 41.3), (16000, 40.7),
    ]
)  # fmt: skip
"""The long-term average spectrum of speech: third octaves in hertz and their levels in dB.

Byrne et al. (1994), An international comparison of long-term average speech spectra, J. Acoust.
Soc. Am. 96, table II, men and women together.
"""

Sound = NDArray[np.float32]


def noisy_sound(
    sound: NDArray[Any], kind: str, snr_db: float, rate: float, generator: np.random.Generator
) -> NDArray[Any]:
    """A new sound (T,) or (C, T) with noise of `kind`: `white`, `pink`, `brown` or `babble`.

    The signal-to-noise ratio over all channels is `snr_db`; sound is not clipped, so it is exact.
    `rate` is in samples a second, and only babble asks for it.
    """
    power = noise_power(mean_square(sound), snr_db)
    if snr_db == math.inf or power == 0.0:
        return sound.copy()
    if kind == "babble":
        field = _babble(sound.shape, rate, generator)
    else:
        field = generator.standard_normal(sound.shape, dtype=np.float32)
        if _SPECTRA[kind]:
            field = _coloured(field, _SPECTRA[kind])
    field *= np.float32(math.sqrt(power / (mean_square(field) or 1.0)))
    field += sound
    return field.astype(sound.dtype, copy=False)


def _coloured(field: Sound, slope: float) -> Sound:
    """White noise filtered to amplitude 1/f^slope, without a mean."""
    spectrum = np.fft.rfft(field, axis=-1)
    frequency = np.arange(spectrum.shape[-1], dtype=np.float64)
    frequency[0] = np.inf
    coloured = np.fft.irfft(spectrum * frequency**-slope, n=field.shape[-1], axis=-1)
    return coloured.astype(np.float32)


def _babble(shape: tuple[int, ...], rate: float, generator: np.random.Generator) -> Sound:
    """Voices that nobody understands: each a noise whose loudness moves as syllables do.

    Their sum has the spectrum of speech. Each voice has its own loudness in each channel, so that
    they stand at different places.
    """
    length, channels = shape[-1], shape[0] if len(shape) == 2 else 1
    total = np.zeros((channels, length), dtype=np.float32)
    for _ in range(_VOICES):
        voice = generator.standard_normal(length, dtype=np.float32)
        voice *= _syllables(length, rate, generator)
        places = generator.uniform(0.3, 1.0, channels).astype(np.float32)
        for channel, place in enumerate(places):
            total[channel] += place * voice
    spectrum = np.fft.rfft(total, axis=-1) * _speech_gain(length, rate)
    return np.fft.irfft(spectrum, n=length, axis=-1).astype(np.float32).reshape(shape)


def _syllables(length: int, rate: float, generator: np.random.Generator) -> Sound:
    """A loudness that rises and falls 3 to 8 times a second, at moments of its own."""
    count = max(2, math.ceil(length / rate * 2 * _SYLLABLES[1]) + 2)
    spectrum = np.fft.rfft(generator.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1.0 / (2 * _SYLLABLES[1]))
    spectrum[(frequency < _SYLLABLES[0]) | (frequency > _SYLLABLES[1])] = 0.0
    curve = np.fft.irfft(spectrum, n=count)
    curve /= np.sqrt(np.mean(np.square(curve))) or 1.0
    knots = np.arange(count) * (rate / (2 * _SYLLABLES[1]))
    moved = np.interp(np.arange(length), knots, curve)
    return np.exp(moved).astype(np.float32)  # loudness is heard in ratios


def _speech_gain(length: int, rate: float) -> NDArray[np.float64]:
    """The amplitude of speech at each frequency of a spectrum; silent below 40 Hz."""
    centres, levels = _SPEECH.T
    density = levels - 10.0 * np.log10(centres)  # a third octave is as wide as it is high
    frequency = np.fft.rfftfreq(length, 1.0 / rate)
    octaves = np.log2(np.maximum(frequency, 1.0))
    gain = np.interp(octaves, np.log2(centres), density)
    low = np.minimum(0.0, octaves - math.log2(centres[0])) * 24.0  # dB an octave
    return np.asarray(np.where(frequency < 40.0, 0.0, 10.0 ** ((gain + low) / 20.0)))
