"""Flat plans: those whose steps are formulas of planes, tones and worlds, for the flat program."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from syncaug.modalities.border import Admission
from syncaug.modalities.flat import FlatLane
from syncaug.plan.plan import Step
from syncaug.transforms import formulas_of
from syncaug.transforms.view import ANYWHERE
from syncaug.values.value import Constant

if TYPE_CHECKING:
    from syncaug.engine.program import Program

__all__ = ["FlatPlan", "Move"]

_GEOMETRY = frozenset({"boxes", "keypoints"})
"""Modalities of a plane whose carriers, told its size, ask no other stream for anything."""
_KINDS = frozenset({"plane", "tone", "world"})
_SIZES = 64
"""How many sizes of pictures have the maps of a step of constants kept."""


class Move(NamedTuple):
    """One formula of a step, and where its maps go.

    A `plane` formula moves the planes in `reached`, a `world` formula the worlds, and a `tone`
    formula the streams. Before a tone the planes in `cuts` are cut at their pictures, and what the
    worlds in `settles` have met is carried out by their clouds. Pictures and texts of the planes in
    `parts` meet what moves them after a tone apart from what has moved them before.
    """

    kind: str
    formula: Callable[..., Any]
    reached: tuple[str, ...]
    cuts: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


class Way(NamedTuple):
    """A stream: its function, None where a carrier carries it, and the spaces that move it."""

    name: str
    carry: Callable[..., Any] | None
    plane: str
    world: str


@dataclass(frozen=True, slots=True)
class FlatPlan:
    """What is known of a flat plan before the first sample.

    Its samples have so many `entries`. `admissions` say of each stream that functions carry which
    values these take, by type and by a look, and of a picture on which plane it is; `others` are
    the names of all other entries. `carriers` are the admissions of all other streams, `read` the
    entries that these read, and `connected` the planes on which they live. `steps` has the moves of
    each step. `ways` are in the order in which streams are carried: words, which may refuse, before
    pictures.
    """

    entries: int
    others: tuple[str, ...]
    admissions: tuple[tuple[str, Any, Callable[[Any], bool] | None, str], ...]
    carriers: tuple[Admission, ...]
    read: frozenset[str]
    connected: tuple[tuple[str, str], ...]
    steps: tuple[tuple[Move, ...], ...]
    ways: tuple[Way, ...]

    @staticmethod
    def of(program: Program) -> FlatPlan | None:
        """The flat plan of a program; None where a stream or a step of it needs more."""
        lanes = program.lanes
        if not _is_plain(program):
            return None
        flat = {name: lane.kind.flat(lane) for name, lane in lanes.by_name.items()}
        pictured = dict(lanes.sized)
        planes = {name: lanes.space(name, "plane") for name in flat}
        carried = [name for name, functions in flat.items() if functions is None]
        for name in carried:
            known = planes[name] in pictured.values()
            if lanes.modality(name) not in _GEOMETRY or not known:
                return None
        if not all(_is_formula(step, program) for step in program.plan.steps):
            return None
        lit = {name for name, functions in flat.items() if functions is not None and functions.lit}
        steps = [tuple(_moves(step, program, lit)) for step in program.plan.steps]
        if not _meet_once(steps):
            return None
        return FlatPlan(
            len(program.known),
            tuple(sorted(name for name in program.known if flat.get(name) is None)),
            tuple(
                (name, functions.kind, functions.admits, pictured.get(name, ""))
                for name, functions in flat.items()
                if functions is not None
            ),
            tuple(each for each in lanes.admissions if each.name in carried),
            frozenset(
                name
                for each in lanes.admissions
                if each.name in carried
                for name in (each.name, *each.parallel_keys)
            ),
            tuple((name, planes[name]) for name in carried),
            tuple(steps),
            tuple(
                Way(name, _carry(flat[name]), planes[name], lanes.space(name, "world"))
                for name in (*lanes.cheap, *lanes.costly)
            ),
        )


def _carry(functions: FlatLane | None) -> Callable[..., Any] | None:
    return None if functions is None else functions.carry


def _is_plain(program: Program) -> bool:
    """Whether a plan carries and nothing else: no partner, no check, no streams that ask others."""
    plan, lanes = program.plan, program.lanes
    asked = (
        *(plan.checks, plan.mixing, plan.ablation, program.coding, program.choices),
        *(lanes.groups, lanes.pairs, lanes.fits, lanes.brought, lanes.momentary, lanes.labels),
        *(lanes.spoken, lanes.cameras, lanes.bodies, lanes.told),
    )
    connected = {lanes.modality(name) for name in lanes.connected}
    return plan.fuse and not any(asked) and connected <= _GEOMETRY


def _moves(step: Step, program: Program, lit: Container[str]) -> Iterator[Move]:
    """Where the maps of a step's formulas go; tones change streams that are `lit`."""
    lanes, targets = program.lanes, program.schedule.of_step[step.name]
    pictured = dict(lanes.sized).values()
    for kind, made in formulas_of(step.transform):
        spaces = tuple(space for own, space in targets if own == kind)
        if kind == "plane":
            spaces = tuple(space for space in spaces if space in pictured)
        formula = _kept(made, step, kind) if spaces else None
        if formula is None:
            continue
        if kind != "tone":
            yield Move(kind, formula, spaces)
        else:
            named = step.parameters.get("plane")
            where = named.value if isinstance(named, Constant) else ANYWHERE
            target = targets.get((kind, where))
            if target is None:  # nobody on that plane has tones
                continue
            worlds = (lanes.space(name, "world") for name in target.names)
            planes = (lanes.space(name, "plane") for name in target.names)
            cuts = tuple(plane for plane, _ in target.cuts)
            names = tuple(name for name in target.names if name in lit)
            settles, parts = tuple(filter(None, worlds)), tuple(filter(None, planes))
            yield Move(kind, formula, names, cuts, settles, parts)


def _kept(formula: Callable[..., Any], step: Step, kind: str) -> Callable[..., Any] | None:
    """A formula that works out once what it makes of constants; None where that is no map."""
    values = dict(step.parameters)
    constants = {n: value.value for n, value in values.items() if isinstance(value, Constant)}
    if len(constants) < len(values):
        return formula
    if kind == "plane":
        by_size = lru_cache(maxsize=_SIZES)(partial(formula, constants))
        return lambda parameters, size: by_size(size)
    made = formula(constants)
    return None if made is None else lambda parameters: made


def _is_formula(step: Step, program: Program) -> bool:
    """Whether a step is its formulas: all streams of a space meet its maps, later and alike."""
    if (
        not formulas_of(step.transform)
        or step.sync.jitter
        or (step.sync.mode == "independent" and len(step.streams) > 1)
        or any(each.test == "present" or each.on_content for each in step.conditions)
    ):
        return False
    for (kind, space), target in program.schedule.of_step[step.name].items():
        if kind not in _KINDS or target.at_once or target.needs:
            return False
        living = {stream.name for stream in program.plan.living(kind, space)}
        if kind != "tone" and set(target.names) != living:
            return False
        spoken = any(program.lanes.by_name[name].stream.spec.spoken for name in target.names)
        if kind == "tone" and spoken and step.transform != "light":
            return False  # words of colours follow
    return True


def _meet_once(steps: Iterable[tuple[Move, ...]]) -> bool:
    """Whether nothing moves once more that has met a tone: each stream meets one map of a plane."""
    parted: set[str] = set()
    for moves in steps:
        for move in moves:
            if move.kind == "plane" and not parted.isdisjoint(move.reached):
                return False
            parted.update(move.parts)
    return True
