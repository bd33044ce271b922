"""Play a clock faster or slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.time import TimeMap
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import SpeedParameters

__all__ = ["maps"]


def maps(parameters: SpeedParameters, view: View) -> Maps:
    """One time map for each clock; pitch is 1 where it is kept and the factor where it follows."""
    factor = parameters["factor"]
    pitch = 1.0 if parameters["preserve_pitch"] else factor
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        piece = (length / factor, 0.0, length, pitch)
        out.append(("time", clock, TimeMap.of([piece], length)))
    return out
