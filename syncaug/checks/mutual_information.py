"""How much an augmented stream still tells of the original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.measure import Measure, Outcome
from syncaug.checks.views import grid, has_pixels, levels_of, picture_in, shown_by
from syncaug.clips.frame_time import NOTHING
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.plane.image import ImageCarrier

__all__ = ["measure"]

_GRID = 128
_BINS = 16
_FEWEST = 256
"""Pairs of values below which a histogram says more of itself than of the stream."""
_FRAMES = 4
_FRAME, _HOP, _BANDS = 1024, 512, 16
_LEAST_ENTROPY = 0.05
_SILENCE = 1e-10

Numbers = NDArray[np.float64]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least mutual information left between a stream and its original, from 0 to 1.

    Of pictures, and of some frames of a video: grey levels of pixels and of where they went. Of
    sound: energies of bands in short
    frames, at the moments that the clock's map joins. Divided by the original's entropy.
    """
    named = options.get("stream", "")
    parts: dict[str, float] = {}
    for image in outcome.carriers(ImageCarrier, named):
        _add(parts, image.stream.name, _pictures(outcome, image))
    for video in outcome.carriers(VideoCarrier, named):
        _add(parts, video.stream.name, _frames(outcome, video))
    for audio in outcome.carriers(AudioCarrier, named):
        _add(parts, audio.stream.name, _sounds(outcome, audio))
    if not parts:
        return Measure.nothing("no stream with content to compare")
    stream, least = min(parts.items(), key=lambda part: part[1])
    passed = least >= options["min_share"]
    said = f"{stream!r} keeps {least:.0%} of the information in its original"
    return Measure(least, passed, "" if passed else said, parts)


def _add(parts: dict[str, float], name: str, pairs: tuple[Numbers, Numbers] | None) -> None:
    if pairs is not None and len(pairs[0]) >= _FEWEST:
        share = _information(*pairs)
        if share is not None:
            parts[name] = share


def _information(old: Numbers, new: Numbers) -> float | None:
    """I(old; new) / H(old) from a joint histogram; None where the original says nothing."""
    joint, _, _ = np.histogram2d(_ranked(old), _ranked(new), bins=_BINS)
    joint /= joint.sum()
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    entropy = _entropy(first)
    if entropy < _LEAST_ENTROPY:
        return None
    shared = entropy + _entropy(second) - _entropy(joint.ravel())
    return float(min(1.0, max(0.0, shared / entropy)))


def _ranked(values: Numbers) -> Numbers:
    """Values spread evenly by their ranks; equal values stay equal."""
    levels, counts = np.unique(values, return_counts=True)
    below = np.cumsum(counts) - counts / 2
    # Looking each value up is faster than the sorting of places by which numpy finds them.
    return np.asarray(below[np.searchsorted(levels, values)] / len(values))


def _entropy(shares: Numbers) -> float:
    positive = shares[shares > 0]
    return float(-(positive * np.log(positive)).sum())


def _pictures(outcome: Outcome, image: ImageCarrier) -> tuple[Numbers, Numbers] | None:
    plane = image.stream.spaces["plane"]
    if plane in outcome.state.warped:
        return None
    before, after = picture_in(outcome.before, image), picture_in(outcome.after, image)
    return _registered(before, after, outcome.plane(plane))


def _registered(
    before: NDArray[Any], after: NDArray[Any], plane: PlaneMap
) -> tuple[Numbers, Numbers]:
    """Grey levels of a picture's pixels, and of the pixels that they became.

    A picture that drew for itself may have another size than its plane.
    """
    source = grid((before.shape[1], before.shape[0]), _GRID)
    target, seen = shown_by(plane, source)
    if plane.size != (after.shape[1], after.shape[0]):
        seen &= has_pixels(after, target)
    return levels_of(before, source[seen]), levels_of(after, target[seen])


def _frames(outcome: Outcome, video: VideoCarrier) -> tuple[Numbers, Numbers] | None:
    """Some frames, evenly spaced, beside the frames of the original that they show."""
    plane = video.stream.spaces["plane"]
    there = np.flatnonzero(video.shown != NOTHING)
    if plane in outcome.state.warped or not there.size:
        return None
    clip = VideoCarrier.of(video.stream, outcome.after).data
    chosen = there[np.unique(np.linspace(0, len(there) - 1, _FRAMES).round().astype(int))]
    pairs = [
        _registered(
            video.came.read([video.shown[frame]])[0], clip.read([frame])[0], outcome.plane(plane)
        )
        for frame in chosen[chosen < len(clip)].tolist()
    ]
    if not pairs:
        return None
    old, new = zip(*pairs, strict=True)
    return np.concatenate(old), np.concatenate(new)


def _sounds(outcome: Outcome, audio: AudioCarrier) -> tuple[Numbers, Numbers] | None:
    name = audio.stream.name
    before, after = audio.read(outcome.before[name]), audio.read(outcome.after[name])
    rate = audio.rate or 1.0
    old, new = _energies(before), _energies(after)
    middles = np.asarray((np.arange(len(new)) * _HOP + _FRAME / 2) / rate, dtype=np.float64)
    clock = outcome.state.clocks.get(audio.stream.spaces.get("clock", ""))
    if clock is not None:
        offset = float(audio.stream.options.get("offset", 0.0))
        middles = clock.seen_from(offset).moments(middles)
    with np.errstate(invalid="ignore"):
        places = np.rint((middles * rate - _FRAME / 2) / _HOP)
        known = (places >= 0) & (places < len(old))
    if not known.any():
        return None
    return old[places[known].astype(int)].ravel(), new[known].ravel()


def _energies(sound: NDArray[Any]) -> Numbers:
    """Levels in dB of bands, octave by octave, in frames of 1024 samples: (frames, bands)."""
    mono = sound if sound.ndim == 1 else sound.mean(axis=0)
    mono = np.pad(mono.astype(np.float64), (0, max(0, _FRAME - len(mono))))
    frames = np.lib.stride_tricks.sliding_window_view(mono, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    edges = np.unique(np.geomspace(1, power.shape[1] - 1, _BANDS + 1).astype(int))
    bands = np.add.reduceat(power, edges[:-1], axis=1)
    return np.asarray(10.0 * np.log10(bands + _SILENCE))
