"""Steps that may drop all streams of a sample at once, so that it teaches nothing."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.values import Scope
from syncaug.compiler.walk import located_steps
from syncaug.plan.plan import Plan, Step
from syncaug.values.interval import Interval
from syncaug.values.value import Constant

__all__ = ["warn_of_drops"]

_SENSES = frozenset(
    {"image", "video", "audio", "points", "depth", "imu", "state", "bev", "embedding"}
)
"""Modalities that a model is given; others may be what it is to say."""
_FEW = 2


def warn_of_drops(plan: Plan, complaints: Complaints) -> None:
    """Warn once where steps together may drop every sense, and every stream that they name."""
    steps = list(_dropping(plan))
    if not steps:
        return
    named = {name for names, _, _ in steps for name in names}
    senses = named | {stream.name for stream in plan.streams if stream.modality in _SENSES}
    if len(senses) < _FEW or not _covered(sorted(senses), [(n, most) for n, most, _ in steps]):
        return
    complaints.add(
        "SA622",
        (*steps[-1][2], "uses"),
        f"{', '.join(map(repr, sorted(senses)))} may all be dropped at once",
        hint="let one step drop them, with count: or at_most: below their number",
        severity="warning",
    )


def _dropping(plan: Plan) -> Iterator[tuple[frozenset[str], int, Path]]:
    """The streams that a step may drop, at most how many of them, and where it stands.

    Steps of a choice stay out of it, since they may exclude one another, and so does one that
    drops a fixed number in every sample, which is what was asked for.
    """
    inside = {inner.name for step in plan.walk() for inner in step.steps}
    for step, path, scope in located_steps(plan):
        if step.transform != "drop_modality" or step.name in inside:
            continue
        asked = step.gate == Constant(True) and isinstance(step.parameters.get("count"), Constant)
        if not asked:
            yield frozenset(step.streams), _most(step, scope), path


def _most(step: Step, scope: Scope) -> int:
    value = step.parameters.get("count") or step.parameters["at_most"]
    found = value.interval(scope)
    return int(found.high if isinstance(found, Interval) else max(found))


def _covered(wanted: list[str], steps: list[tuple[frozenset[str], int]]) -> bool:
    """Whether steps may drop all of some streams: each takes as many of its own as it can.

    A matching of streams and places of steps (H. Kuhn, Naval Research Logistics Quarterly 2, 1955).
    """
    places = [names for names, most in steps for _ in range(min(most, len(names)))]
    taken: dict[int, str] = {}

    def placed(name: str, seen: set[int]) -> bool:
        for place, names in enumerate(places):
            if name in names and place not in seen:
                seen.add(place)
                if place not in taken or placed(taken[place], seen):
                    taken[place] = name
                    return True
        return False

    return all(placed(name, set()) for name in wanted)
