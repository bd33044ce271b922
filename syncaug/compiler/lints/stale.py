"""What a step that moves a world would leave behind: velocities and headings beside its streams.

Only names show them, so that they are warnings. Columns of a cloud and lists beside 3-D boxes
that are velocities move; `untouched` entries and angles do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncaug.compiler.complaints import Complaints
from syncaug.plan.plan import Plan, Step, Stream
from syncaug.values.value import Constant

__all__ = ["warn_of_stale"]

_VELOCITIES = re.compile(r"(?:^|_)(?:velocity|velocities|vels?|velo|accelerations?)(?:_|$)", re.I)
_HEADINGS = re.compile(r"(?:^|_)(?:yaw|heading|orientation|course|bearing)(?:_|$)", re.I)
_OBSERVED = frozenset({"alpha", "observation_angle"})
"""KITTI's angle between a box's heading and the ray to it."""
_TURNS = frozenset({"world_rotate", "rotate", "flip"})
_GROWS = frozenset({"world_scale"})


def warn_of_stale(plan: Plan, complaints: Complaints) -> None:
    """Warn once for each entry and column that steps would leave behind."""
    untouched = [name for name in plan.untouched if _VELOCITIES.search(name)]
    headings = [
        (stream, column)
        for stream in plan.streams
        if stream.modality in ("points", "boxes3d")
        for column in _beside(stream)
        if (_HEADINGS.search(column) or (stream.modality == "boxes3d" and column in _OBSERVED))
        and not _declared(stream.options, column)
    ]
    if not untouched and not headings:
        return
    for name in untouched:
        step = next(_moving(plan, _TURNS | _GROWS), None)
        if step is not None:
            complaints.add(
                "SA610",
                ("untouched", plan.untouched.index(name)),
                f"step {step.name!r} moves the world, and {name!r} stays as it is",
                hint="velocities follow as columns vx, vy of a points stream, or as a list that "
                "labels: of a boxes3d stream names",
                severity="warning",
            )
    for stream, column in headings:
        step = next(_moving(plan, _TURNS, stream.name), None)
        if step is not None:
            complaints.add(
                "SA610",
                ("sample", stream.name, "columns"),
                f"step {step.name!r} turns the world, and the angle {column!r} stays as it is",
                hint="give it as a vector (nx, ny: its cosine and sine), or say that it is no "
                f"direction in the world by vectors: {{plain: [{column}]}}",
                severity="warning",
            )


def _beside(stream: Stream) -> Iterator[str]:
    """The columns of a cloud, or those of boxes that are no part of a box."""
    columns = [str(column) for column in stream.options.get("columns", ())]
    if stream.modality == "boxes3d" and columns:
        from syncaug.plan.box_columns import found_parts  # where there are no boxes, not loaded

        taken = found_parts(tuple(columns)).taken
        columns = [column for index, column in enumerate(columns) if index not in taken]
    yield from columns


def _declared(options: object, column: str) -> bool:
    vectors = options.get("vectors") if isinstance(options, dict) else None
    return column in str((vectors or {}).get("plain", ()))


def _moving(plan: Plan, transforms: frozenset[str], stream: str = "") -> Iterator[Step]:
    """The steps of some transforms that move the world of clouds or boxes, or of one stream."""
    placed = {s.name for s in plan.streams if s.modality in ("points", "boxes3d")}
    wanted = {stream} if stream else placed
    for step in plan.walk():
        if step.transform not in transforms or step.parameters.get("world") == Constant("keep"):
            continue
        if any("world" in kinds for name, kinds in step.streams.items() if name in wanted):
            yield step
