"""Play a clock several times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug import limits
from syncaug.maps.time import TimeMap
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LoopParameters

__all__ = ["maps"]


def maps(parameters: LoopParameters, view: View) -> Maps:
    """One time map for each clock: whole rounds, and what is left of a last one."""
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        if "times" in parameters:
            whole, rest = divmod(parameters["times"], 1.0)
            rest *= length
        else:
            whole, rest = divmod(max(length, parameters["duration"]), length)
        limits.require(whole, limits.PIECES, f"a clock of {length:g} s", "rounds")
        spans = [(0.0, length)] * int(whole) + [(0.0, rest)]
        out.append(("time", clock, TimeMap.keeping(spans, length)))
    return out
