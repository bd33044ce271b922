"""Play a clock backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.time import TimeMap
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import ReverseParameters

__all__ = ["maps"]


def maps(parameters: ReverseParameters, view: View) -> Maps:
    """One time map for each clock."""
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        out.append(("time", clock, TimeMap.of([(length, length, 0.0, 1.0)], length)))
    return out
