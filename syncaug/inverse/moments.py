"""Moments of a clock brought back: the times of cues, and those inside them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from syncaug.errors import SampleError
from syncaug.kernels.inner_times import UnmovableTimes, retimed
from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import describe
from syncaug.plan.stream import Stream

__all__ = ["cues_back", "span_back"]


def cues_back(value: Any, time: TimeMap, stream: Stream) -> Any:
    """Cues at the seconds of the original, each with its words; no cue is lost, and none is cut.

    A cue that lies in a gap, where the result shows nothing of the original, has NaN for times.
    """
    if not isinstance(value, list | tuple):
        raise _unfit(stream, describe(value))
    out = [_cue(cue, index, time, stream) for index, cue in enumerate(value)]
    return tuple(out) if isinstance(value, tuple) else out


def _cue(cue: Any, index: int, time: TimeMap, stream: Stream) -> Any:
    if not isinstance(cue, Mapping) or not {"start", "end"} <= set(cue):
        raise _unfit(stream, f"entry {index}: {describe(cue)}")
    offset = float(stream.options.get("offset", 0.0))
    start, end = float(cue["start"]), float(cue["end"])

    def place(low: float, high: float) -> tuple[float, float]:
        first, last = span_back(low + offset, high + offset, time)
        return first - offset, last - offset

    new = place(start, end)
    whole = {"text": "", **cue}
    try:
        moved = dict(retimed(whole, (start, end), str(whole["text"]), place, new))
    except UnmovableTimes as error:
        raise SampleError(
            stream.name, expected="times inside of cues in a known form", came=f"{error}"
        ) from None
    moved |= {"start": new[0], "end": new[1]}
    return {key: moved[key] for key in cue}


def span_back(start: float, stop: float, time: TimeMap) -> tuple[float, float]:
    """The seconds of the original that the result shows from `start` to `stop`; NaN for none.

    Of what is shown in pieces it reaches from the first to the last, as what a cut took lay
    between; where the pieces are in no order, as in a loop, it is the longest of them.
    """
    pieces: list[tuple[float, float]] = []
    for segment in time.segments:
        low, high = max(start, segment.start), min(stop, segment.stop)
        if segment.is_gap or high < low or (high == low and stop > start):
            continue
        ends = segment.at(low), segment.at(high)
        pieces.append((min(ends), max(ends)))
    if not pieces:
        return math.nan, math.nan
    onward = all(one[1] <= other[0] + 1e-9 for one, other in pairwise(pieces))
    back = all(other[1] <= one[0] + 1e-9 for one, other in pairwise(pieces))
    if onward or back:
        return min(low for low, _ in pieces), max(high for _, high in pieces)
    return max(pieces, key=lambda piece: piece[1] - piece[0])


def _unfit(stream: Stream, came: str) -> SampleError:
    return SampleError(
        stream.name, expected="a prediction of cues with 'start' and 'end' in seconds", came=came
    )
