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
    camera what it sees asks the one that its own crop has not moved. So are draws of a choice of
    one step. `happens` tells of a draw whether it is carried out, `alike` of a step's name whether
    it is a transform.
    """
    for name, several in groupby(steps, attrgetter("name")):
        draws = list(several)
        if len(draws) < 2 or not draws[0].only:
            yield from draws
        elif alike(name):
            own = {
                stream: drawn.parameters.get(SHARED, {})
                for drawn in draws
                if happens(drawn)
                for stream in drawn.only
            }
            yield StepDraw(name, bool(own), own, {}, tuple(own))
        elif all(len(drawn.steps) < 2 for drawn in draws):  # each stream chose one, or none
            chosen = [inner for drawn in draws if happens(drawn) for inner in drawn.steps]
            first = {inner.name: place for place, inner in reversed([*enumerate(chosen)])}
            chosen.sort(key=lambda inner: first[inner.name])
            if chosen:
                yield StepDraw(name, True, {}, {}, (), tuple(chosen))
            else:
                yield from draws
        else:
            yield from draws
