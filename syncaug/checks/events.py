"""Events in sound and in video: when something happens, on the seconds of a clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities.audio import AudioCarrier
from syncaug.modalities.video import VideoCarrier

__all__ = ["STEP", "Curve", "common", "curve_of", "lag_of", "peak_near"]

STEP = 0.005
"""Seconds from one value of a curve to the next."""
_SECONDS = 60.0
"""How much of a stream is looked at, around its middle: a long video is not decoded for a check."""
_THUMBNAIL = 64
_FLOOR = 1e-7
_STANDS_OUT = 6.0
"""How many times the median of a curve a peak must be."""
_BESIDE = 0.1
"""Seconds around a peak that belong to it."""

Numbers = NDArray[np.float64]
Curve = tuple[float, Numbers]
"""The clock's second of the first value, and how much changes around each value's second."""


def curve_of(carrier: AudioCarrier | VideoCarrier, value: Any) -> Curve | None:
    """How much a stream, as a sample holds it, changes from one moment to the next."""
    again = type(carrier)(carrier.stream, {carrier.stream.name: value})
    offset = float(carrier.stream.options.get("offset", 0.0))
    curve = _sound(again) if isinstance(again, AudioCarrier) else _frames(again)
    return None if curve is None else (curve[0] + offset, curve[1])


def _sound(audio: AudioCarrier) -> Curve | None:
    """The absolute change of the level of sound; the same forwards and backwards."""
    if not audio.rate:
        return None
    mono = audio.data if audio.data.ndim == 1 else audio.data.mean(axis=0)
    first, last = _middle(len(mono) / audio.rate)
    edges = np.rint(np.arange(first, last, STEP) * audio.rate).astype(int)
    edges = edges[edges < len(mono)]
    if len(edges) < 3:
        return None
    power = np.add.reduceat(mono.astype(np.float64) ** 2, edges)[:-1] / np.diff(edges)
    level = np.log(power + max(_FLOOR, 1e-3 * float(power.max())))
    return first + STEP, np.abs(np.diff(level))


def _frames(video: VideoCarrier) -> Curve | None:
    """The mean absolute change of pixels when a frame gives way to the next.

    Spread over a frame's length, so that a flash of one frame is one event, at its middle.
    """
    clip = video.data
    first, last = _middle(clip.duration)
    index = np.flatnonzero((clip.times >= first) & (clip.times < last))
    if len(index) < 3:
        return None
    rows, columns = (max(1, extent // _THUMBNAIL) for extent in clip.shape[1:3])
    changes: list[float] = []
    before: Numbers | None = None
    for frame in index.tolist():
        now = clip.read([frame])[0][::rows, ::columns].astype(np.float64)
        changes.append(0.0 if before is None else float(np.abs(now - before).mean()))
        before = now
    curve = np.zeros(int((last - first) / STEP) + 1)
    at = np.minimum(np.rint((clip.times[index] - first) / STEP).astype(int), len(curve) - 1)
    np.add.at(curve, at, changes)
    width = 0.6 * float(np.median(np.diff(clip.times[index]))) / STEP
    reach = int(4 * width) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    return first, np.convolve(curve, kernel, mode="full")[reach : reach + len(curve)]


def _middle(duration: float) -> tuple[float, float]:
    first = max(0.0, (duration - _SECONDS) / 2)
    return first, min(duration, first + _SECONDS)


def common(one: Curve, other: Curve) -> tuple[Numbers, Numbers]:
    """Both curves over the seconds that they share, without their means."""
    start = max(one[0], other[0])
    stop = min(curve[0] + len(curve[1]) * STEP for curve in (one, other))
    parts = []
    for begin, values in (one, other):
        skip = round((start - begin) / STEP)
        part = values[skip : skip + max(0, round((stop - start) / STEP))]
        parts.append(part - part.mean() if len(part) else part)
    length = min(map(len, parts))
    return parts[0][:length], parts[1][:length]


def lag_of(sound: Curve, video: Curve, most: float, significance: float) -> float | None:
    """By how many seconds sound comes after video, from the peak of their cross-correlation.

    None where no peak within `most` seconds stands out by `significance` standard deviations from
    the correlations at all lags around, and clearly above any other peak.
    """
    one, other = common(sound, video)
    reach = round(most / STEP)
    if len(one) < 8 * reach or not (one.any() and other.any()):
        return None
    size = 1 << (2 * len(one) - 1).bit_length()
    spectrum = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    correlation = np.roll(np.fft.irfft(spectrum, size), 4 * reach)[: 8 * reach + 1]
    near = correlation[3 * reach : 5 * reach + 1]
    best = int(np.argmax(near))
    lags = np.arange(len(near))
    aside = near[np.abs(lags - best) > _BESIDE / STEP]
    away = np.delete(correlation, slice(3 * reach, 5 * reach + 1))
    spread = float(away.std())
    if spread == 0.0 or float(near[best] - away.mean()) < significance * spread:
        return None
    if aside.size and float(aside.max()) > 0.7 * float(near[best]):
        return None
    return (best - reach + _between(near, best)) * STEP


def peak_near(curve: Curve, second: float, window: float) -> float | None:
    """When a curve peaks within `window` of a second; None where nothing stands out there."""
    begin, values = curve
    low = max(0, round((second - window - begin) / STEP))
    high = min(len(values), round((second + window - begin) / STEP) + 1)
    if high - low < 3:
        return None
    best = low + int(np.argmax(values[low:high]))
    if values[best] <= _STANDS_OUT * float(np.median(values)) or values[best] <= 0.1 * float(
        values.max()
    ):
        return None
    return begin + (best + _between(values, best)) * STEP


def _between(values: Numbers, best: int) -> float:
    """Where a parabola through a peak and its neighbours is highest, from -0.5 to 0.5."""
    if not 0 < best < len(values) - 1:
        return 0.0
    left, middle, right = values[best - 1 : best + 2]
    bend = float(left - 2.0 * middle + right)
    return float(0.5 * (left - right) / bend) if bend < 0.0 else 0.0


def declared(sample: Mapping[str, Any], key: str) -> list[float]:
    """The seconds of events that a sample declares."""
    return [float(second) for second in sample.get(key, ())]
