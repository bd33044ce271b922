"""Operations whose border shows a part of the picture once more, and what cannot be doubled."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug import catalogue
from syncaug.compiler.declared import Declared
from syncaug.compiler.parameters.possible import can_be
from syncaug.compiler.reach.applied import Applied
from syncaug.plan.step import Call

__all__ = ["require_single"]

_SINGLE = frozenset({"boxes", "keypoints", "polygons", "oriented_boxes", "phrases"})
"""Streams that hold each thing once, however often a picture shows it."""
_DIRECTED = frozenset({"flow", "normals", "disparity"})
"""Streams whose numbers would have to turn where the border turns the picture."""


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
        for other in followers if doubles else ():
            modality = declared.streams[other.stream].modality
            if other.leader == call.stream and modality in _SINGLE | _DIRECTED:
                holds = "each thing once" if modality in _SINGLE else "directions in the picture"
                declared.complaints.add(
                    "SA513",
                    (*applied.path, call.stream, "border_mode"),
                    f"the border of {call.operation} shows parts of the picture once more, and "
                    f"{other.stream!r} holds {holds}",
                    expected="border_mode: 0 (fill) or 1 (the edge's pixels go on)",
                    hint="the transforms rotate, scale, translate and perspective fill their "
                    "borders",
                )
                break
