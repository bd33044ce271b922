"""The draws of streams that draw for themselves, as one draw of their step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from syncaug.draw import SHARED, StepDraw

__all__ = ["together"]


def together(
    steps: Sequence[StepDraw], happens: Callable[[StepDraw], bool], transforms: Mapping[str, str]
) -> Iterator[StepDraw]:
    """The same steps, where those of one transform that reach a stream each are one draw.

    So the maps of all its streams are made of the sample as the step finds it: a cloud that asks a
    camera what it sees asks the one that its own crop has not moved. So are draws of a choice,
    whose steps are taken one after the other by all streams that chose them. `happens` tells of a
    draw whether it is carried out, `transforms` of each step, in the policy's order, which
    transform it uses, if any.
    """
    for name, several in groupby(steps, attrgetter("name")):
        draws = list(several)
        if len(draws) < 2 or not draws[0].only:
            yield from draws
        elif transforms[name]:
            own = {
                stream: drawn.parameters.get(SHARED, {})
                for drawn in draws
                if happens(drawn)
                for stream in drawn.only
            }
            yield StepDraw(name, bool(own), own, {}, tuple(own))
        else:
            chosen = [inner for drawn in draws if happens(drawn) for inner in drawn.steps]
            in_order = any(len(drawn.steps) > 1 for drawn in draws)
            names = transforms if in_order else dict.fromkeys(inner.name for inner in chosen)
            place = {step: number for number, step in enumerate(names)}
            chosen.sort(key=lambda inner: place[inner.name])
            if chosen:
                yield StepDraw(name, True, {}, {}, (), tuple(chosen))
            else:
                yield from draws
