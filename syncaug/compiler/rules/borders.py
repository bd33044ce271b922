"""Operations whose border shows a part of the picture once more, and what cannot be doubled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syncaug import catalogue
from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.possible import can_be
from syncaug.plan.plan import Call, Stream
from syncaug.values.interval import Support

__all__ = ["bordered"]

_SINGLE = frozenset({"boxes", "keypoints", "phrases"})
"""Streams that hold each thing once, however often a picture shows it."""


def bordered(
    calls: Sequence[Call],
    following: Sequence[Call],
    streams: Mapping[str, Stream],
    scope: Mapping[str, Support],
    path: Path,
    complaints: Complaints,
) -> None:
    """Complain about followers that could not tell of what a border doubles.

    Masks, depth images and other pictures follow with the same border.
    """
    for call in calls:
        spec = catalogue.operation(call.operation)
        doubles = spec.repeats and all(
            can_be(spec, call.parameters, name, values, scope)
            for name, values in spec.repeats.items()
        )
        single = doubles and [
            other.stream
            for other in following
            if other.leader == call.stream and streams[other.stream].modality in _SINGLE
        ]
        if single:
            complaints.add(
                "SA513",
                (*path, call.stream, "border_mode"),
                f"the border of {call.operation} shows parts of the picture once more, and "
                f"{single[0]!r} holds each thing once",
                expected="border_mode: 0 (fill) or 1 (the edge's pixels go on)",
                hint="the transforms rotate, scale, translate and perspective fill their borders",
            )
