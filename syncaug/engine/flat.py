"""The flat program: plain samples carried by numbers and functions, without a state.

Most calls of a loader bring what they should, in arrays of the usual kind, through steps that move
a plane, its tones and a world. For plans of such steps alone all else is decided here once: which
map reaches whom, and that every stream meets one composed map of each kind. A sample then costs
its draw, its maps and its kernels.

Nothing is decided here that has to be told: a value that is not plain, a draw that a stream
refuses, a suspicion that was not said yet. Then there is no result, and the sample goes through a
`State`, which gives the same bytes wherever both carry.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syncaug.backends.errstate import is_usual
from syncaug.draw import SHARED, Drawn
from syncaug.engine.flat_plan import FlatPlan
from syncaug.errors import RefusalError, SampleError
from syncaug.limits import OverLimitError
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.border import STRANGE, admitted
from syncaug.modalities.carrier import Carrier
from syncaug.suspicions import Suspicion, Suspicions

if TYPE_CHECKING:
    from syncaug.engine.program import Program

__all__ = ["FlatProgram"]

_UNTOLD = (SampleError, RefusalError, OverLimitError, *STRANGE)
"""What a value or a draw raises, of which a `State` tells."""
Knows = Callable[[Mapping[str, Any], Container[str]], bool]
"""Whether carriers know some entries of a sample in the forms in which they came."""
_NONE: Mapping[str, Any] = {}
_NOBODY: Mapping[str, Carrier] = {}
_NOTHING: list[Suspicion] = []


class FlatProgram:
    """A flat plan, ready to carry plain samples. Threads may share it."""

    __slots__ = ("_knows", "_plan", "_program")

    def __init__(self, program: Program, plan: FlatPlan, knows: Knows) -> None:
        self._program, self._plan, self._knows = program, plan, knows

    @staticmethod
    def of(program: Program, knows: Knows) -> FlatProgram | None:
        """The flat program of a plan; None where all of its samples need states.

        `knows` says which entries of a sample need not be turned to another form for carriers.
        """
        plan = FlatPlan.of(program)
        return None if plan is None else FlatProgram(program, plan, knows)

    def admitted(self, sample: Mapping[str, Any]) -> dict[str, Size] | None:
        """How large the planes of a plain sample are; None where it is not plain."""
        plan = self._plan
        if type(sample) is not dict or len(sample) != plan.entries:
            return None
        sizes: dict[str, Size] = {}
        try:
            for name, kind, admits, plane in plan.admissions:
                value: Any = sample[name]
                if type(value) is not kind or not (admits is None or admits(value)):
                    return None
                if plane:
                    size: Size = value.shape[1::-1]
                    if sizes.setdefault(plane, size) != size:
                        return None
            for name in plan.others:
                sample[name]
        except KeyError:
            return None
        return sizes if not plan.read or self._knows(sample, plan.read) else None

    def carried(
        self,
        sample: Mapping[str, Any],
        sizes: dict[str, Size],
        drawn: Sequence[Drawn],
        suspicions: Suspicions,
    ) -> dict[str, Any] | None:
        """The result for a sample, which is only read, with the sizes that it was admitted with.

        None where only a state can tell what becomes of it, or where numpy's rules for
        floating-point errors are not its own.
        """
        plan, found = self._plan, _NOTHING
        if not is_usual():
            return None
        try:
            carriers = _NOBODY
            if plan.carriers:
                found = []
                carriers = admitted(plan.carriers, sample, found)
                for name, plane in plan.connected:
                    carriers[name].connect(carriers, sizes[plane])
                self._program.suspect(carriers, suspicions)
            met = self._met(sizes, drawn)
            if met is None:
                return None
            planes, tones, worlds = met
            out = dict(sample)
            for name, carry, plane, world in plan.ways:
                if carry is None:
                    carrier = carriers[name]
                    if plane in planes:
                        carrier.meets["plane"](carrier, planes[plane])
                    out.update(carrier.finish())
                    continue
                value = carry(sample[name], planes.get(plane), tones.get(name), worlds.get(world))
                if value is None:
                    return None
                out[name] = value
        except _UNTOLD:
            return None
        for stream, code, _ in found:
            if not suspicions.has_said(stream, code):
                return None
        return out

    def _met(
        self, sizes: dict[str, Size], drawn: Sequence[Drawn]
    ) -> tuple[dict[str, PlaneMap], dict[str, ToneMap], dict[str, WorldMap]] | None:
        """What planes, streams and worlds meet of a draw, each composed to one map.

        None where a cloud is carried twice, which is not to the last bit what both maps make.
        """
        planes: dict[str, PlaneMap] = {}
        tones: dict[str, ToneMap] = {}
        worlds: dict[str, WorldMap] = {}
        settled: set[str] = set()
        for step, moves in zip(drawn, self._plan.steps, strict=True):
            if isinstance(step, dict):
                parameters: Mapping[str, Any] = step
            elif step.applied:
                parameters = step.parameters.get(SHARED, _NONE)
            else:
                continue
            for kind, formula, reached, cuts, settles, _ in moves:
                if kind == "plane":
                    for space in reached:
                        plane = formula(parameters, sizes[space])
                        sizes[space] = plane[2]
                        before = planes.get(space)
                        planes[space] = plane if before is None else before.then(plane)
                elif kind == "tone":
                    for space in cuts:
                        pending = planes.get(space)
                        if pending is not None and not pending.cuts_nothing:
                            planes[space] = pending.cut
                    if worlds:
                        settled.update(worlds.keys() & settles)
                    tone = formula(parameters)
                    for name in reached:
                        lit = tones.get(name)
                        tones[name] = tone if lit is None else lit.then(tone)
                elif (world := formula(parameters)) is not None:
                    if not settled.isdisjoint(reached):
                        return None
                    for space in reached:
                        moved = worlds.get(space)
                        worlds[space] = world if moved is None else moved.then(world)
        return planes, tones, worlds
