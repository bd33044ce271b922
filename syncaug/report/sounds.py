"""Sounds: audio as a WAV to play, its outline and its spectrum to look at."""

from __future__ import annotations

import wave
from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from syncaug.report.colours import HEAT, painted
from syncaug.report.figures import Sound
from syncaug.report.pictures import jpeg_uri

__all__ = ["outline_of", "show_sound", "spectrum_levels", "wav_uri"]

_COLUMNS = 300
_WINDOW = 512
_BINS = 128
_RANGE_DB = 70.0
_FAINTEST = 1e-12
_SILENCE_DB = -119.9
"""The level of silence, which is shown as `_FAINTEST`: -120 dB."""


def show_sound(samples: NDArray[np.floating], rate: float, *, peak: float, loudest: float) -> Sound:
    """Audio (T,) or (C, T) at `rate` Hz.

    `peak` is the amplitude that fills the outline's height, `loudest` the level of the spectrum in
    dB that is brightest: one for before and after, so that a level change shows.
    """
    channels = np.atleast_2d(samples).astype(np.float32)
    mono = channels.mean(axis=0)
    seconds = mono.size / rate
    layout = {1: "mono", 2: "stereo"}.get(len(channels), f"{len(channels)} channels")
    root = float(np.sqrt(np.mean(np.square(mono, dtype=np.float64))))
    level = f", {20 * np.log10(root):.1f} dB" if root > 0 else ""
    return Sound(
        uri=wav_uri(channels, rate),
        spectrum=_spectrum_uri(mono, loudest),
        outline=outline_of(mono, peak),
        seconds=seconds,
        about=f"{seconds:.2f} s, {rate / 1000:g} kHz, {layout}{level}",
    )


def spectrum_levels(mono: NDArray[np.floating]) -> NDArray[np.float64]:
    """Levels in dB, (bins, columns), low frequencies first; Hann windows spread over the sound."""
    padded = np.pad(mono.astype(np.float64), (0, max(0, _WINDOW - mono.size)))
    starts = np.linspace(0, padded.size - _WINDOW, _COLUMNS).astype(int)
    frames = padded[starts[:, None] + np.arange(_WINDOW)] * np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(frames, axis=1))[:, : 2 * _BINS] ** 2
    pairs = power.reshape(_COLUMNS, _BINS, 2).mean(axis=2)
    return np.asarray(10 * np.log10(pairs + _FAINTEST).T)


def _spectrum_uri(mono: NDArray[np.floating], loudest: float) -> str:
    levels = spectrum_levels(mono)
    share = (levels - loudest) / _RANGE_DB + 1.0
    if loudest <= _SILENCE_DB:  # nothing is heard anywhere: no level is the loudest
        share = np.zeros_like(levels)
    return jpeg_uri(painted(share[::-1], HEAT), quality=80)


def outline_of(mono: NDArray[np.floating], peak: float, *, share: float = 1.0) -> str:
    """A closed path in a box of 300 x 40: the greatest above, the least below.

    The sound takes the first `share` of the width.
    """
    columns = np.array_split(mono, min(_COLUMNS, mono.size))
    scale = 19.0 / (peak or 1.0)
    top = [20.0 - max(float(part.max()), 0.0) * scale for part in columns]
    low = [20.0 - min(float(part.min()), 0.0) * scale for part in columns]
    step = 300.0 * share / len(columns)
    there = [f"{index * step:g},{max(y, 0.0):.1f}" for index, y in enumerate(top)]
    back = [f"{index * step:g},{min(y, 40.0):.1f}" for index, y in enumerate(low)]
    return "M" + "L".join(there) + "L" + "L".join(reversed(back)) + "Z"


def wav_uri(channels: NDArray[np.float32], rate: float) -> str:
    """A WAV of 16 bits as a data URI."""
    levels = np.clip(np.rint(channels * 32767.0), -32768, 32767).astype("<i2")
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(round(rate))
        file.writeframes(np.ascontiguousarray(levels.T).tobytes())
    return "data:audio/wav;base64," + b64encode(buffer.getvalue()).decode()
