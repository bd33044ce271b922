"""Lengths grow with a world and gravity does not: no sensor would read their sum."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.placed import in_place
from syncaug.compiler.reach.use import Use

__all__ = ["require_weightless"]

_ACCELERATIONS = frozenset({"ax", "ay", "az"})


def require_weightless(use: Use, declared: Declared) -> None:
    """Complain about accelerations with gravity in a world that is scaled."""
    if use.spec.name != "world_scale":
        return
    from syncaug.plan.columns import canonical  # where there are no columns, not loaded

    for stream in declared.index.of_modality("imu"):
        linear = stream.options.get("acceleration") == "linear"
        if linear or not in_place(stream, use.spec, use.parameters, "world"):
            continue
        columns = canonical(stream.options, ("ax",))
        if "world" in stream.spaces and not _ACCELERATIONS.isdisjoint(columns):
            declared.complaints.add(
                "SA508",
                (*use.path, "uses"),
                f"the accelerations of {stream.name!r} hold gravity, which does not grow",
                expected="acceleration: linear, or an imu in another world",
            )
