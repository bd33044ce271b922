"""Operations whose border shows a part of the picture once more, and what cannot be doubled."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug import catalogue
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.possible import can_be
from syncaug.compiler.reach.applied import Applied
from syncaug.plan.step import Call

__all__ = ["require_single"]

_SINGLE = frozenset({"boxes", "keypoints", "polygons", "phrases"})
"""Streams that hold each thing once, however often a picture shows it."""


def require_single(applied: Applied, followers: Sequence[Call], declared: Declared) -> None:
    """Complain about followers that cannot hold what a border doubles.

    Masks, depth images and other pictures follow with the same border.
    """
    for call in applied.calls:
        spec = catalogue.operation(call.operation)
        doubles = spec.repeats and all(
            can_be(spec, call.parameters, name, values, applied.scope)
            for name, values in spec.repeats.items()
        )
        single = doubles and [
            other.stream
            for other in followers
            if other.leader == call.stream and declared.streams[other.stream].modality in _SINGLE
        ]
        if single:
            declared.complaints.add(
                "SA513",
                (*applied.path, call.stream, "border_mode"),
                f"the border of {call.operation} shows parts of the picture once more, and "
                f"{single[0]!r} holds each thing once",
                expected="border_mode: 0 (fill) or 1 (the edge's pixels go on)",
                hint="the transforms rotate, scale, translate and perspective fill their borders",
            )
