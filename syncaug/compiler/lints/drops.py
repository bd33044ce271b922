"""Steps that may drop all streams of a sample at once, so that it teaches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, product

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.values import Scope
from syncaug.compiler.walk import located_steps
from syncaug.plan.plan import Plan, Step
from syncaug.values.interval import Interval
from syncaug.values.value import Constant, Value

__all__ = ["warn_of_drops"]

_SENSES = frozenset(
    {"image", "video", "audio", "points", "depth", "imu", "state", "bev", "embedding"}
)
"""Modalities that a model is given; others may be what it is to say."""
_FEW = 2
_MOST = 1_000
"""So many selections of steps are looked at."""


@dataclass(frozen=True, slots=True)
class _Drop:
    """A step that drops: of which streams, at most how many, and where it stands."""

    streams: frozenset[str]
    most: int
    path: Path


Places = Mapping[str, tuple[Path, Scope]]
"""Where each step stands, and what its links can be."""


def warn_of_drops(plan: Plan, complaints: Complaints) -> None:
    """Warn once where steps that may happen together may drop every sense, and every stream that
    they name.
    """
    places = {step.name: (path, scope) for step, path, scope in located_steps(plan)}
    own = {stream.name for stream in plan.streams if stream.modality in _SENSES}
    together = product(*(_ways(step, places) for step in plan.steps))
    for drops in map(tuple, map(chain.from_iterable, islice(together, _MOST))):
        streams = own.union(*(drop.streams for drop in drops))
        if len(streams) < _FEW or not drops or not _covered(sorted(streams), drops):
            continue
        complaints.add(
            "SA622",
            (*drops[-1].path, "uses"),
            f"{', '.join(map(repr, sorted(streams)))} may all be dropped at once",
            hint="let one step drop them, with count: or at_most: below their number",
            severity="warning",
        )
        return


def _ways(step: Step, places: Places, *, inside: bool = False) -> list[tuple[_Drop, ...]]:
    """What a step may drop: for a choice each selection of steps that it may make.

    A step that drops a fixed number in every sample is left out, since that was asked for; `inside`
    of a choice it is not in every sample.
    """
    if step.gate == Constant(False):
        return [()]
    path, scope = places[step.name]
    if step.transform == "drop_modality":
        asked = step.gate == Constant(True) and isinstance(step.parameters.get("count"), Constant)
        if asked and not inside:
            return [()]
        return [(_Drop(frozenset(step.streams), _most(step, scope), path),)]
    inner = [_ways(one, places, inside=True) for one in step.steps if one.weight > 0.0]
    dropping = [ways for ways in inner if any(ways)]
    if not dropping:
        return [()]
    chosen = 1 if step.count is None else int(_greatest(step.count, scope))
    ways = (
        tuple(chain.from_iterable(way))
        for some in combinations(dropping, min(chosen, len(dropping)))
        for way in product(*some)
    )
    alike = {tuple((drop.streams, drop.most) for drop in way): way for way in islice(ways, _MOST)}
    return list(alike.values())


def _most(step: Step, scope: Scope) -> int:
    return int(_greatest(step.parameters.get("count") or step.parameters["at_most"], scope))


def _greatest(value: Value, scope: Scope) -> float:
    found = value.interval(scope)
    return found.high if isinstance(found, Interval) else max(found)


def _covered(wanted: list[str], drops: Sequence[_Drop]) -> bool:
    """Whether steps may drop all of some streams: each takes as many of its own as it can.

    A matching of streams and places of steps (H. Kuhn, Naval Research Logistics Quarterly 2, 1955).
    """
    places = [drop.streams for drop in drops for _ in range(min(drop.most, len(drop.streams)))]
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
