"""The noise of sound, white, coloured or like many voices at once, at a measured level."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.fast_length import fast_length
from syncaug.kernels.noise_level import mean_square, noise_power
from syncaug.kernels.normals import standard_normals

__all__ = ["noisy_sound"]

_SLOPES = {"white": 0.0, "pink": 0.5, "brown": 1.0}
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

_KNOTS = 2 * _SYLLABLES[1]
"""How often a second loudness is told: two times for each of the fastest syllables."""

_LEAST = 1e-6
"""The variance of each channel's own noise, by which more channels than voices can be mixed."""

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
        field = _coloured(sound.shape, _SLOPES[kind], generator)
    field *= np.float32(math.sqrt(power / (mean_square(field) or 1.0)))
    field += sound
    return field.astype(sound.dtype, copy=False)


def _coloured(shape: tuple[int, ...], slope: float, generator: np.random.Generator) -> Sound:
    """Noise of amplitude 1/f^slope, without a mean where it has a slope.

    Its spectrum is drawn, and transformed back once (Timmer and Koenig, On generating power law
    noise, Astronomy and Astrophysics 300, 1995), in a length whose transform is fast; the noise is
    the beginning of that.
    """
    length = shape[-1]
    if slope == 0.0:
        return standard_normals(generator, shape)
    whole = fast_length(length)
    bins = whole // 2 + 1
    spectrum = standard_normals(generator, (*shape[:-1], 2 * bins)).view(np.complex64)
    spectrum *= _falling(bins, slope)
    return _cut(np.fft.irfft(spectrum, n=whole, axis=-1), length)


@lru_cache(maxsize=4)
def _falling(bins: int, slope: float) -> NDArray[np.float32]:
    """The amplitude 1/f^slope at each bin of a spectrum, silent at 0; to be read only."""
    frequency = np.arange(bins, dtype=np.float32)
    frequency[0] = np.inf
    frequency **= -slope
    frequency.flags.writeable = False
    return frequency


def _cut(field: NDArray[Any], length: int) -> Sound:
    """The beginning of a field, as float32 (a numpy below 2.0 transforms in float64)."""
    return np.ascontiguousarray(field[..., :length], dtype=np.float32)


def _babble(shape: tuple[int, ...], rate: float, generator: np.random.Generator) -> Sound:
    """Voices that nobody understands: each a noise whose loudness moves as syllables do.

    Their sum has the spectrum of speech. Each voice has its own loudness in each channel, so that
    they stand at different places. Sums of normal numbers are normal: channels of independent noise
    are mixed so that at each moment they have the covariance that all voices have together.
    """
    length, channels = shape[-1], shape[0] if len(shape) == 2 else 1
    whole = fast_length(length)
    knots = np.arange(max(2, math.ceil(whole / rate * _KNOTS) + 2))
    loudness = _syllables(len(knots), generator)
    places = generator.uniform(0.3, 1.0, (channels, _VOICES))
    covariance = np.einsum("cv,dv,vk->kcd", places, places, loudness**2, optimize=True)
    covariance += _LEAST * np.eye(channels)
    mixing = np.linalg.cholesky(covariance)
    moments = np.arange(whole) * (_KNOTS / rate)
    noise = standard_normals(generator, (channels, whole))
    voices = np.zeros((channels, whole), dtype=np.float32)
    for into, source in zip(*np.tril_indices(channels), strict=True):
        share = np.interp(moments, knots, mixing[:, into, source]).astype(np.float32)
        voices[into] += share * noise[source]
    spectrum = np.fft.rfft(voices, axis=-1)
    spectrum *= _speech_gain(whole, rate)
    return _cut(np.fft.irfft(spectrum, n=whole, axis=-1), length).reshape(shape)


def _syllables(count: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """The loudness of each voice at `count` knots: it rises and falls 3 to 8 times a second."""
    spectrum = np.fft.rfft(generator.standard_normal((_VOICES, count)))
    frequency = np.fft.rfftfreq(count, 1.0 / _KNOTS)
    spectrum[:, (frequency < _SYLLABLES[0]) | (frequency > _SYLLABLES[1])] = 0.0
    curves = np.fft.irfft(spectrum, n=count)
    spread = np.sqrt(np.mean(np.square(curves), axis=1, keepdims=True))
    curves /= np.where(spread > 0.0, spread, 1.0)
    return np.asarray(np.exp(curves))  # loudness is heard in ratios


def _speech_gain(length: int, rate: float) -> NDArray[np.float32]:
    """The amplitude of speech at each frequency of a spectrum; silent below 40 Hz."""
    centres, levels = _SPEECH.T
    density = levels - 10.0 * np.log10(centres)  # a third octave is as wide as it is high
    frequency = np.fft.rfftfreq(length, 1.0 / rate)
    octaves = np.log2(np.maximum(frequency, 1.0))
    gain = np.interp(octaves, np.log2(centres), density)
    gain += np.minimum(0.0, octaves - math.log2(centres[0])) * 24.0  # dB an octave
    amplitude = np.where(frequency < 40.0, 0.0, 10.0 ** (gain / 20.0))
    return amplitude.astype(np.float32)
