"""Pictures of numbers that a step would leave untrue: disparities in a mirror, flow as an image."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from syncaug.catalogue import operation
from syncaug.compiler.complaints import Complaints
from syncaug.plan.changes import transform_may_change
from syncaug.plan.plan import Plan, Step
from syncaug.values.value import Constant

__all__ = ["warn_of_measured"]

_CALLED: Mapping[str, re.Pattern[str]] = {
    "flow": re.compile(r"(?:^|_)(?:optical_?flow|flow)(?:_|$)", re.I),
    "disparity": re.compile(r"(?:^|_)(?:disparity|disp)(?:_|$)", re.I),
    "normals": re.compile(r"(?:^|_)(?:(?:surface_?)?normals|normal_?map)(?:_|$)", re.I),
    "heatmap": re.compile(r"(?:^|_)heat_?maps?(?:_|$)", re.I),
}
"""Modality -> what a stream is called that probably is of it."""
_MEASURES = frozenset({"image", "mask", "depth"})
"""Modalities under which they pass, and whose pixels only move."""


def warn_of_measured(plan: Plan, complaints: Complaints) -> None:
    """Warn once for each stream whose numbers a step leaves, or turns to what nobody expects."""
    for stream in plan.streams:
        if stream.modality == "disparity" and not {"swap", "sign"} & set(stream.options):
            step = next(_mirroring(plan, stream.name), None)
            if step is not None:
                complaints.add(
                    "SA616",
                    ("sample", stream.name),
                    f"step {step.name!r} mirrors, and the numbers of {stream.name!r} fall below 0",
                    hint="declare swap: [LEFT, RIGHT], the planes of a pair that trades places; "
                    "sign: keep if it is an inverse depth; or sign: follow if that is meant",
                    key=True,
                    severity="warning",
                )
        if stream.modality not in _MEASURES:
            continue
        meant = next((kind for kind, name in _CALLED.items() if name.search(stream.name)), "")
        step = next(_moving(plan, stream.name), None) if meant else None
        if step is not None:
            complaints.add(
                "SA617",
                ("sample", stream.name),
                f"step {step.name!r} moves the pixels of {stream.name!r} and leaves their numbers",
                hint=f"declare modality: {meant} if they are that, or give it another name",
                key=True,
                severity="warning",
            )


def _moving(plan: Plan, name: str) -> Iterator[Step]:
    """The steps that move the plane of a stream, or change its levels."""
    for step in plan.walk():
        if {"plane", "tone"} & set(step.streams.get(name, ())):
            yield step


def _mirroring(plan: Plan, name: str) -> Iterator[Step]:
    """The steps that may mirror a stream from left to right."""
    for step in plan.walk():
        if name not in step.streams:
            continue
        upside = step.parameters.get("axis") == Constant("vertical")
        calls = [operation(call.operation) for call in step.calls if call.operation]
        mirrors = transform_may_change(step, "mirror") and not upside
        if mirrors or any(spec.may_change("mirror") for spec in calls):
            yield step
