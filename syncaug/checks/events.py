"""Events in sound and in video: when something happens, on the seconds of a clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.time import TimeMap
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.clock.video import VideoCarrier

__all__ = ["STEP", "Curve", "around", "curve_of", "expected", "lag_of"]

STEP = 0.005
"""Seconds from one value of a curve to the next."""
_SECONDS = 60.0
"""How much of a stream is looked at, around its middle: a long video is not decoded for a check."""
_THUMBNAIL = 64
_BESIDE = 0.1
"""Seconds around a peak that belong to it."""
_SECOND = 0.8
"""How high, as a share of the peak, another one may be before neither counts."""
_AROUND = 0.25
_SMOOTH = 0.015
"""Seconds over which the power of sound is spread: more than a period of a voice."""
_LOUDNESS = 0.2
"""The power of the power that is heard as loudness, so that quiet changes count too."""

Numbers = NDArray[np.float64]
Curve = tuple[float, Numbers]
"""The clock's second of the first value, and how much changes around each value's second."""


def curve_of(carrier: AudioCarrier | VideoCarrier, value: Any) -> Curve | None:
    """How much a stream, as a sample holds it, changes from one moment to the next."""
    again = type(carrier).of(carrier.stream, {carrier.stream.name: value})
    offset = float(carrier.stream.options.get("offset", 0.0))
    curve = _sound(again) if isinstance(again, AudioCarrier) else _frames(again)
    return None if curve is None else (curve[0] + offset, curve[1])


def _sound(audio: AudioCarrier) -> Curve | None:
    """The absolute change of the level of sound; the same forwards and backwards."""
    if not audio.rate:
        return None
    length = audio.data.shape[-1]
    first, last = _middle(length / audio.rate)
    edges = np.rint(np.arange(first, last, STEP) * audio.rate).astype(int)
    edges = edges[edges < length]
    if len(edges) < 3:
        return None
    low, high = int(edges[0]), int(edges[-1]) + 1  # of a sound in a file no more is read
    if audio.data.ndim == 1:
        mono = audio.data[low:high]
    else:
        mono = audio.data[:, low:high].mean(axis=0)
    power = np.add.reduceat(mono.astype(np.float64) ** 2, edges - low)[:-1] / np.diff(edges)
    level = _spread(power, _SMOOTH / STEP) ** _LOUDNESS
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
    return first, _spread(curve, width)


def _spread(curve: Numbers, width: float) -> Numbers:
    """A curve under a Gaussian whose deviation is `width` values."""
    reach = int(4 * width) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    spread = np.convolve(curve, kernel, mode="full")
    return np.asarray(spread[reach : reach + len(curve)])


def _middle(duration: float) -> tuple[float, float]:
    first = max(0.0, (duration - _SECONDS) / 2)
    return first, min(duration, first + _SECONDS)


def expected(before: Curve, after: Curve, clock: TimeMap) -> Numbers:
    """The curve of the original, at the moments that the values of `after` come from."""
    begin, values = before
    seconds = np.asarray(after[0] + STEP * np.arange(len(after[1])), dtype=np.float64)
    moments = clock.moments(seconds)
    places = np.where(np.isnan(moments), -1.0, (moments - begin) / STEP)
    known = np.arange(len(values), dtype=np.float64)
    return np.asarray(np.interp(places, known, values, left=0.0, right=0.0))


def around(curve: Curve, seconds: Sequence[float]) -> NDArray[np.bool_]:
    """Which values of a curve lie near one of the seconds."""
    at = curve[0] + STEP * np.arange(len(curve[1]))
    near = np.zeros(len(at), dtype=np.bool_)
    for second in seconds:
        near |= np.abs(at - second) <= _AROUND
    return near


def lag_of(curve: Numbers, other: Numbers, most: float, significance: float) -> float | None:
    """By how many seconds `curve` comes after `other`, from the peak of their cross-correlation.

    None where no peak within `most` seconds stands out by `significance` standard deviations from
    the correlations at larger lags, and clearly above any other peak.
    """
    one, other = curve - curve.mean(), other - other.mean()
    reach = round(most / STEP)
    if len(one) < 4 * reach or not (one.any() and other.any()):
        return None
    size = 1 << (2 * len(one) - 1).bit_length()
    spectrum = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    correlation = np.roll(np.fft.irfft(spectrum, size), 4 * reach)[: 8 * reach + 1]
    near = correlation[3 * reach : 5 * reach + 1]
    best = int(np.argmax(near))
    aside = near[np.abs(np.arange(len(near)) - best) > _BESIDE / STEP]
    away = np.delete(correlation, slice(3 * reach, 5 * reach + 1))
    spread = float(away.std())
    if spread == 0.0 or float(near[best] - away.mean()) < significance * spread:
        return None
    if aside.size and float(aside.max()) > _SECOND * float(near[best]):
        return None
    return (best - reach + _between(near, best)) * STEP


def _between(values: Numbers, best: int) -> float:
    """Where a parabola through a peak and its neighbours is highest, from -0.5 to 0.5."""
    if not 0 < best < len(values) - 1:
        return 0.0
    left, middle, right = values[best - 1 : best + 2]
    bend = float(left - 2.0 * middle + right)
    return float(0.5 * (left - right) / bend) if bend < 0.0 else 0.0
