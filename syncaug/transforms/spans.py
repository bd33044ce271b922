"""Spans of clocks that come from a partner: where they lie, and where in the partner they begin."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Span", "span"]


class Span(NamedTuple):
    """The seconds [start, stop) of a clock, which the partner's seconds from `begin` on fill."""

    start: float
    stop: float
    begin: float

    @property
    def length(self) -> float:
        """How many seconds it lasts."""
        return self.stop - self.start


def span(share: float, at: float, partner_at: float, duration: float, partner: float) -> Span:
    """The span of `share` of `duration` seconds, at most as long as the partner lasts.

    `at` and `partner_at` go from 0, at the beginning, to 1, as late as the span fits.
    """
    length = min(share * duration, partner)
    start = at * (duration - length)
    return Span(start, start + length, partner_at * (partner - length))
