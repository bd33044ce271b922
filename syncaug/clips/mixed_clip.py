"""Two clips as one that is not computed before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.clips.clip import Clip, DerivedClip, Indices
from syncaug.maps.mix import Mix

__all__ = ["MixedClip", "mixed_clip"]

_OWN = -1
"""What `rows` says of a frame that takes nothing from the partner."""


@dataclass(frozen=True, slots=True, eq=False)
class MixedClip(DerivedClip):
    """The own clip's frames and times, with the partner's frame `rows[i]` in frame i."""

    partner: Clip
    rows: NDArray[np.int64]
    mix: Mix

    def read(self, indices: Indices) -> NDArray[Any]:
        order = np.asarray(indices, dtype=np.intp)
        out = self.source.read(order).copy()
        rows = self.rows[order]
        there = np.flatnonzero(rows != _OWN)
        wanted, places = np.unique(rows[there], return_inverse=True)
        others = self.partner.read(wanted) if len(wanted) else out[:0]
        left, top, right, bottom = self.mix.window
        for at, place in zip(there.tolist(), places.tolist(), strict=True):
            if self.mix.kind == "region":
                out[at, top:bottom, left:right] = others[place, top:bottom, left:right]
            elif self.mix.kind == "span":
                out[at] = others[place]
            else:
                frame = np.ascontiguousarray(others[place])
                out[at] = opencv.blend(out[at], frame, self.mix.weight)
        return out


def mixed_clip(own: Clip, partner: Clip, mix: Mix, offset: float = 0.0) -> MixedClip:
    """The clip after a mix. Frames are found by the middle of the time for which they are shown.

    A partner that ends before goes on with its last frame. `offset` is the clock's second at which
    both begin.
    """
    ends = np.append(own.times[1:], own.duration)
    middles = (own.times + ends) / 2
    moments = middles
    if mix.kind == "span":
        moments = middles - mix.span[0] + mix.begin
    rows = np.searchsorted(partner.times, moments + _ROUNDING, side="right") - 1
    rows = np.clip(rows, 0, len(partner) - 1).astype(np.int64)
    if mix.kind == "span":
        start, stop = (moment - offset for moment in mix.span)
        rows[(middles < start) | (middles >= stop)] = _OWN
    return MixedClip(own, partner, rows, mix)


_ROUNDING = 1e-9
"""Seconds by which a frame may begin late and still be shown."""
