"""What of a stream holds classes, for conditions that ask a sample which it brings."""

from __future__ import annotations

from syncaug.plan.stream import Stream

__all__ = ["class_columns", "holds_classes"]

_COLUMNS = frozenset(
    {"class", "classes", "label", "labels", "semantic", "category", "class_id", "label_id"}
)
"""Names of columns of a cloud that hold a class for each point."""


def class_columns(stream: Stream) -> tuple[int, ...]:
    """The columns of a cloud that hold a class for each point."""
    if stream.modality != "points":
        return ()
    names = stream.options.get("columns") or ()
    return tuple(place for place, name in enumerate(names) if str(name).lower() in _COLUMNS)


def holds_classes(stream: Stream) -> bool:
    """Whether a stream can be asked which classes it has."""
    if stream.modality in ("label", "mask") or class_columns(stream):
        return True
    return any(key != stream.ids for key in stream.label_keys)
