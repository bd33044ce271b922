"""The draws of streams that draw for themselves, as one draw of their step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from syncaug.draw import SHARED, StepDraw

__all__ = ["together"]


def together(
    steps: Sequence[StepDraw], happens: Callable[[StepDraw], bool], alike: Callable[[str], bool]
) -> Iterator[StepDraw]:
    """The same steps, where those of one transform that reach a stream each are one draw.

    So the maps of all its streams are made of the sample as the step finds it: a cloud that asks a
    camera what it sees asks the one that its own crop has not moved. `happens` tells of a draw
    whether it is carried out, `alike` of a step's name whether it is a transform.
    """
    for name, several in groupby(steps, attrgetter("name")):
        draws = list(several)
        if len(draws) < 2 or not draws[0].only or draws[0].steps or not alike(name):
            yield from draws
            continue
        own = {
            stream: drawn.parameters.get(SHARED, {})
            for drawn in draws
            if happens(drawn)
            for stream in drawn.only
        }
        yield StepDraw(name, bool(own), own, {}, tuple(own))
