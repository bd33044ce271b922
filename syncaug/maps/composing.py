"""One row of segments under another: the pieces of both, each within one segment of each.

A later map's segment passes edges of the earlier map, in its own direction; they are the ends of
its pieces. Few segments are gone through one by one, and many at once as the rows of a table, by
the same arithmetic and to the bit.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.segment import Segment, line

__all__ = ["MANY", "Table", "append_under", "table_of", "table_under"]

Table = NDArray[np.float64]
"""Segments as rows (N, 5): start, stop, first, last, pitch."""

MANY = 64
"""Segments of both maps from which a table is faster."""
_ROUNDING = 1e-12
"""What rounding may do to a second: moments that are nearer than this, relatively, are one."""
_GAP = Segment(-math.inf, math.inf, math.nan, math.nan)
"""What a map shows before its beginning and after its end."""


def append_under(
    inner: Sequence[Segment], edges: Sequence[float], outer: Segment, pieces: list[Segment]
) -> None:
    """Append the pieces of a later map's segment, each within one segment of the `inner` map.

    `edges` are the inner segments' starts, and the last one's stop.
    """
    start, stop, first, last, pitch = outer
    if outer.is_gap:
        _append(pieces, outer)
        return
    if first == last:  # a still: one moment for a while
        moment = math.nan
        if inner and 0.0 <= first <= edges[-1]:
            moment = inner[max(0, bisect_right(edges, first, 0, len(inner)) - 1)].at(first)
        _append(pieces, Segment(start, stop, moment, moment, pitch))
        return
    cuts, place = _passed(edges, first, last)
    top = len(inner) - 1
    length, way = stop - start, last - first
    begin, now = first, start
    for cut in (*cuts, last):
        until = stop if cut == last else start + (cut - first) / way * length
        if until > now:
            middle = (begin + cut) / 2
            while place > 0 and middle < edges[place]:
                place -= 1
            while place < top and middle >= edges[place + 1]:
                place += 1
            shown = inner[place] if inner and 0.0 <= middle <= edges[-1] else _GAP
            if shown.is_gap:
                piece = Segment(now, until, math.nan, math.nan, pitch)
            else:
                left, right, low, high, own_pitch = shown
                piece = Segment(
                    now,
                    until,
                    line(left, right, low, high, begin),
                    line(left, right, low, high, cut),
                    own_pitch * pitch,
                )
            _append(pieces, piece)
        begin, now = cut, until


def _passed(edges: Sequence[float], first: float, last: float) -> tuple[list[float], int]:
    """The edges between two moments, in the order from `first`; and about where that lies."""
    low, high = (first, last) if first < last else (last, first)
    near = _ROUNDING * max(1.0, abs(low), abs(high))
    begin = bisect_right(edges, low + near)
    end = bisect_left(edges, high - near, begin) if low + near < high - near else begin
    between = list(edges[begin:end])
    if last < first:
        between.reverse()
    place = begin - 1 if first < last else end - 1
    return between, min(max(place, 0), len(edges) - 2)


def _append(pieces: list[Segment], piece: Segment) -> None:
    """Append a piece, or let the last one go on where one straight line is the same map.

    The same to the last bits of a float: no piece is without a reason.
    """
    if pieces and _continues(pieces[-1], piece):
        pieces[-1] = pieces[-1]._replace(stop=piece.stop, last=piece.last)
    else:
        pieces.append(piece)


def _continues(one: Segment, other: Segment) -> bool:
    """Whether one straight line through both is the same map, to the last bits of a float."""
    start, middle, first, reached, pitch = one
    begin, stop, onward, last, other_pitch = other
    if first != first or onward != onward:  # NaN: a gap
        return first != first and onward != onward
    if pitch != other_pitch or middle != begin:
        return False
    tolerance = _ROUNDING * max(1.0, abs(reached))
    if abs(onward - reached) >= tolerance:
        return False
    return abs(line(start, stop, first, last, middle) - reached) < tolerance


def table_of(segments: Sequence[Segment]) -> Table:
    """Segments as the rows of a table."""
    return np.array(segments, dtype=np.float64).reshape(-1, 5)


def table_under(inner: Table, outer: Table) -> Table | None:
    """What `append_under` makes of all outer segments; None where it takes them one by one.

    So it does where a gap or a still is among them, and where pieces go on as one.
    """
    start, stop, first, last, _ = outer.T
    if not len(inner) or not np.all(first != last) or np.isnan(first).any():
        return None
    edges = np.append(inner[:, 0], inner[-1, 1])
    low, high = np.minimum(first, last), np.maximum(first, last)
    near = _ROUNDING * np.maximum(1.0, np.maximum(np.abs(low), np.abs(high)))
    begin = np.searchsorted(edges, low + near, side="right")
    end = np.maximum(np.searchsorted(edges, high - near, side="left"), begin)
    counts = end - begin + 1
    row = np.repeat(np.arange(len(outer)), counts)
    ends = np.cumsum(counts)
    number = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    is_first, is_last = number == 0, number == counts[row] - 1
    forward = first < last
    place = np.where(forward, begin, end - 1)[row] + np.where(forward[row], number, -number)
    cut = np.where(is_last, last[row], edges[np.clip(place, 0, len(edges) - 1)])
    since = np.where(is_first, first[row], np.roll(cut, 1))
    share = (cut - first[row]) / (last - first)[row]
    until = np.where(is_last, stop[row], start[row] + share * (stop - start)[row])
    now = np.where(is_first, start[row], np.roll(until, 1))
    kept = until > now
    shown = _shown(inner, edges, np.stack([since, cut])[:, kept])
    pitch = outer[row[kept], 4]
    pitch = np.where(np.isnan(shown[0]), pitch, shown[2] * pitch)
    pieces = np.stack([now[kept], until[kept], *shown[:2], pitch], axis=1)
    return None if _any_continues(pieces) else pieces


def _shown(inner: Table, edges: NDArray[np.float64], spans: NDArray[np.float64]) -> Table:
    """What the inner map shows at both ends of spans (2, N), and its pitch: (3, N); NaN in gaps."""
    middle = (spans[0] + spans[1]) / 2
    place = np.clip(np.searchsorted(edges, middle, side="right") - 1, 0, len(inner) - 1)
    start, stop, first, last, pitch = inner[place].T
    share = (spans - start) / (stop - start)
    ends = np.where(share < 1.0, first + share * (last - first), last)
    shows = (middle >= 0.0) & (middle <= edges[-1])
    return np.stack([*np.where(shows, ends, math.nan), pitch])


def _any_continues(pieces: Table) -> bool:
    """Whether `_continues` holds of any two neighbours."""
    start, middle, first, reached, pitch = pieces[:-1].T
    begin, stop, onward, last, other_pitch = pieces[1:].T
    gaps = np.isnan(first) & np.isnan(onward)
    tolerance = _ROUNDING * np.maximum(1.0, np.abs(reached))
    share = (middle - start) / (stop - start)
    straight = np.where(share < 1.0, first + share * (last - first), last)
    alike = (pitch == other_pitch) & (middle == begin)
    near = (np.abs(onward - reached) < tolerance) & (np.abs(straight - reached) < tolerance)
    return bool(np.any(gaps | (alike & near)))
