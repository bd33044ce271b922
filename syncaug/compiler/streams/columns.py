"""Problems of columns whose names do not say what they hold, or say it twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.columns import (
    BODY,
    PLACE,
    WORLD,
    Declared,
    Kind,
    components_of,
    groups_of,
    known_kind,
    place_of,
)
from syncaug.plan.grid import ground_axes

__all__ = ["check_columns"]

_ORIENTATIONS = frozenset(["q", "quat", "quaternion", "rot", "rotation", "orientation"])
_NUMBERED = re.compile(r"([A-Za-z_.]*[A-Za-z])[_.\-]?\[?[0-3]\]?")
_OTHER_AXES = ("enu", "ned")
_COMPASS = re.compile(
    r"(?:v|vel|velo|velocity|speed)[_.]?(?:(east|lon|long|longitudinal|fwd|forward|front)"
    r"|(north|lat|lateral|side|left|right)|(up|down|vert|vertical))"
)
"""Components of a velocity along the compass or along a body."""
_ERRORS = re.compile("cov|sigma|var|std|rms|err|unc|conf|valid|index|box|max|min|pixel|(?:^|_)fx")
_STAY = "or plain if they stay as they are when the {} turns"


class _Doubt(NamedTuple):
    """Columns that do not say what they hold, and why."""

    columns: Sequence[str]
    why: str


def check_columns(
    name: str, modality: str, options: Mapping[str, Any], complaints: Complaints
) -> None:
    """Complain of columns of clouds, 3-D boxes and inertial sensors that do not say what they hold.

    SA520 where a name is missing or stands twice, SA521 where a vector's kind is not known.
    """
    cloud = modality == "points"
    columns = tuple(map(str, options.get("columns") or ()))
    declared = components_of(options.get("vectors") or {})
    path: Path = ("sample", name, "columns")
    if _twice(columns, modality != "imu", path, complaints):
        return
    if not _declared_well(columns, declared, cloud, ("sample", name, "vectors"), complaints):
        return
    if modality == "boxes3d":
        from syncaug.compiler.streams.box_columns import check_box  # else not loaded

        left = check_box(name, options, complaints)
        if left:
            flat = ground_axes(str(options.get("up", "z")))
            _tell_doubts(left, declared, path, complaints, cloud=True, flat=flat)
        return
    missing = [axis for axis in PLACE if axis not in place_of(columns)] if cloud and columns else []
    if missing:
        complaints.add(
            "SA520",
            path,
            f"no column is named {' or '.join(map(repr, missing))}",
            expected="x, y and z among the columns, wherever they stand",
            hint="rename the columns that hold the place",
        )
        return
    _tell_doubts(columns, declared, path, complaints, cloud=cloud)


def _tell_doubts(
    columns: Sequence[str],
    declared: Declared,
    path: Path,
    complaints: Complaints,
    *,
    cloud: bool,
    flat: str = "xy",
) -> None:
    """Complain of columns that look like a vector's and do not say which."""
    kinds = WORLD if cloud else BODY
    known = "declare their kind" if cloud else "name them by their sensor (gx, ax, mx)"
    for components, why in _doubts(columns, kinds, declared, flat):
        shown = ", ".join(components)
        complaints.add(
            "SA521",
            path,
            f"{shown}: {why}",
            expected=f"vectors: {{KIND: [{shown}]}}, where KIND is one of {', '.join(kinds)}",
            hint=f"{known}, {_STAY.format('world' if cloud else 'body')}",
        )


def _twice(columns: tuple[str, ...], cloud: bool, path: Path, complaints: Complaints) -> bool:
    """Whether a name stands twice; x and X are one place."""
    names = [n.lower() if cloud and n.lower() in PLACE else n for n in columns]
    twice = next((name for name, count in Counter(names).items() if count > 1), "")
    if twice:
        complaints.add(
            "SA520",
            path,
            f"column {twice!r} is named twice",
            expected="a name of its own for each column",
            hint="name what is not needed unused_1, unused_2",
        )
    return bool(twice)


def _declared_well(
    columns: tuple[str, ...],
    declared: Declared,
    cloud: bool,
    path: Path,
    complaints: Complaints,
) -> bool:
    """Whether what `vectors` declares are columns, each once, two or three to a vector."""
    before = len(complaints.problems)
    seen: set[str] = set()
    for kind, components in declared:
        here = (*path, kind)
        for column in components:
            if column not in (columns or PLACE):
                complaints.unknown("SA306", here, "column", column, columns or PLACE)
            elif column in seen or (cloud and column.lower() in PLACE):
                complaints.add(
                    "SA520",
                    here,
                    f"column {column!r} stands for something else already",
                    expected="columns other than x, y, z, each in one vector",
                )
            seen.add(column)
        if kind != "plain" and len(components) not in (2, 3):
            complaints.add(
                "SA520",
                here,
                f"{len(components)} columns are no vector",
                expected="two or three columns, x first; several vectors as a list of lists",
            )
    return len(complaints.problems) == before


def _doubts(
    columns: Sequence[str],
    kinds: Mapping[str, Kind],
    declared: Declared,
    flat: str,
) -> Iterator[_Doubt]:
    """Columns that look like a vector's and do not say which; `flat` are the ground's axes."""
    taken = {columns.index(name) for _, components in declared for name in components}
    if kinds is WORLD:
        taken |= set(place_of(columns).values())
    left = [name for index, name in enumerate(columns) if index not in taken]
    sensors = {kind: list(names[:1]) for kind, names in declared if kind != "plain"}
    for base, axes in groups_of(columns, taken).items():
        components = [columns[axes[axis]] for axis in sorted(axes)]
        kind = known_kind(base, kinds)
        if not kind and len(axes) > 1:
            yield _Doubt(components, "these look like a vector, and no kind is known by that name")
        elif kind and kinds is WORLD and not set(flat) <= set(axes):
            both = " and ".join(flat)
            yield _Doubt(components, f"a {kind} of which not both {both} are there")
        elif kind and kinds is BODY and kind in sensors:
            why = f"a second {kind}, beside {sensors[kind][0]}"
            yield _Doubt(components, why)
        elif kind:
            sensors.setdefault(kind, components)
    if kinds is WORLD:
        yield from _other_axes(left)
        yield from _twins([name for name in left if name not in _grouped(columns, taken)])
    names = {word for kind in kinds.values() for word in kind.names if len(word) > 2}
    numbered: dict[str, list[str]] = {}
    for name in left:
        match = _NUMBERED.fullmatch(name)
        if match and match[1].lower() in names | _ORIENTATIONS:
            numbered.setdefault(match[1].lower(), []).append(name)
    for components in numbered.values():
        if len(components) > 1:
            yield _Doubt(components, "these look like a vector, whose axes have no names")


def _grouped(columns: Sequence[str], taken: set[int]) -> set[str]:
    groups = groups_of(columns, taken).values()
    return {columns[index] for axes in groups if len(axes) > 1 for index in axes.values()}


def _twins(columns: Sequence[str]) -> Iterator[_Doubt]:
    """Names that differ in one letter alone, an x and a y: vxc and vyc, v2x and v2y."""
    lower = {name.lower(): name for name in columns}
    for small in lower:
        if _ERRORS.search(small):
            continue
        for place in (index for index, letter in enumerate(small) if letter == "x"):
            found = [small[:place] + axis + small[place + 1 :] for axis in PLACE]
            if found[1] in lower:
                same = [lower[each] for each in found if each in lower]
                yield _Doubt(same, "these look like a vector, and no kind is known by that name")
                return
    for base in ("v", "n"):
        for first in (0, 1):
            found = [f"{base}{number}" for number in range(first, first + 3)]
            same = [name for small, name in lower.items() if small.replace("_", "") in found]
            if len(same) == 3 and f"{base}{first + 3}" not in lower:
                yield _Doubt(same, "these look like a vector, whose axes have no names")
                return


def _other_axes(columns: Sequence[str]) -> Iterator[_Doubt]:
    """Vectors along u, v, w, or along east, north and up or down."""
    lower = {name.lower().replace("_", ""): name for name in columns}
    if {"u", "v", "w"} <= set(lower):
        yield _Doubt([lower[axis] for axis in "uvw"], "these look like a vector")
    found = [name for name in columns if _COMPASS.fullmatch(name.lower())]
    if len(found) > 1:
        yield _Doubt(found, "these look like a velocity along other axes than x, y, z")
        return
    for axes in _OTHER_AXES:
        found = [lower[f"v{axis}"] for axis in axes if f"v{axis}" in lower]
        if len(found) >= 2 and found != [lower.get("ve")]:
            yield _Doubt(found, "these look like a velocity along other axes than x, y, z")
            return
