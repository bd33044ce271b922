"""Sound under a time map: each stretch of the map once, resampled or stretched, never both twice.

Sample n stands for [n, n + 1) / rate and is read at (n + 0.5) / rate, in the source and in the
result. Where the pitch follows the speed (or there is nothing to follow: cuts, shifts, reversals)
samples are read at exact positions; whole ones are copied. Where it does not, one call stretches
the sound and moves its pitch. Gaps, and what is read outside of the
source, are silence; cuts are hard: no fade is added.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from syncaug.backends.resampling import evenly, fill_evenly, varying
from syncaug.backends.stretching import LONGER, stretched
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

__all__ = ["length_of", "resounded"]

_EVEN = 1e-9
"""Relative difference of two speeds that is rounding."""
_LONG = 8192
_CONTEXT = 0.12
"""Seconds of sound before and after a stretch that the stretcher may hear."""
_MIRRORED = (0.005, 0.019)
"""Seconds that it hears beyond either end of all sound, mirrored: without, both would fade.

Together three quarters of what lies between the beginnings of two blocks of 128 ms.
"""
_AT_ONCE = 60.0
"""Seconds that are stretched in one piece at most."""
_FADE = 0.01
"""Seconds in which neighbouring stretches of one warp pass over into each other."""


def length_of(seconds: float, rate: float) -> int:
    """How many samples last `seconds`."""
    return round(seconds * rate)


def resounded(
    sound: NDArray[np.floating], rate: float, time: TimeMap, semitones: float = 0.0
) -> NDArray[np.floating]:
    """The sound (C, T) after a time map and a shift of pitch, (C, T') of the same dtype."""
    work = sound if sound.dtype in (np.float32, np.float64) else sound.astype(np.float32)
    out = np.zeros((len(sound), length_of(time.duration, rate)), work.dtype)
    shift = 2.0 ** (semitones / 12.0)
    for run in _runs(time.segments, shift):
        _fill(out, work, rate, run, shift)
    return out.astype(sound.dtype, copy=False)


def _runs(segments: Sequence[Segment], shift: float) -> Iterator[list[Segment]]:
    """The segments that show something, with those together that go on as one warp."""
    run: list[Segment] = []
    for segment in segments:
        if run and not (_joins(run[-1], segment) and _kept(segment, shift) == _kept(run[0], shift)):
            yield run
            run = []
        if not segment.is_gap:
            run.append(segment)
    if run:
        yield run


def _joins(one: Segment, other: Segment) -> bool:
    """Whether `other` goes on where `one` ends, in the same direction."""
    return abs(other.first - one.last) < 1e-6 and one.speed * other.speed > 0.0


def _kept(segment: Segment, shift: float) -> bool:
    """Whether the pitch does not follow the speed, so that sound has to be stretched."""
    speed = abs(segment.speed)
    return abs(segment.pitch * shift - speed) > 1e-6 * speed


def _fill(
    out: NDArray[np.floating],
    sound: NDArray[np.floating],
    rate: float,
    run: list[Segment],
    shift: float,
) -> None:
    """Write one run of segments where it belongs."""
    if _kept(run[0], shift):
        _stretch(out, sound, rate, list(_halved(run)), shift)
        return
    scattered: list[tuple[int, NDArray[np.float64], float]] = []
    for segment in run:
        begin, end = _cells(segment, rate, out.shape[1])
        first, step = _positions(segment, rate, begin)
        begin, end, first = _inside(begin, end, first, step, sound.shape[1])
        if end <= begin:
            continue
        if len(run) > 1 and end - begin < _LONG and abs(abs(step) - 1.0) > _EVEN:
            scattered.append((begin, _row(first, step, end - begin), step))
        else:
            fill_evenly(out[:, begin:end], sound, first, step)
    for group in _alike(scattered):
        positions = np.concatenate([positions for _, positions, _ in group])
        step = max(abs(step) for _, _, step in group)
        begin = group[0][0]
        out[:, begin : begin + len(positions)] = varying(sound, positions, step)


def _row(first: float, step: float, count: int) -> NDArray[np.float64]:
    return first + step * np.arange(count, dtype=np.float64)


def _alike(
    pieces: list[tuple[int, NDArray[np.float64], float]],
) -> Iterator[list[tuple[int, NDArray[np.float64], float]]]:
    """Short neighbouring pieces of nearly one speed, to be read at one go."""
    group: list[tuple[int, NDArray[np.float64], float]] = []
    for piece in pieces:
        if group:
            begin, positions, _ = group[-1]
            close = abs(piece[2]) <= 1.02 * abs(group[0][2]) or abs(piece[2]) <= 1.0
            if begin + len(positions) != piece[0] or not close:
                yield group
                group = []
        group.append(piece)
    if group:
        yield group


def _cells(segment: Segment, rate: float, length: int) -> tuple[int, int]:
    """The samples of the result whose centres a segment covers."""
    begin = math.ceil(segment.start * rate - 0.5 - 1e-6)
    end = math.ceil(segment.stop * rate - 0.5 - 1e-6)
    return max(0, begin), min(length, end)


def _positions(segment: Segment, rate: float, cell: int) -> tuple[float, float]:
    """Where in the source, in samples, a sample of the result is read, and how far the next is."""
    speed = segment.speed
    if abs(abs(speed) - 1.0) < _EVEN:
        speed = 1.0 if speed > 0.0 else -1.0
    moment = segment.first + ((cell + 0.5) / rate - segment.start) * speed
    return moment * rate - 0.5, speed


def _inside(begin: int, end: int, first: float, step: float, length: int) -> tuple[int, int, float]:
    """The samples begin..end that are read less than one sample outside of the source."""
    near, far = (-1.0, float(length)) if step > 0.0 else (float(length), -1.0)
    skipped = max(0, math.ceil((near - first) / step + 1e-9))
    count = min(end - begin, math.ceil((far - first) / step - 1e-9))
    return begin + skipped, begin + count, first + skipped * step


def _stretch(
    out: NDArray[np.floating],
    sound: NDArray[np.floating],
    rate: float,
    run: list[Segment],
    shift: float,
) -> None:
    """Write a run whose pitch does not follow: each segment stretched, with short cross-fades."""
    half = round(_FADE * rate / 2.0)
    for index, segment in enumerate(run):
        begin, end = _cells(segment, rate, out.shape[1])
        before = half if index > 0 else 0
        after = half if index + 1 < len(run) else 0
        low, high = max(0, begin - before), min(out.shape[1], end + after)
        if high <= low:
            continue
        piece = _stretched(sound, rate, segment, low, high, shift).astype(out.dtype, copy=False)
        if not before and not after:
            out[:, low:high] = piece
            continue
        weight = np.ones(high - low, out.dtype)
        if before:
            rise = (np.arange(low, high) + 0.5 - (begin - half)) / (2.0 * half)
            weight *= np.clip(rise, 0.0, 1.0).astype(out.dtype)
        if after:
            fall = ((end + half) - np.arange(low, high) - 0.5) / (2.0 * half)
            weight *= np.clip(fall, 0.0, 1.0).astype(out.dtype)
        out[:, low:high] += piece * weight


def _halved(run: list[Segment]) -> Iterator[Segment]:
    """The segments, long ones in halves until none is, so that little is stretched at once."""
    for segment in run:
        if segment.stop - segment.start <= _AT_ONCE:
            yield segment
            continue
        middle = (segment.start + segment.stop) / 2.0
        cut = segment.at(middle)
        yield from _halved([segment._replace(stop=middle, last=cut)])
        yield from _halved([segment._replace(start=middle, first=cut)])


def _stretched(
    sound: NDArray[np.floating], rate: float, segment: Segment, low: int, high: int, shift: float
) -> NDArray[np.floating]:
    """The samples low..high of the result, stretched from what the segment (or near it) shows."""
    first, step = _positions(segment, rate, low)
    if step < 0.0:
        sound, first, step = sound[:, ::-1], sound.shape[1] - 1 - first, -step
    pitch = segment.pitch * shift
    source, begin = _heard(sound, first, first + step * (high - low), step, rate)
    pitch = 1.0 if abs(pitch - 1.0) < _EVEN else pitch
    moved = stretched(source, rate, step, pitch, block=LONGER)
    scale = moved.shape[1] / source.shape[1]
    start = round((first - begin + 0.5) * scale - 0.5)
    if start >= 0 and start + high - low <= moved.shape[1]:
        return moved[:, start : start + high - low]
    return evenly(moved, float(start), 1.0, high - low)


def _heard(
    sound: NDArray[np.floating], first: float, last: float, step: float, rate: float
) -> tuple[NDArray[np.floating], int]:
    """What the stretcher hears to make sound of what is shown, `first` to `last`; and its begin.

    Beyond the ends of all sound, and of the silence that is shown there, it hears the last of it
    mirrored.
    """
    pace = rate * max(1.0, step)
    before, after = (round(seconds * pace) for seconds in _MIRRORED)
    left, right = min(0, math.floor(first)), max(sound.shape[1], math.ceil(last))
    begin = max(math.floor(first - _CONTEXT * pace), left - before)
    end = min(math.ceil(last + _CONTEXT * pace), right + after)
    low, high = max(begin, left), min(end, right)
    before, after = low - begin, end - high
    within = sound[:, max(0, low) : high]
    if low < 0 or high > sound.shape[1]:
        within = evenly(sound, low, 1.0, high - low)
    if max(before, after) > high - low:
        return np.pad(within, ((0, 0), (before, after)), mode="symmetric"), begin
    mirrored = within[:, ::-1]
    parts = (mirrored[:, high - low - before :], within, mirrored[:, :after])
    return (np.concatenate(parts, axis=1) if before or after else within), begin
