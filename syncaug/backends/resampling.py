"""Resampling of sound at exact positions, through soxr where they are even and by hand elsewhere.

A position is a real index: 2.5 lies between the third and the fourth sample. What lies outside of
the samples is silence. Everything is band-limited: to the input's own band, and to the output's
where samples are read faster than they were taken.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError

__all__ = ["evenly", "fill_evenly", "varying"]

Samples = NDArray[np.floating]

_CROSSINGS = 32
"""Zero crossings of the windowed sinc on each side."""
_BETA = 9.0
"""The shape of its Kaiser window: about 90 dB of stopband."""
_PHASES = 512
"""Phases of the tabulated kernel; between them it is interpolated, to 100 dB."""
_BLOCK = 4096
_PIECE = 1 << 20
"""Samples that are worked on at once: what long recordings need beside their result."""
_LONG = 8192
"""Output samples from which soxr pays."""
_MARGIN = 512
"""Samples before and after what is read that soxr's filter may see."""
_SEARCH = 4096
_DENOMINATOR = 128
"""Steps of this many parts at most repeat their filters often enough to be worth it."""
_ALIGNED = 0.01
"""How far, in output samples, a grid that soxr can hit may be from the wanted one."""


def evenly(samples: Samples, first: float, step: float, count: int) -> Samples:
    """The samples (C, T) at first, first + step, ...: `count` of them; backwards for step < 0.

    Whole samples at a step of 1 or -1 are copied. Steps such as 5/4 repeat a few filters of ours;
    others go through soxr (HQ), which is given its input from where one of its outputs falls on
    `first`. (A grid of fourths may never come near it, a grid of another kind always does.)
    """
    out = np.empty((len(samples), count), samples.dtype)
    fill_evenly(out, samples, first, step)
    return out


def fill_evenly(out: Samples, samples: Samples, first: float, step: float) -> None:
    """As `evenly`, into `out` and in pieces, so that long recordings need little memory."""
    count = out.shape[1]
    if step < 0.0:
        fill_evenly(out, samples[:, ::-1], samples.shape[1] - 1 - first, -step)
        return
    if abs(step - 1.0) * count < 1e-4:
        whole = round(first)
        if abs(first - whole) < 1e-4:
            out[:] = _window(samples, whole, whole + count)
            return
    if count < _LONG:
        _scattered(out, samples, first, step)
        return
    ratio = Fraction(step).limit_denominator(_DENOMINATOR)
    if ratio > 0 and abs(step - ratio) * count < _ALIGNED * step:
        _by_blocks(out, samples, first, ratio)
        return
    _through_soxr(out, samples, first, step)


def varying(samples: Samples, positions: NDArray[np.float64], step: float) -> Samples:
    """The samples (C, T) at any positions, band-limited for readings about `step` apart."""
    table = _kernel(_quantised(step))
    taps = table.shape[1]
    low = int(np.floor(positions.min())) - taps // 2 + 1
    high = int(np.floor(positions.max())) + taps // 2 + 1
    near = _window(samples, low, high)
    windows = np.lib.stride_tricks.sliding_window_view(near, taps, axis=1)
    out = np.empty((len(samples), len(positions)), near.dtype)
    for start in range(0, len(positions), _BLOCK):
        wanted = positions[start : start + _BLOCK]
        whole = np.floor(wanted)
        phase = (wanted - whole) * _PHASES
        index = phase.astype(np.int64)
        share = (phase - index).astype(table.dtype)[:, None]
        weights = table[index] * (1 - share) + table[index + 1] * share
        rows = whole.astype(np.int64) - taps // 2 + 1 - low
        for channel, window in zip(out, windows, strict=True):
            channel[start : start + _BLOCK] = np.einsum("nt,nt->n", window[rows], weights)
    return out


def _scattered(out: Samples, samples: Samples, first: float, step: float) -> None:
    for start in range(0, out.shape[1], _PIECE):
        stop = min(start + _PIECE, out.shape[1])
        places = first + step * np.arange(start, stop, dtype=np.float64)
        out[:, start:stop] = varying(samples, places, step)


def _through_soxr(out: Samples, samples: Samples, first: float, step: float) -> None:
    """From the whole sample before `first` whose distance to it is the nearest to whole steps."""
    try:
        import soxr
    except ImportError as error:
        raise MissingExtraError("soxr", "audio") from error
    count = out.shape[1]
    least = int(_MARGIN * max(1.0, 1.0 / step)) + 1
    before = np.arange(least, least + _SEARCH)
    begins = first - before * step
    off = begins - np.round(begins)
    best = int(np.argmin(np.abs(off)))
    begin, skipped = round(float(begins[best])), int(before[best])
    end = int(np.ceil(first + count * step)) + int(_MARGIN * max(1.0, step))
    if abs(float(off[best])) > _ALIGNED * step:
        _scattered(out, samples, first, step)
        return
    if count <= _PIECE:
        made = soxr.resample(_window(samples, begin, end).T, step, 1.0, quality="HQ")
        out[:] = made[skipped : skipped + count].T
        return
    stream = soxr.ResampleStream(step, 1.0, len(samples), dtype=out.dtype.name, quality="HQ")
    done = -skipped
    for start in range(begin, end, _PIECE):
        stop = min(start + _PIECE, end)
        piece = np.ascontiguousarray(_window(samples, start, stop).T)
        made = stream.resample_chunk(piece, last=stop == end)[: count - done]
        if len(made) > -done:
            kept = made[max(0, -done) :]
            out[:, max(0, done) : max(0, done) + len(kept)] = kept.T
        done += len(made)


def _by_blocks(out: Samples, samples: Samples, first: float, step: Fraction) -> None:
    """As `fill_evenly` for a step that is a ratio of small numbers: two matrix products.

    With a step of p/q the same filters come back every q outputs and p inputs. A block of k p
    inputs that is at least as long as a filter gives, with the next one, k q outputs.
    """
    pace = float(step)
    half = int(np.ceil(_CROSSINGS * max(1.0, pace)))
    times = -(-2 * (half + 1) // step.numerator)
    inputs, outputs = times * step.numerator, times * step.denominator
    low = int(np.floor(first)) - half + 1
    places = first - low + np.arange(outputs, dtype=np.float64) * pace
    offsets = np.arange(2 * inputs, dtype=np.float64)[:, None] - places
    scale = max(1.0, pace)
    filters = (_windowed_sinc(offsets / scale) / scale).astype(out.dtype)
    together = max(1, _PIECE // outputs)
    for row in range(0, -(-out.shape[1] // outputs), together):
        kept = out[:, row * outputs : (row + together) * outputs]
        rows = -(-kept.shape[1] // outputs)
        near = _window(samples, low + row * inputs, low + (row + rows + 1) * inputs)
        for channel, filled in zip(near, kept, strict=True):
            blocks = channel.reshape(rows + 1, inputs)
            made = blocks[:-1] @ filters[:inputs]
            made += blocks[1:] @ filters[inputs:]
            filled[:] = made.reshape(-1)[: len(filled)]


def _window(samples: Samples, low: int, high: int) -> Samples:
    """samples[:, low:high], with silence where there are none."""
    length = samples.shape[1]
    if low >= 0 and high <= length:
        return samples[:, low : max(low, high)]
    window = np.zeros((len(samples), max(0, high - low)), samples.dtype)
    first, last = min(max(0, low), length), max(0, min(length, high))
    if first < last:
        window[:, first - low : last - low] = samples[:, first:last]
    return window


def _windowed_sinc(offsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """A sinc under a Kaiser window of `_CROSSINGS` on each side."""
    inside = np.clip(1.0 - (offsets / _CROSSINGS) ** 2, 0.0, None)
    return np.asarray(np.sinc(offsets) * np.i0(_BETA * np.sqrt(inside)) / np.i0(_BETA))


def _quantised(step: float) -> float:
    """The step for which the kernel is made: sixteenths of an octave, never too little."""
    return max(1.0, float(2.0 ** (np.ceil(16.0 * np.log2(max(abs(step), 1e-9)) - 1e-6) / 16.0)))


@lru_cache(maxsize=64)
def _kernel(step: float) -> NDArray[np.float32]:
    """The weights of the samples about a position, for each phase: (phases + 1, taps)."""
    half = int(np.ceil(_CROSSINGS * step))
    offsets = np.arange(1 - half, half + 1)[None] - np.arange(_PHASES + 1)[:, None] / _PHASES
    return (_windowed_sinc(offsets / step) / step).astype(np.float32)
