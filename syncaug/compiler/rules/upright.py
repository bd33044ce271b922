"""What only turns about the vertical axis of its world cannot follow a world that tilts."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use
from syncaug.plan.plan import Stream

__all__ = ["require_upright"]


def require_upright(use: Use, declared: Declared) -> None:
    """Complain where a world tilts that holds boxes with a yaw alone, or vectors of two axes."""
    if use.spec.name != "world_rotate" or "axis" not in use.parameters:
        return
    path = (*use.path, "with", "axis") if "axis" in use.given else (*use.path, "with")
    reached = (s for s in declared.index.of_modality("boxes3d") if s.name in use.reached)
    for stream in reached:
        wrong = _tilted(stream, use)
        if wrong:
            complain, expected = wrong
            declared.complaints.add("SA508", path, complain, expected=expected)
            return
    for stream in declared.index.of_modality("bev"):
        up = str(stream.options.get("up", "z"))[-1]
        if stream.name in use.reached and not use.has("axis", up):
            declared.complaints.add(
                "SA508",
                path,
                f"a turn about this axis tilts the ground of {stream.name!r}",
                expected=f"axis: {up}",
            )
            return
    flat = "" if use.has("axis", "z") else _flat_vector(declared)
    if flat:
        declared.complaints.add(
            "SA508",
            path,
            f"a turn about this axis takes {flat} out of the plane of x and y",
            expected="axis: z, or a column for their z component",
        )


def _tilted(stream: Stream, use: Use) -> tuple[str, str] | None:
    """What of boxes cannot follow a turn about the axis, and what is expected."""
    from syncaug.plan.box_columns import box_layout  # where there are no boxes, not loaded

    layout, up = box_layout(stream.options), str(stream.options.get("up", "z"))[-1]
    if not layout.turns_freely and not use.has("axis", up):
        return (
            f"a turn about this axis tilts {stream.name!r}, which only has a yaw",
            f"axis: {up}, or columns for yaw, pitch and roll or a quaternion",
        )
    for beside in layout.vectors:
        absent = set(range(3)) - set(beside.axes)
        if absent and not any(use.has("axis", "xyz"[axis]) for axis in absent):
            names = ", ".join(layout.names[column] for column in beside.vector.columns)
            axis = "xyz"[min(absent)]
            return (
                f"a turn about this axis takes {names} of {stream.name!r} out of their plane",
                f"axis: {axis}, or a column for their {axis} component",
            )
    return None


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
