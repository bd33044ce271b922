"""Texts that write places, where streams draw for themselves: of which picture their numbers are.

A text reads its numbers in the picture that the first of its maps starts from. Where it has drawn
for itself and then follows a library's call, that map starts from a picture that the text has not
met. So each begins with the map that leaves the picture which came as it is.
"""

from __future__ import annotations

from syncaug.engine.state import State
from syncaug.maps.plane import PlaneMap
from syncaug.plan.plan import Plan

__all__ = ["Placed"]

_AS_IT_IS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
"""The numbers of no move, apart from IDENTITY, before which composed maps keep none."""


class Placed:
    """The streams of a plan that write places, by the plane in which these lie."""

    def __init__(self, plan: Plan) -> None:
        writing = {s.name for s in plan.streams if _places(s.options.get("coordinates"))}
        self._on_plane = [
            (plane, tuple(s.name for s in plan.living("plane", plane) if s.name in writing))
            for plane in (plan.spaces("plane") if writing else ())
        ]

    def begin(self, state: State) -> None:
        """Let all of them know the picture that came, before a step moves it."""
        for plane, names in self._on_plane:
            total = state.totals.get(plane)
            if names and total is not None:
                size = total.source
                state.send("plane", plane, PlaneMap.plain(_AS_IT_IS, size, size), names)


def _places(coordinates: object) -> bool:
    """Whether what an option says of coordinates lets them follow a picture."""
    return coordinates not in (None, "keep", "refuse")
