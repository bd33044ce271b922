"""Flat lanes: how the plain values of a stream are carried by functions, without a carrier.

A carrier validates any form, explains what is wrong, meets maps of every kind, and remembers for
records and checks what became of its stream. Most samples need none of it: arrays of the usual kind
that have met one map of their plane, one of tones and one of their world.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from syncaug.maps.plane import PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap

__all__ = ["FlatLane"]


class FlatLane(NamedTuple):
    """The functions of one stream of a plan.

    `kind` is the very type of a plain value; `admits` says whether it is seen at once that a
    carrier would take such a value as it is, and is None where it takes all of them. `carry` gives
    what a carrier makes of such a value under the maps that it met, to the last bit; each is
    composed of all of its kind, and None where there was none. It gives None where only a carrier
    can tell, and raises what a carrier raises. `lit` says whether tones change anything.
    """

    kind: type
    admits: Callable[[Any], bool] | None
    carry: Callable[[Any, PlaneMap | None, ToneMap | None, WorldMap | None], Any]
    lit: bool = False
