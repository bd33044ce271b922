"""Which steps may mirror, and what of a sample names sides without saying what a mirror does."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.catalogue import operation
from syncaug.plan.changes import transform_may_change
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["ADVICE", "mirrored_spaces", "mirrored_streams", "named_bodies"]

ADVICE = "declare sides: swap (left and right trade places in a mirror) or sides: keep"


def mirrored_streams(plan: Plan) -> frozenset[str]:
    """Undecided streams whose space some step may mirror: their names are worth a look."""
    spaces = mirrored_spaces(plan)
    if not spaces:
        return frozenset()
    return frozenset(
        stream.name
        for stream in plan.streams
        if stream.spec.names_sides
        and "sides" not in stream.options
        and (spaces if stream.modality == "label" else spaces.intersection(_places(stream)))
        and not (stream.modality == "phrases" and stream.options.get("text"))
    )


def mirrored_spaces(plan: Plan) -> frozenset[tuple[str, str]]:
    """The planes and worlds that some step may mirror, by kind and name."""
    return frozenset(pair for step in plan.walk() for pair in _mirrored(plan, step))


def named_bodies(plan: Plan) -> Iterator[Stream]:
    """The streams whose points or channels have `names:` that trade places in some mirror."""
    spaces = mirrored_spaces(plan)
    for stream in plan.streams:
        swaps = stream.options.get("sides", "swap") != "keep"
        if swaps and stream.options.get("names") and spaces.intersection(_places(stream)):
            yield stream


def _places(stream: Stream) -> Iterator[tuple[str, str]]:
    return ((kind, space) for kind, space in stream.places if kind in ("plane", "world"))


def _mirrored(plan: Plan, step: Step) -> Iterator[tuple[str, str]]:
    """The planes and worlds that a step may mirror."""
    if transform_may_change(step, "mirror"):
        for name, kinds in step.streams.items():
            yield from (pair for pair in _places(plan.stream(name)) if pair[0] in kinds)
    for call in step.calls:
        if call.operation and operation(call.operation).may_change("mirror"):
            yield from _places(plan.stream(call.stream))
