"""Time maps: where each moment of the result comes from, in seconds.

A `TimeMap` is a row of segments in the order of the result. Each reads one span of the source at a
steady speed, forwards or backwards, or is a gap where nothing is. Maps compose exactly, so that any
number of time steps costs one resampling and end points do not drift.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Segment", "TimeMap"]

_SHORTEST = 1e-9
"""Seconds under which a piece of a segment is no piece at all."""


class Segment(NamedTuple):
    """The result's [start, stop) shows the source from `first` to `last`, all in seconds.

    `last` lies before `first` where time runs backwards; both are NaN in a gap. `pitch` is the
    factor on the frequencies of sound: 1 where the pitch is kept, the speed where it follows.
    """

    start: float
    stop: float
    first: float
    last: float
    pitch: float = 1.0

    @property
    def is_gap(self) -> bool:
        """Whether the source has nothing here."""
        return math.isnan(self.first)

    @property
    def speed(self) -> float:
        """Source seconds for one second of the result; negative backwards, NaN in a gap."""
        return (self.last - self.first) / (self.stop - self.start)

    def at(self, second: float) -> float:
        """The source's moment that the result shows at `second`; exact at both ends."""
        share = (second - self.start) / (self.stop - self.start)
        return self.first + share * (self.last - self.first) if share < 1.0 else self.last


@dataclass(frozen=True, eq=False)
class TimeMap:
    """A piecewise linear map from seconds of the result to seconds of the source.

    The segments cover [0, duration) without overlap. `source` is the source's duration.
    """

    segments: tuple[Segment, ...]
    source: float

    @property
    def duration(self) -> float:
        """How long the result lasts."""
        return self.segments[-1].stop if self.segments else 0.0

    @property
    def is_identity(self) -> bool:
        """Whether the result is the source, second for second."""
        return self.segments == (Segment(0.0, self.source, 0.0, self.source),)

    @staticmethod
    def identity(duration: float) -> TimeMap:
        """The map that leaves `duration` seconds as they are."""
        return TimeMap((Segment(0.0, duration, 0.0, duration),), duration)

    @staticmethod
    def of(pieces: Iterable[tuple[float, float, float, float]], source: float) -> TimeMap:
        """The map of pieces (length, first, last, pitch), one after the other."""
        segments: list[Segment] = []
        start = 0.0
        for length, first, last, pitch in pieces:
            if length > _SHORTEST:
                segments.append(Segment(start, start + length, first, last, pitch))
                start += length
        return TimeMap(tuple(segments), source)

    @staticmethod
    def keeping(spans: Sequence[tuple[float, float]], source: float) -> TimeMap:
        """The map that keeps spans of the source, in their order, and cuts the rest."""
        return TimeMap.of(((stop - start, start, stop, 1.0) for start, stop in spans), source)

    def then(self, later: TimeMap) -> TimeMap:
        """This map followed by `later`, as one map.

        What `later` shows before the beginning or after the end of this result is a gap.
        """
        if later.is_identity and later.source == self.duration:
            return self
        segments = [piece for outer in later.segments for piece in self._under(outer)]
        return TimeMap(_joined(segments), self.source)

    def _under(self, outer: Segment) -> Iterable[Segment]:
        """The pieces of one segment of a later map, each within one segment of this map."""
        if outer.is_gap:
            return [outer]
        if outer.first == outer.last:  # a still: one moment for a while
            moment = self.at(outer.first)
            return [Segment(outer.start, outer.stop, moment, moment, outer.pitch)]
        low, high = sorted((outer.first, outer.last))
        cuts = [low, *(edge for edge in self._edges if low < edge < high), high]
        if outer.last < outer.first:
            cuts.reverse()
        length, way = outer.stop - outer.start, outer.last - outer.first
        moments = [outer.start + (cut - outer.first) / way * length for cut in cuts]
        moments[0], moments[-1] = outer.start, outer.stop
        pieces = []
        for begin, end, start, stop in zip(cuts, cuts[1:], moments, moments[1:], strict=False):
            if stop - start <= 0.0:
                continue
            inner = self._covering((begin + end) / 2)
            if inner is None or inner.is_gap:
                pieces.append(Segment(start, stop, math.nan, math.nan, outer.pitch))
            else:
                pitch = inner.pitch * outer.pitch
                pieces.append(Segment(start, stop, inner.at(begin), inner.at(end), pitch))
        return pieces

    @cached_property
    def _starts(self) -> list[float]:
        return [segment.start for segment in self.segments]

    @cached_property
    def _edges(self) -> list[float]:
        return [*self._starts, self.duration]

    def _covering(self, second: float) -> Segment | None:
        """The segment that shows at `second`; None outside of the result."""
        if not 0.0 <= second <= self.duration or not self.segments:
            return None
        return self.segments[max(0, bisect_right(self._starts, second) - 1)]

    def at(self, second: float) -> float:
        """The source's moment that the result shows at `second`; NaN in gaps and outside."""
        segment = self._covering(second)
        return math.nan if segment is None else segment.at(second)

    def moments(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The source's moments at many seconds of the result; NaN in gaps and outside."""
        table = np.array(self.segments, dtype=np.float64).reshape(-1, 5)
        if not len(table):
            return np.full(np.shape(seconds), np.nan)
        index = np.clip(np.searchsorted(table[:, 0], seconds, side="right") - 1, 0, None)
        start, stop, first, last, _ = table[index].T
        moments = first + (seconds - start) / (stop - start) * (last - first)
        outside = (seconds < 0.0) | (seconds > self.duration)
        return np.asarray(np.where(outside, np.nan, moments))

    def places(self, start: float, stop: float) -> list[tuple[float, float]]:
        """The spans of the result that show any of the source's [start, stop], in order.

        Neighbouring spans that show neighbouring parts are one. A loop shows a span several times.
        """
        found: list[tuple[float, float]] = []
        end = math.nan
        for segment in self.segments:
            span = None if segment.is_gap else _shown(segment, start, stop)
            if span is None:
                continue
            if found and span[0] - found[-1][1] <= _SHORTEST and abs(segment.first - end) < 1e-6:
                found[-1] = (found[-1][0], span[1])
            else:
                found.append(span)
            end = segment.last
        return found

    def seen_from(self, offset: float) -> TimeMap:
        """The map of a stream whose own second 0 is the clock's `offset`; its offset stays.

        The stream keeps its length against the clock's: what lies beyond the clock's end goes on as
        the last segment does.
        """
        if offset == 0.0:
            return self
        segments = list(self.segments)
        first, last = segments[0], segments[-1]
        if offset < 0.0 and not first.is_gap:
            begin = first.first + offset * first.speed
            segments[0] = first._replace(start=offset, first=begin)
        if offset > 0.0 and not last.is_gap:
            end = last.last + offset * last.speed
            segments[-1] = last._replace(stop=last.stop + offset, last=end)
        moved: list[Segment] = []
        for segment in segments:
            start, stop = segment.start - offset, segment.stop - offset
            if stop <= 0.0:
                continue
            begin = segment.at(offset) if start < 0.0 else segment.first
            moved.append(
                Segment(max(0.0, start), stop, begin - offset, segment.last - offset, segment.pitch)
            )
        return TimeMap(tuple(moved), self.source)


def _shown(segment: Segment, start: float, stop: float) -> tuple[float, float] | None:
    """Where a segment shows [start, stop] of the source, or None where it does not."""
    low, high = sorted((segment.first, segment.last))
    begin, end = max(start, low), min(stop, high)
    if end < begin or (end == begin and stop > start):
        return None
    if high == low:
        return segment.start, segment.stop
    speed = segment.speed
    edges = sorted(segment.start + (moment - segment.first) / speed for moment in (begin, end))
    return max(segment.start, edges[0]), min(segment.stop, edges[1])


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with neighbours that go on alike as one: no piece without a reason."""
    out: list[Segment] = []
    for segment in segments:
        if out and _continues(out[-1], segment):
            out[-1] = out[-1]._replace(stop=segment.stop, last=segment.last)
        else:
            out.append(segment)
    return tuple(out)


def _continues(one: Segment, other: Segment) -> bool:
    if one.is_gap or other.is_gap:
        return one.is_gap and other.is_gap
    return (
        one.pitch == other.pitch
        and abs(other.first - one.last) < _SHORTEST
        and abs(other.speed - one.speed) < _SHORTEST
    )
