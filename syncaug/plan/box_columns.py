"""What the columns of 3-D boxes hold, by their names: place, size, rotation, vectors, the rest.

One reading serves the compiler, which complains of what is missing or said twice, and the carrier.
Velocities and other vectors beside the box are those of `plan.columns`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from syncaug.plan.columns import (
    PLACE,
    WORLD,
    Declared,
    Vector,
    components_of,
    groups_of,
    known_kind,
    place_of,
    scalars_of,
)

__all__ = ["BoxLayout", "BoxVector", "box_columns", "box_layout", "found_parts"]

_SIZES: Mapping[str, frozenset[str]] = {
    "l": frozenset({"l", "length", "len", "size_l", "dim_l"}),
    "w": frozenset({"w", "width", "size_w", "dim_w"}),
    "h": frozenset({"h", "height", "size_h", "dim_h"}),
}
"""Columns of sizes by what they measure: along the heading, across it, and up."""
_IN_ORDER = (("dx", "dy", "dz"), ("sx", "sy", "sz"), ("size_x", "size_y", "size_z"))
"""Columns of sizes whose order `size:` tells."""
_ANGLES: Mapping[str, frozenset[str]] = {
    "yaw": frozenset({"yaw", "heading", "theta", "angle", "rot"}),
    "pitch": frozenset({"pitch"}),
    "roll": frozenset({"roll"}),
}
_ABOUT = re.compile(r"(?:rotation|rot|r)[_.]?([xyz])")
"""Angles about a named axis, by the right hand: rotation_y, ry."""
_QUATERNION = re.compile(r"(?:q|quat|quaternion|rot|rotation|orientation)[_.]?([wxyz])")
_CENTRES = re.compile(r"(?:c|center_|centre_|loc_|location_)([xyz])|([xyz])_(?:center|centre|c)")


@dataclass(frozen=True, slots=True)
class BoxVector:
    """A vector beside a box: its axes (0, 1, 2 are x, y, z), and the columns of their components.

    Axes without a column are 0.
    """

    axes: tuple[int, ...]
    vector: Vector


@dataclass(frozen=True, slots=True)
class BoxLayout:
    """Where the columns of boxes hold what.

    `place` are x, y and z; `size` length, width and height; `angles` yaw alone, or yaw, pitch and
    roll; `quaternion` w, x, y and z. `about` names the axis of the yaw where its column does.
    `vectors` and `scalars` (column, powers of the scale and of the speed of time) are what else
    moves.
    """

    names: tuple[str, ...]
    place: tuple[int, ...]
    size: tuple[int, ...]
    angles: tuple[int, ...]
    quaternion: tuple[int, ...]
    about: str
    vectors: tuple[BoxVector, ...]
    scalars: tuple[tuple[int, tuple[int, int]], ...]

    @property
    def turns_freely(self) -> bool:
        """Whether the columns hold any rotation, not only one about the vertical axis."""
        return bool(self.quaternion) or len(self.angles) == 3

    @property
    def box(self) -> tuple[int, ...]:
        """The columns that must be finite for a row to be a box."""
        return (*self.place, *self.size, *self.angles, *self.quaternion)


@dataclass(frozen=True, slots=True)
class Parts:
    """The columns that make up the box, as far as they were found, by what they hold.

    `named` are sizes that say what they measure, `ordered` those that `size:` explains. What is
    left of the columns is `others`.
    """

    place: Mapping[str, int]
    named: Mapping[str, int]
    ordered: tuple[int, ...]
    angles: Mapping[str, int]
    about: str
    quaternion: Mapping[str, int]
    twice: tuple[str, ...]

    @property
    def taken(self) -> frozenset[int]:
        """All of them."""
        groups = (self.place, self.named, self.angles, self.quaternion)
        return frozenset((*self.ordered, *(index for group in groups for index in group.values())))


def box_columns(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of a stream of 3-D boxes; x, y, z, the sizes and the yaw where none are named."""
    declared = options.get("columns")
    if declared:
        return tuple(map(str, declared))
    return (*PLACE, "dx", "dy", "dz", "yaw")


def box_layout(options: Mapping[str, Any]) -> BoxLayout:
    """The layout of a stream of 3-D boxes whose columns have been checked."""
    columns = box_columns(options)
    declared = components_of(options.get("vectors") or {})
    return _layout(columns, declared, str(options.get("size", "lwh")))


@lru_cache(maxsize=256)
def found_parts(columns: tuple[str, ...]) -> Parts:
    """What of a box each column holds, by its name; the first of two that hold the same."""
    lower = [name.lower() for name in columns]
    place = dict(place_of(columns))
    for index, name in enumerate(lower):
        match = _CENTRES.fullmatch(name)
        if match:
            place.setdefault(match[1] or match[2], index)
    quaternion = {m[1]: i for i, m in _matches(_QUATERNION, lower)}
    if len(quaternion) != 4 and not any(re.fullmatch(r"q(?:uat)?.*[wxyz]", n) for n in lower):
        quaternion = {}
    angles: dict[str, int] = {}
    twice: list[str] = []
    about = ""
    for index, name in enumerate(lower):
        if index in quaternion.values():
            continue
        turned = _ABOUT.fullmatch(name)
        kind = "yaw" if turned else next((k for k, all_ in _ANGLES.items() if name in all_), "")
        if kind and kind in angles:
            twice += [columns[angles[kind]], columns[index]]
        elif kind:
            angles[kind] = index
            about = turned[1] if turned else about
    named: dict[str, int] = {}
    for index, name in enumerate(lower):
        kind = next((k for k, all_ in _SIZES.items() if name in all_), "")
        if kind and kind in named:
            twice += [columns[named[kind]], columns[index]]
        elif kind:
            named[kind] = index
    triples = [names for names in _IN_ORDER if set(names) & set(lower)]
    ordered = [lower.index(name) for name in triples[0] if name in lower] if triples else []
    return Parts(place, named, tuple(sorted(ordered)), angles, about, quaternion, tuple(twice))


def _matches(pattern: re.Pattern[str], names: list[str]) -> list[tuple[int, re.Match[str]]]:
    found = ((index, pattern.fullmatch(name)) for index, name in enumerate(names))
    return [(index, match) for index, match in found if match]


@lru_cache(maxsize=256)
def _layout(columns: tuple[str, ...], declared: Declared, size: str) -> BoxLayout:
    parts = found_parts(columns)
    sizes = parts.named or dict(zip(size, parts.ordered, strict=False))
    taken = set(parts.taken)
    vectors: list[BoxVector] = []
    for kind, components in declared:
        found = tuple(columns.index(name) for name in components)
        taken |= set(found)
        if kind in WORLD and kind != "plain":
            vectors.append(BoxVector((0, 1, 2)[: len(found)], Vector(found, WORLD[kind])))
    for base, axes in groups_of(columns, taken).items():
        known = known_kind(base, WORLD)
        if known and len(axes) > 1:
            along = tuple(axis for axis in PLACE if axis in axes)
            found = tuple(axes[axis] for axis in along)
            taken |= set(found)
            vectors.append(BoxVector(tuple(map(PLACE.index, along)), Vector(found, WORLD[known])))
    angles = tuple(parts.angles[k] for k in ("yaw", "pitch", "roll") if k in parts.angles)
    return BoxLayout(
        columns,
        tuple(parts.place[axis] for axis in PLACE if axis in parts.place),
        tuple(sizes[kind] for kind in "lwh" if kind in sizes),
        () if len(parts.quaternion) == 4 else angles,
        tuple(parts.quaternion[axis] for axis in "wxyz") if len(parts.quaternion) == 4 else (),
        parts.about,
        tuple(vectors),
        scalars_of(columns, taken),
    )
