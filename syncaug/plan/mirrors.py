"""Which steps may mirror, and what of a sample names sides without saying what a mirror does."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.catalogue import operation
from syncaug.plan.changes import transform_may_change
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["ADVICE", "mirrored_streams"]

ADVICE = "declare sides: swap (left and right trade places in a mirror) or sides: keep"


def mirrored_streams(plan: Plan) -> frozenset[str]:
    """Undecided streams whose space some step may mirror: their names are worth a look."""
    spaces = {(kind, space) for step in plan.walk() for kind, space in _mirrored(plan, step)}
    if not spaces:
        return frozenset()
    return frozenset(
        stream.name
        for stream in plan.streams
        if stream.spec.names_sides
        and "sides" not in stream.options
        and (spaces if stream.modality == "label" else spaces & set(_places(stream)))
        and not (stream.modality == "phrases" and stream.options.get("text"))
    )


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
