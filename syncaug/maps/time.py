"""Time maps: where each moment of the result comes from, in seconds.

A `TimeMap` is a row of segments in the order of the result. Each reads one span of the source at a
steady speed, forwards or backwards, or is a gap where nothing is. Maps compose exactly, so that any
number of time steps costs one resampling and end points do not drift.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from syncaug import limits
from syncaug.forks import cached_property
from syncaug.maps.composing import MANY, Table, append_under, table_of, table_under
from syncaug.maps.segment import Segment, part_of

__all__ = ["TimeMap"]

_SHORTEST = 1e-9
"""Seconds under which a piece of a segment is no piece at all."""
_DURATIONS = 64
"""How many durations have their identity kept."""


class TimeMap:
    """A piecewise linear map from seconds of the result to seconds of the source; it never changes.

    The segments cover [0, duration) without overlap. `source` is the source's duration. What
    several steps made is composed when somebody first asks for its segments: by halves, since
    composing step by step would go over the pieces of all earlier steps again for each.
    """

    def __init__(self, segments: tuple[Segment, ...], source: float) -> None:
        self.segments = segments
        self.source = source
        self._steps: tuple[TimeMap, ...] = ()
        self._most = len(segments)

    @staticmethod
    def _of_steps(steps: tuple[TimeMap, ...], most: int) -> TimeMap:
        """The map of maps that follow each other, which has `most` segments or fewer."""
        made = TimeMap.__new__(TimeMap)
        made.source = steps[0].source
        made._steps, made._most = steps, most
        return made

    @staticmethod
    def _of_table(table: Table, source: float) -> TimeMap:
        """The map of segments that are the rows of a table."""
        made = TimeMap.__new__(TimeMap)
        made.source = source
        made._steps, made._most = (), len(table)
        made._table = table
        return made

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The pieces of the map in the order of the result."""
        if self._steps:
            return self._whole.segments
        return tuple(map(Segment._make, self._table.tolist()))

    @cached_property
    def _table(self) -> Table:
        """The same as rows (N, 5)."""
        return self._whole._table if self._steps else table_of(self.segments)

    @cached_property
    def _whole(self) -> TimeMap:
        """What several steps are together."""
        steps = self._steps
        while len(steps) > 1:
            pairs = zip(steps[::2], steps[1::2], strict=False)
            rest = steps[len(steps) // 2 * 2 :]
            steps = (*(one._followed_by(other) for one, other in pairs), *rest)
        return steps[0]

    @property
    def duration(self) -> float:
        """How long the result lasts."""
        if self._steps:
            return self._steps[-1].duration
        return self.segments[-1].stop if self.segments else 0.0

    @property
    def is_identity(self) -> bool:
        """Whether the result is the source, second for second."""
        return self.segments == (Segment(0.0, self.source, 0.0, self.source),)

    @staticmethod
    @lru_cache(maxsize=_DURATIONS)
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

    @staticmethod
    def blanking(spans: Iterable[tuple[float, float]], duration: float) -> TimeMap:
        """The map that leaves `duration` seconds where they are, with gaps in some spans."""
        pieces: list[tuple[float, float, float, float]] = []
        at = 0.0
        for start, stop in (*sorted(spans), (duration, duration)):
            begin, end = min(max(at, start), duration), min(stop, duration)
            pieces.append((begin - at, at, begin, 1.0))
            pieces.append((end - begin, math.nan, math.nan, 1.0))
            at = max(begin, end)
        return TimeMap.of(pieces, duration)

    def then(self, later: TimeMap) -> TimeMap:
        """This map followed by `later`, as one map.

        What `later` shows before the beginning or after the end of this result is a gap.
        """
        if later.is_identity and later.source == self.duration:
            return self
        most = later._most + later._visits * self._most
        if most <= limits.PIECES:
            return TimeMap._of_steps((*self._parts, *later._parts), most)
        self._require_few(later)
        return self._followed_by(later)

    @property
    def _parts(self) -> tuple[TimeMap, ...]:
        """The steps that are not yet composed; the map itself where nothing waits."""
        return self._steps if self._steps and "_whole" not in self.__dict__ else (self,)

    @cached_property
    def _visits(self) -> int:
        """How often the map shows a moment of its source at most, or more than that."""
        if self._parts == self._steps:
            return math.prod(step._visits for step in self._steps)
        shown = [segment for segment in self.segments if not segment.is_gap]
        onward = all(one.last <= other.first for one, other in pairwise(shown))
        return 1 if onward and all(one.first <= one.last for one in shown) else len(self.segments)

    def _followed_by(self, later: TimeMap) -> TimeMap:
        """This map followed by `later`, composed."""
        if self._most + later._most >= MANY:
            table = table_under(self._table, later._table)
            if table is not None:
                return TimeMap._of_table(table, self.source)
        pieces: list[Segment] = []
        for outer in later.segments:
            append_under(self.segments, self._edges, outer, pieces)
        return TimeMap(tuple(pieces), self.source)

    def _require_few(self, later: TimeMap) -> None:
        """Raise OverLimitError where the map of both would have too many pieces."""
        edges = self._edges
        pieces = 0
        for outer in later.segments:
            low, high = sorted((outer.first, outer.last))
            pieces += 1 + max(0, bisect_right(edges, high) - bisect_right(edges, low))
        limits.require(pieces, limits.PIECES, "what the clock has met", "pieces")

    @cached_property
    def _edges(self) -> list[float]:
        return [*(segment.start for segment in self.segments), self.duration]

    def _covering(self, second: float) -> Segment | None:
        """The segment that shows at `second`; None outside of the result."""
        if not 0.0 <= second <= self.duration or not self.segments:
            return None
        count = len(self.segments)
        return self.segments[max(0, bisect_right(self._edges, second, 0, count) - 1)]

    def at(self, second: float) -> float:
        """The source's moment that the result shows at `second`; NaN in gaps and outside."""
        segment = self._covering(second)
        return math.nan if segment is None else segment.at(second)

    def moments(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The source's moments at many seconds of the result; NaN in gaps and outside."""
        table = self._table
        if not len(table):
            return np.full(np.shape(seconds), np.nan)
        index = np.clip(np.searchsorted(table[:, 0], seconds, side="right") - 1, 0, None)
        start, stop, first, last, _ = table[index].T
        moments = first + (seconds - start) / (stop - start) * (last - first)
        outside = (seconds < 0.0) | (seconds > self.duration)
        return np.asarray(np.where(outside, np.nan, moments))

    def parts(self, start: float, stop: float) -> list[Segment]:
        """The pieces of the map that show any of the source's [start, stop], in order.

        A moment (start == stop) is shown by the pieces of no length at it.
        """
        found = (part_of(segment, start, stop) for segment in self.segments)
        return [part for part in found if part is not None]

    def places(self, start: float, stop: float) -> list[tuple[float, float]]:
        """The spans of the result that show any of the source's [start, stop], in order.

        Neighbouring spans that show neighbouring parts are one. A loop shows a span several times.
        """
        found: list[tuple[float, float]] = []
        end = math.nan
        for part in self.parts(start, stop):
            if found and part.start - found[-1][1] <= _SHORTEST and abs(part.first - end) < 1e-6:
                found[-1] = (found[-1][0], part.stop)
            else:
                found.append((part.start, part.stop))
            end = part.last
        return found

    def seen_from(self, offset: float) -> TimeMap:
        """The map of a stream whose own second 0 is the clock's `offset`; its offset stays.

        The stream lasts as long as the clock does: it begins and ends `offset` seconds later. What
        it shows before the clock's beginning or after its end goes on as the first or the last
        segment does.
        """
        if offset == 0.0 or not self.segments:
            return self
        end = self.duration + offset
        first, last = self.segments[0], self.segments[-1]
        segments = list(self.segments)
        if offset < 0.0:
            segments[0] = first._replace(start=offset, first=first.beyond(offset))
        else:
            segments[-1] = segments[-1]._replace(stop=end, last=last.beyond(end))
        moved: list[Segment] = []
        for segment in segments:
            start, stop = max(segment.start, offset), min(segment.stop, end)
            if stop - start <= _SHORTEST:
                continue
            begin = segment.first if start == segment.start else segment.at(start)
            finish = segment.last if stop == segment.stop else segment.at(stop)
            moved.append(
                Segment(
                    start - offset, stop - offset, begin - offset, finish - offset, segment.pitch
                )
            )
        return TimeMap(tuple(moved), self.source)
