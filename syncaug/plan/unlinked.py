"""Streams of rows of which nothing says whether they are the same things, and steps part them."""

from __future__ import annotations

from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["unlinked"]

_PARTING = frozenset({"plane", "field", "occlude", "mix", "frustum", "operation"})
"""Kinds of map by which a stream of rows may lose some, or get a partner's."""
_WHOLE = frozenset({"flip", "resize"})
"""Transforms that leave everything in the picture."""


def unlinked(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Pairs of boxes with keypoints or 3-D boxes that some step parts, and without any `rows:`.

    Boxes and keypoints are of one plane.
    """
    boxes = [stream for stream in plan.index.modalities.get("boxes", ()) if _undecided(stream)]
    if not boxes:
        return ()
    parted = {name for step in plan.walk() for name in _parted(step)}
    return tuple(
        (first.name, second.name)
        for first in boxes
        for modality in ("keypoints", "boxes3d")
        for second in plan.index.modalities.get(modality, ())
        if _undecided(second)
        and (modality == "boxes3d" or first.spaces["plane"] == second.spaces["plane"])
        and not parted.isdisjoint((first.name, second.name))
    )


def _undecided(stream: Stream) -> bool:
    return "rows" not in stream.options


def _parted(step: Step) -> list[str]:
    if step.transform in _WHOLE:
        return []
    return [name for name, kinds in step.streams.items() if not _PARTING.isdisjoint(kinds)]
