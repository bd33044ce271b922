"""Cut an excerpt out of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.time import TimeMap
from syncaug.transforms.clock import on_ticks
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import TrimParameters

__all__ = ["maps"]


def maps(parameters: TrimParameters, view: View) -> Maps:
    """One time map for each clock.

    The excerpt begins at a whole sample of the clock's finest sound, so that sound is cut and not
    resampled. An excerpt that is longer than its clock is all of it. Raises RefusalError where it
    would begin after the end.
    """
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        unit = length if parameters["unit"] == "share" else 1.0
        duration = parameters["duration"] * unit
        if duration > length:
            view.falls_short(clock, unit)
            duration = length
        if "start" in parameters:
            start = parameters["start"] * unit
            if start >= length:
                raise RefusalError(
                    clock,
                    f"lasts {length:g} s, and the excerpt begins at {start:g} s: begin it earlier, "
                    "or at a share of the length (unit: share)",
                )
        else:
            start = parameters["at"] * (length - duration)
        start = on_ticks(start, view.tick(clock))
        duration = min(duration, length - start)
        piece = (duration, start, start + duration, 1.0)
        out.append(("time", clock, TimeMap.of([piece], length)))
    return out
