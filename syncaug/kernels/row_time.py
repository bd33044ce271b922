"""Rows in time: where the rows of a sampled stream come from, and how they are read there.

A stream with a declared rate is cell centred: row n stands for [n, n + 1) / rate and is read at
(n + 0.5) / rate. A stream with timestamps has instants: its rows stand at their seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

__all__ = [
    "Places",
    "Reading",
    "band_limited",
    "cell_places",
    "instant_places",
    "linear",
    "read_cells",
    "read_instants",
    "within",
]

Numbers = NDArray[np.float64]
Between = Callable[[Numbers, Numbers, Numbers], Numbers]
"""From rows, fractional places and the pace at each place to rows at those places."""

_LOBES = 8
"""Zero crossings of the reading kernel on each side."""
_WHOLE = 1e-6
"""Rows by which a place may miss a row and still be that row."""
_STEADY = 1e-9
_AT_ONCE = 100_000
"""Products of the kernel with one column that are held in memory together."""


class Reading(NamedTuple):
    """Rows of the result: their values, the speed of time at each, and their seconds.

    `speed` is negative where time runs backwards and 1 where nothing is; there `shown` is False and
    the values are 0. `seconds` count from the stream's own beginning.
    """

    values: Numbers
    speed: Numbers
    shown: NDArray[np.bool_]
    seconds: Numbers


class Places(NamedTuple):
    """Fractional places among the source's rows, one for each row of a result; see `Reading`."""

    places: Numbers
    speed: Numbers
    shown: NDArray[np.bool_]
    seconds: Numbers


def read_cells(
    values: Numbers, rate: float, time: TimeMap, *, between: Between | None = None
) -> Reading:
    """Read rows (T, C) of a declared rate, by `band_limited` if not told how.

    Less than one cell outside of the source the edge is held, beyond it nothing is.
    """
    at = cell_places(len(values), rate, time)
    out = np.zeros((len(at.places), values.shape[1]))
    held = np.clip(at.places[at.shown], -0.5, len(values) - 0.5)
    widths = np.maximum(1.0, np.abs(at.speed[at.shown]))
    out[at.shown] = (between or band_limited)(values, held, widths)
    return Reading(out, at.speed, at.shown, at.seconds)


def cell_places(rows: int, rate: float, time: TimeMap) -> Places:
    """Where the rows of a result of a declared rate stand among the source's."""
    count = max(1, round(time.duration * rate))
    seconds: Numbers = (np.arange(count, dtype=np.float64) + 0.5) / rate
    source, speed = _sources(time, seconds)
    places = _whole(source * rate - 0.5)
    shown = (places >= -1.5) & (places <= rows + 0.5)
    return Places(places, np.where(shown, speed, 1.0), shown, seconds)


def instant_places(stamps: Numbers, time: TimeMap) -> Places:
    """Where the rows of a result stand among rows at `stamps`; see `read_instants`."""
    at, source, speed = _instants(time, stamps, float(np.median(np.diff(stamps))))
    places = _whole(np.interp(source, stamps, np.arange(len(stamps), dtype=np.float64)))
    return Places(places, speed, np.ones(len(at), dtype=bool), at)


def _whole(places: Numbers) -> Numbers:
    return np.where(np.abs(places - np.rint(places)) < _WHOLE, np.rint(places), places)


def read_instants(values: Numbers, stamps: Numbers, time: TimeMap) -> Reading:
    """Read rows (T, C) that stand at `stamps`, seconds that grow; where nothing is, no rows are.

    Where time runs at its own pace the rows move with their instants, exactly. Elsewhere rows are
    made as far apart as the source's are (in the median), linearly between instants, and averaged
    over what each stands for where time is sped up, so that integrals stay.
    """
    period = float(np.median(np.diff(stamps)))
    at, source, speed = _instants(time, stamps, period)
    fast = np.abs(speed) > 1.0 + _STEADY
    width = np.abs(speed[fast]) * period
    rows = np.empty((len(at), values.shape[1]))
    for column, numbers in enumerate(values.T):
        rows[:, column] = np.interp(source, stamps, numbers)
        if fast.any():
            rows[fast, column] = _means(numbers, stamps, source[fast], width)
    return Reading(rows, speed, np.ones(len(at), dtype=bool), at)


def within(segment: Segment, moments: Numbers, *, closed: bool) -> NDArray[np.int64]:
    """Which of some moments of the source a segment shows, in the order in which it shows them.

    One at the segment's end belongs to what follows; at the `closed` end of all, the last (or
    backwards, the first) of the moments is still shown.
    """
    if segment.is_gap or not len(moments):
        return np.zeros(0, dtype=np.int64)
    low, high = sorted((segment.first, segment.last))
    ahead = segment.speed >= 0.0
    inside = (moments >= low) & (moments < high) if ahead else (moments > low) & (moments <= high)
    if closed:
        outermost = moments.max() if ahead else moments.min()
        inside |= (moments == outermost) & (np.abs(moments - segment.last) < _STEADY)
    order = np.argsort(moments[inside] if ahead else -moments[inside], kind="stable")
    return np.flatnonzero(inside)[order]


def _sources(time: TimeMap, seconds: Numbers) -> tuple[Numbers, Numbers]:
    """The source's second (NaN where nothing is) and the speed at each second of the result."""
    table = np.array(time.segments, dtype=np.float64).reshape(-1, 5)
    if not len(table):
        return np.full(len(seconds), np.nan), np.ones(len(seconds))
    index = np.clip(np.searchsorted(table[:, 0], seconds, side="right") - 1, 0, None)
    start, stop, first, last, _ = table[index].T
    speed = (last - first) / (stop - start)
    return first + (seconds - start) * speed, np.where(np.isnan(speed), 1.0, speed)


def linear(values: Numbers, places: Numbers, widths: Numbers) -> Numbers:
    """Rows at fractional `places`, on straight lines from row to row; the edges are held."""
    rows = np.arange(len(values))
    out = np.empty((len(places), values.shape[1]))
    for column, numbers in enumerate(values.T):
        out[:, column] = np.interp(places, rows, numbers)
    return out


def band_limited(values: Numbers, places: Numbers, widths: Numbers) -> Numbers:
    """Rows at fractional `places`, by a sinc under a Hann window, `widths` times as wide.

    So what is too fast for the rate of the result does not fold into what is slow. Beyond its ends
    the source goes on by point reflection, which keeps level and slope.
    """
    out = np.empty((len(places), values.shape[1]))
    whole = (places == np.rint(places)) & (widths <= 1.0 + _STEADY)
    whole &= (places >= 0) & (places < len(values))
    out[whole] = values[places[whole].astype(np.int64)]
    reaches = np.ceil(widths).astype(np.int64) * _LOBES
    for reach in np.unique(reaches[~whole]):
        rows = np.flatnonzero(~whole & (reaches == reach))
        for part in np.array_split(rows, math.ceil(len(rows) * reach / _AT_ONCE)):
            out[part] = _kernel(values, places[part], widths[part], int(reach))
    return out


def _kernel(values: Numbers, places: Numbers, widths: Numbers, reach: int) -> Numbers:
    first = np.floor(places).astype(np.int64) - reach + 1
    index = first[:, None] + np.arange(2 * reach)
    distance = (index - places[:, None]) / widths[:, None]
    weights = np.sinc(distance) * np.cos(np.clip(distance / _LOBES, -1, 1) * np.pi / 2) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    last = len(values) - 1
    inside = np.clip(np.where(index < 0, -index, np.where(index > last, 2 * last - index, index)),
                     0, last)  # fmt: skip
    taken = values[inside]
    if index.min() < 0 or index.max() > last:
        before, after = (index < 0)[..., None], (index > last)[..., None]
        taken = np.where(before, 2.0 * values[0] - taken, taken)
        taken = np.where(after, 2.0 * values[-1] - taken, taken)
    return np.asarray(np.einsum("nk,nkc->nc", weights, taken))


def _means(numbers: Numbers, stamps: Numbers, at: Numbers, width: Numbers) -> Numbers:
    """Means over [at - width / 2, at + width / 2] of what is linear between `stamps`."""
    pieces = np.diff(stamps) * (numbers[1:] + numbers[:-1]) / 2
    total = np.concatenate([[0.0], np.cumsum(pieces)])

    def until(seconds: Numbers) -> Numbers:
        index = np.clip(np.searchsorted(stamps, seconds, side="right") - 1, 0, len(stamps) - 2)
        inside = np.clip(seconds, stamps[0], stamps[-1])
        here = np.interp(inside, stamps, numbers)
        area = total[index] + (inside - stamps[index]) * (numbers[index] + here) / 2
        return np.asarray(area + (seconds - inside) * here)  # the edges are held

    return (until(at + width / 2) - until(at - width / 2)) / width


def _instants(time: TimeMap, stamps: Numbers, period: float) -> tuple[Numbers, Numbers, Numbers]:
    """The result's seconds, the source's and the speeds, row by row; no rows where nothing is."""
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    next_one = -math.inf
    for index, segment in enumerate(time.segments):
        if segment.is_gap:
            continue
        closed = index == len(time.segments) - 1
        if abs(abs(segment.speed) - 1.0) < _STEADY:
            seconds, source = _moved(segment, stamps, closed)
        else:
            seconds, source = _made(segment, stamps, max(segment.start, next_one), period)
        later = seconds >= next_one - period * (1.0 - 1e-6)
        if later.any():
            seconds, source = seconds[later], source[later]
            found.append((seconds, source, np.full(len(seconds), segment.speed)))
            next_one = float(seconds[-1]) + period
    if not found:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    joined = [np.concatenate(part) for part in zip(*found, strict=True)]
    return joined[0], joined[1], joined[2]


def _moved(segment: Segment, stamps: Numbers, closed: bool) -> tuple[Numbers, Numbers]:
    """A segment's rows at the source's instants."""
    source = stamps[within(segment, stamps, closed=closed)]
    ahead = 1.0 if segment.speed > 0.0 else -1.0
    return segment.start + (source - segment.first) * ahead, source


def _made(
    segment: Segment, stamps: Numbers, start: float, period: float
) -> tuple[Numbers, Numbers]:
    """Rows one period apart in a segment, as far as the source's rows reach."""
    count = math.ceil(max(0.0, segment.stop - start) / period - 1e-9)
    seconds = np.asarray(start + period * np.arange(count), dtype=np.float64)
    source = segment.first + (seconds - segment.start) * segment.speed
    reached = (source >= stamps[0] - period) & (source <= stamps[-1] + period)
    return seconds[reached], source[reached]
