"""Streams that a transform cannot carry at all: a policy with both does not compile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

__all__ = ["LEFT_OUT", "carried_by"]

LEFT_OUT: Mapping[tuple[str, str], str] = {
    (name, "disparity"): "SA508" for name in ("rotate", "perspective", "camera_rotate", "undistort")
}
"""Transform and modality -> the code of the problem."""


def carried_by(kinds: Collection[str], transforms: Iterable[str]) -> frozenset[str]:
    """The kinds of streams that can be in a sample of all these transforms."""
    used = set(transforms)
    return frozenset(kind for kind in kinds if not any(LEFT_OUT.get((name, kind)) for name in used))
