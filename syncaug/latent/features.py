"""Built-in features of streams: a few plain numbers of a picture, a film, a sound or a text.

They need no model and no data. All are of one length for values of any size and length:

* image: the mean of each of three colours (grey counts as three) in a grid of 4 x 4 fields, 48;
* video: the mean brightness in a grid of 4 x 4 fields, and in 8 parts of the time the mean
  brightness and the mean change from frame to frame, 32;
* audio: the level in decibels of 12 bands, evenly spaced in logarithm from 62.5 Hz to 8 kHz, and in
  8 parts of the time the level and the rate at which the sign changes, 28;
* text: how often each word occurs, in 64 buckets by the CRC-32 of its lower-case letters, as
  log(1 + n);
* embedding, imu, state, action, tabular: the numbers, the mean over rows.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BUILT_IN", "built_in"]

Vector = NDArray[np.float64]
_GRID, _PARTS, _BANDS, _BUCKETS = 4, 8, 12, 64
_FRAMES = 64
"""Frames of a film that are looked at, evenly spaced; changes are those between neighbours."""
_QUIET = 1e-10
"""The mean square below which a sound is as good as silent: -100 dB."""
_COLOURS = 3
_WORD = re.compile(r"\w+")


def built_in(modality: str) -> Callable[[Any, Mapping[str, Any]], Vector]:
    """The features of a modality: a function of a value and of its stream's options.

    Raises KeyError where there are none.
    """
    return BUILT_IN[modality]


def _image(value: Any, options: Mapping[str, Any]) -> Vector:
    picture = np.asarray(value)
    if picture.ndim == _COLOURS and options.get("layout") == "chw":
        picture = np.moveaxis(picture, 0, -1)
    return _fields(_colours(picture)).ravel()


def _video(value: Any, options: Mapping[str, Any]) -> Vector:
    frames = value["frames"] if isinstance(value, Mapping) else value
    count = len(frames)
    first = np.unique(np.linspace(0, max(count - 2, 0), min(_FRAMES, count)).round().astype(int))
    bright = np.zeros(len(first))
    change = np.zeros(len(first))
    fields = np.zeros((_GRID, _GRID))
    for index, place in enumerate(first.tolist()):
        one = _brightness(frames[place], options)
        other = _brightness(frames[min(place + 1, count - 1)], options)
        bright[index], change[index] = one.mean(), np.abs(other - one).mean()
        fields += _fields(one[:, :, None])[:, :, 0] / len(first)
    return np.concatenate([fields.ravel(), _parts(bright), _parts(change)])


def _audio(value: Any, options: Mapping[str, Any]) -> Vector:
    wrapped = isinstance(value, Mapping)
    rate = float(value["sampling_rate"] if wrapped else options.get("sample_rate") or 16000.0)
    sound = np.asarray(value["array"] if wrapped else value, dtype=np.float64)
    mono = sound.mean(axis=0) if sound.ndim > 1 else sound
    power = np.abs(np.fft.rfft(mono)) ** 2 / len(mono) ** 2
    edges = np.geomspace(62.5, 8000.0, _BANDS + 1)
    band = np.searchsorted(edges, np.fft.rfftfreq(len(mono), 1.0 / rate), side="right") - 1
    inside = (band >= 0) & (band < _BANDS)
    bands = np.bincount(band[inside], power[inside], minlength=_BANDS).astype(np.float64)
    turns = np.diff(np.signbit(mono), prepend=np.signbit(mono[:1])).astype(np.float64)
    return np.concatenate([_decibels(bands), _decibels(_parts(mono * mono)), _parts(turns)])


def _text(value: Any, options: Mapping[str, Any]) -> Vector:
    if isinstance(value, str):
        said = value
    else:
        cues = (cue["text"] if isinstance(cue, Mapping) else str(cue) for cue in value)
        said = " ".join(cues)
    counts = np.zeros(_BUCKETS)
    for word in _WORD.findall(said.lower()):
        counts[zlib.crc32(word.encode()) % _BUCKETS] += 1.0
    return np.log1p(counts)


def _vector(value: Any, options: Mapping[str, Any]) -> Vector:
    if isinstance(value, Mapping):
        value = value.get("values", list(value.values()))
    rows = np.asarray(value, dtype=np.float64)
    return rows.mean(axis=0) if rows.ndim > 1 else np.atleast_1d(rows)


def _colours(picture: NDArray[Any]) -> NDArray[np.float64]:
    """A picture as (H, W, 3), whole numbers as shares of their greatest."""
    whole = picture.dtype.kind in "iu"
    scale = float(np.iinfo(picture.dtype).max) if whole else 1.0
    shown = picture.astype(np.float64) / scale
    shown = shown[:, :, None] if shown.ndim < _COLOURS else shown
    return (
        shown[:, :, :_COLOURS] if shown.shape[2] >= _COLOURS else np.repeat(shown[:, :, :1], 3, 2)
    )


def _brightness(frame: Any, options: Mapping[str, Any]) -> NDArray[np.float64]:
    picture = np.asarray(frame)
    if picture.ndim == _COLOURS and options.get("layout") == "chw":
        picture = np.moveaxis(picture, 0, -1)
    out: NDArray[np.float64] = _colours(picture).mean(axis=2)
    return out


def _fields(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of a picture (H, W, C) in each field of the grid."""
    rows = [np.array_split(part, _GRID, axis=1) for part in np.array_split(picture, _GRID)]
    means = [[f.mean(axis=(0, 1)) if f.size else np.zeros(f.shape[2]) for f in row] for row in rows]
    return np.array(means)


def _parts(values: NDArray[np.float64]) -> Vector:
    """The mean of what was measured, in each part of the time."""
    places = np.linspace(0, len(values), _PARTS + 1).round().astype(int).tolist()
    spans = ((min(a, len(values) - 1), max(b, a + 1)) for a, b in pairwise(places))
    return np.array([values[a:b].mean() for a, b in spans])


def _decibels(power: Vector) -> Vector:
    out: Vector = 10.0 * np.log10(power + _QUIET)
    return out


BUILT_IN: Mapping[str, Callable[[Any, Mapping[str, Any]], Vector]] = {
    "image": _image,
    "video": _video,
    "audio": _audio,
    "text": _text,
    "timed_text": _text,
    **dict.fromkeys(("embedding", "imu", "state", "action", "tabular"), _vector),
}
"""Modality -> its features; other modalities have none."""
