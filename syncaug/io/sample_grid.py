"""Where sound lies to the sample in containers whose ticks are coarser: Matroska and WebM.

A tick is a millisecond there, 48 samples, so that a packet's time alone does not tell its place.
But blocks of a codec have one length, or few with a common divisor: sound without gaps lies on a
grid, and the times of a few blocks say which of its points is meant. The grid is believed where the
beginning and the end of a track lie on it; sound that does not is placed by its times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.io.containers import decoding
from syncaug.io.sound_samples import EXPECTED
from syncaug.io.track_packets import decoded

__all__ = ["SampleGrid", "sample_grid"]

_COMPARED = 100
"""Blocks at the beginning from which the grid is taken."""
_START = -(1 << 40)
"""Before every packet, also one that lies before 0."""
_NEAR = 3.0
"""Seconds before the end that must lie on it."""
_FINE = 1.3
"""Ticks between two points of a grid, at least: closer ones are not told apart."""
_SPREAD = 1.5
"""Ticks within which the times of sound without a gap lie."""


@dataclass(frozen=True, slots=True)
class SampleGrid:
    """Blocks begin at `anchor` + k `step`; their times lie `bias` samples later in their mean.

    `tick` is the samples in a tick of the track.
    """

    anchor: int
    step: int
    bias: float
    tick: float

    def places(self, ticks: Sequence[int], counts: Sequence[int]) -> list[int]:
        """The sample at which each block of a decoder begins, from times and lengths."""
        said = np.asarray(ticks, np.float64) * self.tick - self.bias
        before = np.cumsum([0, *counts])[:-1]
        out: list[int] = []
        for run in _runs(said - before, _SPREAD * self.tick):
            begin = float(np.mean((said - before)[run]))
            point = self.anchor + self.step * round((begin - self.anchor) / self.step)
            if abs(point - begin) > self.tick / 2:
                point = round(begin)
            out += (point + before[run]).tolist()
        return out


def sample_grid(path: Path, container: Any, stream: Any) -> tuple[SampleGrid, int] | None:
    """The grid of a track and how many samples it has; None where it lies on none.

    The container must stand at its beginning and is moved. Raises FileProblem.
    """
    tick = float(stream.time_base) * int(stream.codec_context.sample_rate)
    near = int((container.duration / 1e6 - _NEAR) / stream.time_base)
    with decoding(path, EXPECTED):
        first = list(islice(_blocks(container, stream, _START), _COMPARED))
        # Of its first block a new decoder may leave out what it does at a track's start.
        last = list(islice(_blocks(container, stream, near), 1, None))
    if len(first) < _COMPARED or len(last) < 2:
        return None
    places: list[int] = []
    filled = 0
    for said, count in first:
        moved = abs(said * tick - filled) > max(1.01, 1.01 * tick)
        if moved and places:
            return None
        place = round(said * tick) if moved else filled
        places.append(place)
        filled = max(0, place + count)  # what lies before 0 is cut
    # The first block may be shorter, by what a codec needs to get going, and so may be the last.
    step = math.gcd(*(count for _, count in [*first[1:], *last[:-1]]))
    if step < _FINE * tick:
        return None
    late = [said * tick - place for (said, _), place in zip(first[1:], places[1:], strict=True)]
    grid = SampleGrid(places[-1], step, float(np.mean(late)), tick)
    ends = grid.places([said for said, _ in last], [count for _, count in last])
    length = ends[-1] + last[-1][1]
    if (ends[0] - grid.anchor) % step or length - ends[0] != sum(count for _, count in last):
        return None
    return grid, length


def _blocks(container: Any, stream: Any, begin: int) -> Iterator[tuple[int, int]]:
    """Times and lengths of decoded blocks."""
    for _, frames in decoded(container, stream, begin):
        for frame in frames:
            if frame.pts is not None:
                yield frame.pts, frame.samples


def _runs(late: Any, spread: float) -> Iterator[slice]:
    """Stretches without a gap, in which blocks follow each other as their times say."""
    begin = 0
    for place in range(1, len(late) + 1):
        if place == len(late) or abs(late[place] - late[begin]) > spread:
            yield slice(begin, place)
            begin = place
