"""What only turns about the vertical axis of its world cannot follow a world that tilts."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use

__all__ = ["require_upright"]


def require_upright(use: Use, declared: Declared) -> None:
    """Complain where a world tilts that holds 3-D boxes, or vectors without a z component."""
    if use.spec.name != "world_rotate" or use.has("axis", "z") or "axis" not in use.parameters:
        return
    path = (*use.path, "with", "axis")
    tilted = declared.index.of_modality("boxes3d")
    if tilted:
        declared.complaints.add(
            "SA508",
            path,
            f"a turn about this axis tilts {tilted[0].name!r}, which only has a yaw",
            expected="axis: z",
        )
        return
    flat = _flat_vector(declared)
    if flat:
        declared.complaints.add(
            "SA508",
            path,
            f"a turn about this axis takes {flat} out of the plane of x and y",
            expected="axis: z, or a column for their z component",
        )


def _flat_vector(declared: Declared) -> str:
    """The columns of the first vector of two components, and whose they are."""
    from syncaug.plan.columns import layout_of  # where there are no columns, not loaded

    for stream in declared.index.of_modality("points"):
        layout = layout_of(stream.options)
        for vector in layout.vectors:
            if len(vector.columns) == 2:
                names = ", ".join(layout.names[column] for column in vector.columns)
                return f"{names} of {stream.name!r}"
    return ""
