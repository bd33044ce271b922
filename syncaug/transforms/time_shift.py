"""Move everything on a clock later or earlier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.time import TimeMap
from syncaug.transforms.clock import on_ticks
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import TimeShiftParameters

__all__ = ["maps"]


def maps(parameters: TimeShiftParameters, view: View) -> Maps:
    """One time map for each clock, by whole samples of its finest sound.

    Raises RefusalError where nothing of the clock would be left.
    """
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        unit = length if parameters["unit"] == "share" else 1.0
        later = on_ticks(parameters["seconds"] * unit, view.tick(clock))
        if abs(later) >= length and not parameters["wrap"]:
            raise RefusalError(
                clock,
                f"lasts {length:g} s, and a shift by {later:+g} s leaves nothing of it: shift it "
                "by less, or by a share of the length (unit: share), or bring in what left "
                "(wrap: true)",
            )
        if parameters["wrap"]:
            later %= length
            pieces = [
                (later, length - later, length, 1.0),
                (length - later, 0.0, length - later, 1.0),
            ]
        elif later >= 0.0:
            pieces = [(later, math.nan, math.nan, 1.0), (length - later, 0.0, length - later, 1.0)]
        else:
            gap = -later
            pieces = [(length - gap, gap, length, 1.0), (gap, math.nan, math.nan, 1.0)]
        out.append(("time", clock, TimeMap.of(pieces, length)))
    return out
