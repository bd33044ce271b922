"""Play a clock backwards."""

from __future__ import annotations

from syncaug.maps.time import TimeMap
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One time map for each clock."""
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        out.append(("time", clock, TimeMap.of([(length, length, 0.0, 1.0)], length)))
    return out
