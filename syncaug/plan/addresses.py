"""The addresses of a plan: each random number has its own, whatever steps and streams are called.

VARIABLE                              a variable of the policy
STEP.draw.VARIABLE                    a variable of a step
STEP.p, STEP.count, STEP.choice/N     a step's chance, how many steps of a choice, which ones
STEP.PARAMETER                        a parameter of a transform
STEP.STREAM.PARAMETER                 a parameter of a stream's operation
STEP.STREAM/N.PARAMETER               of its operation N, from 1 on (0 where the stream is
                                      called `draw` and a variable as the parameter)
STEP.STREAM.PARAMETER.jitter          how far a stream strays from the shared draw
STEP/STREAM, STEP/STREAM/N            what a library, or a noise field, draws inside
ADDRESS@STREAM                        what a stream draws for itself
STREAM/choose                         which text of a list a stream gives, in every attempt
STREAM/choose/partner                 which text of a list the partner's gives

Text N of a list, from 1 on, has child N of what a library or noise draws inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from syncaug.plan.plan import Plan, Step, Variable
from syncaug.values.value import Drawn, Value

__all__ = ["addresses", "chosen_at"]


def chosen_at(stream: str, *, partner: bool = False) -> str:
    """The address of the choice among the texts of a stream, or of the partner's."""
    return f"{stream}/choose/partner" if partner else f"{stream}/choose"


def addresses(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every address at which a plan draws numbers, and what is drawn there in words."""
    yield from _variables(plan.variables)
    for stream in plan.streams:
        if stream.options.get("choose") == "one":
            for partner in (False, True):
                yield chosen_at(stream.name, partner=partner), f"the choice of {stream.name!r}"
    for step in plan.steps:
        yield from _step(step, alone=False)


def _step(step: Step, *, alone: bool) -> Iterator[tuple[str, str]]:
    independent = step.sync.mode == "independent" and len(step.streams) > 1
    inside = chain.from_iterable(_step(child, alone=alone or independent) for child in step.steps)
    if not independent or alone:
        yield from _of(step)
        yield from inside
        return
    # Only a stream whose name holds the mark can lead into another's; all others differ.
    marked = [name for name in step.streams if "@" in name]
    own = [*_of(step), *inside]
    yield from own
    for address, what in own if marked else ():
        yield from ((f"{address}@{name}", f"{what} for {name!r}") for name in step.streams)


def _of(step: Step) -> Iterator[tuple[str, str]]:
    """What one step draws, without the steps inside it."""
    place = f"of step {step.name!r}"
    yield from _variables(step.variables, f" {place}")
    yield from _drawn([("the chance", step.gate)], place)
    yield from _drawn(((f"parameter {n!r}", v) for n, v in dict(step.parameters).items()), place)
    for call in step.calls:
        parameters = ((f"parameter {n!r}", v) for n, v in call.parameters.items())
        yield from _drawn(parameters, f"of {call.stream!r} in step {step.name!r}")
    if step.count is not None:
        yield from _drawn([("the count", step.count)], place)
    if step.steps:
        for index in range(len(step.steps) if step.kind == "some_of" else 1):
            yield f"{step.name}.choice/{index}", f"choice {index} {place}"
    for stream, parameter, *_ in step.sync.jitter:
        yield f"{step.name}.{stream}.{parameter}.jitter", f"jitter of {stream!r} {place}"
    yield from _fields(step)


def _fields(step: Step) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for call in step.calls:
        if call.operation:
            index = seen.get(call.stream, 0)
            seen[call.stream] = index + 1
            end = f"/{index}" if index else ""
            yield f"{step.name}/{call.stream}{end}", f"the field of {call.stream!r}"
    if step.transform == "noise":
        for stream in step.streams:
            yield f"{step.name}/{stream}", f"the field of {stream!r}"


def _variables(variables: Iterable[Variable], place: str = "") -> Iterator[tuple[str, str]]:
    return _drawn(((f"variable {v.name!r}", v.value) for v in variables), place.strip())


def _drawn(values: Iterable[tuple[str, Value]], place: str) -> Iterator[tuple[str, str]]:
    for name, value in values:
        if isinstance(value, Drawn):
            yield value.address, f"{name} {place}".strip()
