"""What columns hold, by their names: place, vectors that turn with the world or the body, the rest.

One reading of names serves point clouds and inertial sensors. A name is taken apart at `_`, `.`,
blanks and capitals: `vx`, `v_x`, `velocityX`, `x_velocity` and `vx_comp` all name an x component.
Components whose quantity is known form a vector; components of an unknown quantity are a problem
of the policy, because only their kind says how they move.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

__all__ = [
    "BODY",
    "PLACE",
    "WORLD",
    "Declared",
    "Kind",
    "Layout",
    "Vector",
    "canonical",
    "components_of",
    "groups_of",
    "known_kind",
    "layout_of",
    "place_of",
    "scalars_of",
]

PLACE = ("x", "y", "z")
Declared = tuple[tuple[str, tuple[str, ...]], ...]
"""Kinds with the columns of one vector each, x first."""


class Kind(NamedTuple):
    """How a quantity moves: the powers of the world's scale and of time's speed that it takes.

    `placed` is whether it moves like a point, with the world's shifts as well.
    """

    names: frozenset[str]
    world: int = 0
    time: int = 0
    placed: bool = False


def _kind(names: str = "", world: int = 0, time: int = 0, *, placed: bool = False) -> Kind:
    return Kind(_words(names), world, time, placed)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORLD: Mapping[str, Kind] = {
    "velocity": _kind("v vel velo velocity velocities linear_velocity lin_vel speed", 1, 1),
    "acceleration": _kind("", 1, 2),
    "normal": _kind("n normal normals surface_normal dir direction"),
    "offset": _kind("", 1),
    "position": _kind("", 1, placed=True),
    "plain": _kind(),
}
"""Kinds of vector in a cloud, and the names by which each is known without being declared."""

BODY: Mapping[str, Kind] = {
    "gyroscope": _kind(
        "g gyr gyro gyroscope w omega angular_velocity angular_rate ang_vel rotation_rate"
    ),
    "accelerometer": _kind(
        "a acc accel accelerometer acceleration linear_acceleration lin_acc user_acceleration"
    ),
    "magnetometer": _kind("m mag magnetometer magnetic_field"),
    "plain": _kind(),
}
"""The same for an inertial sensor."""

_SCALARS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(
        ("vr", "v_r", "v_radial", "radial_velocity", "radial_vel", "doppler", "doppler_velocity",
         "range_rate", "velocity", "speed", "abs_velocity", "absolute_speed"), (1, 1)
    ),
    **dict.fromkeys(("range", "distance", "dist", "depth"), (1, 0)),
}  # fmt: skip
"""Speeds and lengths seen from the sensor: turns leave them; the powers of scale and speed."""

_AGAIN = "again"
_QUALIFIERS = _words("comp compensated abs absolute rel relative ego raw est mps") | {_AGAIN}
"""What may stand beside a quantity without changing what it is."""
_NO_VECTORS = _words(
    "rms std stddev var variance sigma cov err error unc uncertainty conf confidence quality "
    "valid invalid mask flag id idx index count"
)
"""Beside an axis these stand for errors, indices and the like, which are no vectors."""

_SPLIT = re.compile(r"[\s_.\-:/\[\]()]+|(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"[xyz]\d+")


@dataclass(frozen=True, slots=True)
class Vector:
    """The columns of a vector, x first. With two, it lies in the plane of x and y: z is 0."""

    columns: tuple[int, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a cloud's columns hold what: its place, its vectors, and what only changes in size."""

    names: tuple[str, ...]
    place: tuple[int, ...]
    vectors: tuple[Vector, ...]
    scalars: tuple[tuple[int, tuple[int, int]], ...]

    @property
    def place_at(self) -> Any:
        """What picks x, y and z out of rows: a slice (so that no copy is made) or their columns."""
        return slice(0, 3) if self.place == (0, 1, 2) else list(self.place)

    @property
    def paced(self) -> Iterator[tuple[list[int], int]]:
        """Columns that change with the speed of time, and by which power of it."""
        for vector in self.vectors:
            if vector.kind.time:
                yield list(vector.columns), vector.kind.time
        for column, (_, time) in self.scalars:
            if time:
                yield [column], time


def layout_of(options: Mapping[str, Any]) -> Layout:
    """The layout of a points stream; without what its names do not tell, which is a problem."""
    columns = tuple(map(str, options.get("columns") or PLACE))
    return _layout(columns, _within(columns, options))


def canonical(options: Mapping[str, Any], default: Sequence[str]) -> tuple[str, ...]:
    """The columns of an inertial stream with its sensors' components named gx ... az ... mz."""
    columns = tuple(map(str, options.get("columns") or default))
    return _canonical(columns, _within(columns, options))


def _within(columns: tuple[str, ...], options: Mapping[str, Any]) -> Declared:
    """What `vectors` declares, as far as it names columns that there are."""
    declared = options.get("vectors")
    if not declared:
        return ()
    return tuple(item for item in components_of(declared) if set(item[1]) <= set(columns))


def components_of(declared: Mapping[str, Any]) -> Declared:
    """What `vectors` declares, one entry for each vector."""
    out: list[tuple[str, tuple[str, ...]]] = []
    for kind, value in declared.items():
        several = bool(value) and all(isinstance(item, list | tuple) for item in value)
        out += [(kind, tuple(map(str, item))) for item in (value if several else [value])]
    return tuple(out)


# Reading names


@lru_cache(maxsize=4096)
def _parted(name: str) -> tuple[tuple[str, ...], str]:
    """What a name says beside an axis, and the axis; no axis where it names none."""
    words = [word.lower() for word in _SPLIT.split(name) if word]
    for index in reversed(range(len(words))):
        if words[index] in PLACE:
            return (*words[:index], *words[index + 1 :]), words[index]
        if _NUMBERED.fullmatch(words[index]):
            rest = (*words[:index], words[index][1:], *words[index + 1 :])
            return rest, words[index][0]
    glued = [index for index, word in enumerate(words) if len(word) > 1 and word[-1] in PLACE]
    if not glued:
        return tuple(words), ""
    index = min(glued, key=lambda index: len(words[index]))
    return (*words[:index], words[index][:-1], *words[index + 1 :]), words[index][-1]


def place_of(columns: Sequence[str]) -> dict[str, int]:
    """The columns of x, y and z; a small letter comes before a capital."""
    exact = {name: index for index, name in enumerate(columns) if name in PLACE}
    capital = {name.lower(): i for i, name in enumerate(columns) if name.lower() in PLACE}
    return {**capital, **exact}


def groups_of(
    columns: Sequence[str], taken: frozenset[int] | set[int]
) -> dict[tuple[str, ...], dict[str, int]]:
    """Columns by what they say beside their axis."""
    groups: dict[tuple[str, ...], dict[str, int]] = {}
    for index, name in enumerate(columns):
        if index in taken:
            continue
        base, axis = _parted(name)
        if axis and base and not set(base) & _NO_VECTORS:
            while axis in groups.get(base, {}):
                base = (*base, _AGAIN)  # vx beside v_x is another vector of the same kind
            groups.setdefault(base, {})[axis] = index
    return groups


def known_kind(base: tuple[str, ...], kinds: Mapping[str, Kind]) -> str:
    """The kind of quantity that a base names; empty where it is not known."""
    plain = "_".join(word for word in base if word not in _QUALIFIERS)
    return next((kind for kind, spec in kinds.items() if plain in spec.names), "")


@lru_cache(maxsize=256)
def _layout(columns: tuple[str, ...], declared: Declared) -> Layout:
    place = place_of(columns)
    taken = set(place.values())
    vectors: list[Vector] = []
    for kind, components in declared:
        found = tuple(columns.index(name) for name in components)
        taken |= set(found)
        if kind in WORLD and kind != "plain":
            vectors.append(Vector(found, WORLD[kind]))
    for base, axes in groups_of(columns, taken).items():
        known = known_kind(base, WORLD)
        if known and {"x", "y"} <= set(axes):
            found = tuple(axes[axis] for axis in PLACE if axis in axes)
            taken |= set(found)
            vectors.append(Vector(found, WORLD[known]))
    return Layout(
        columns,
        tuple(place[axis] for axis in PLACE if axis in place),
        tuple(vectors),
        scalars_of(columns, taken),
    )


def scalars_of(
    columns: Sequence[str], taken: frozenset[int] | set[int]
) -> tuple[tuple[int, tuple[int, int]], ...]:
    """Columns that only change in size, each with the powers of scale and speed that it takes."""
    return tuple(
        (index, _SCALARS[name.lower()])
        for index, name in enumerate(columns)
        if index not in taken and name.lower() in _SCALARS
    )


@lru_cache(maxsize=256)
def _canonical(columns: tuple[str, ...], declared: Declared) -> tuple[str, ...]:
    out = list(columns)
    said: set[int] = set()
    for kind, components in declared:
        said |= {columns.index(name) for name in components}
        if kind != "plain":
            for axis, name in zip(PLACE, components, strict=False):
                out[columns.index(name)] = f"{kind[0]}{axis}"
    for base, axes in groups_of(columns, said).items():
        kind = known_kind(base, BODY)
        for axis, index in axes.items():
            if kind:
                out[index] = f"{kind[0]}{axis}"
    return tuple(out)
