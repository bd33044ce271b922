"""Segments: one span of a clock's result, and the span of the source that it shows."""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Segment", "line", "part_of"]


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
        start, stop, first, last, _ = self
        return line(start, stop, first, last, second)

    def beyond(self, second: float) -> float:
        """As `at`, also before the beginning and after the end."""
        return self.first + (second - self.start) * self.speed


def part_of(segment: Segment, start: float, stop: float) -> Segment | None:
    """What of a segment shows [start, stop] of the source, or None where nothing does."""
    low, high = sorted((segment.first, segment.last))  # NaN in gaps, and then nothing compares
    begin, end = max(start, low), min(stop, high)
    if segment.is_gap or end < begin or (end == begin and stop > start):
        return None
    if high == low:
        return segment
    if segment.last < segment.first:
        begin, end = end, begin
    speed = segment.speed
    left = segment.start + (begin - segment.first) / speed
    right = segment.start + (end - segment.first) / speed
    return Segment(
        segment.start if begin == segment.first else left,
        segment.stop if end == segment.last else min(segment.stop, right),
        begin,
        end,
        segment.pitch,
    )


def line(start: float, stop: float, first: float, last: float, second: float) -> float:
    """Where the line from (start, first) to (stop, last) is at `second`; exact at both ends."""
    share = (second - start) / (stop - start)
    return first + share * (last - first) if share < 1.0 else last
