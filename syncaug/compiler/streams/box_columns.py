"""Problems of the columns of 3-D boxes: what of a box is missing, or said twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints
from syncaug.plan.box_columns import Parts, box_columns, found_parts
from syncaug.plan.columns import PLACE, components_of

__all__ = ["check_box"]

_Said = tuple[str, str, str, str]
"""A key, and what is wrong with it, expected and to do."""
_SIZES = "l, w, h, or dx, dy, dz in the order of size:"
_ROTATION = "yaw; yaw, pitch and roll; or qw, qx, qy and qz"


def check_box(name: str, options: Mapping[str, Any], complaints: Complaints) -> list[str]:
    """Complain of a box that columns do not hold; the columns beside it, none where it is wrong."""
    columns = box_columns(options)
    parts = found_parts(columns)
    for key, message, expected, hint in _wrong(parts, columns, options):
        path = ("sample", name, key) if key in options else ("sample", name)
        complaints.add("SA520", path, message, expected=expected, hint=hint)
        return []
    return [column for index, column in enumerate(columns) if index not in parts.taken]


def _wrong(parts: Parts, columns: tuple[str, ...], options: Mapping[str, Any]) -> Iterator[_Said]:
    """All that is wrong, the worst first."""
    missing = [axis for axis in PLACE if axis not in parts.place]
    if missing:
        yield (
            "columns",
            f"no column is named {' or '.join(map(repr, missing))}",
            "x, y and z among the columns, wherever they stand",
            "rename the columns that hold the place",
        )
    if parts.twice:
        one, other = parts.twice[:2]
        yield (
            "columns",
            f"{one!r} and {other!r} name the same part of a box",
            "one column for each part",
            "give what stays as it is a name of its own, such as other_yaw",
        )
    taken = {columns[index] for index in parts.taken}
    for kind, components in components_of(options.get("vectors") or {}):
        if taken & set(components):
            part = min(taken & set(components))
            yield (
                "vectors",
                f"column {part!r} of a {kind} is a part of the box",
                "columns beside the box",
                f"rename {part!r} in columns: where it is none",
            )
    yield from _wrong_sizes(parts, columns, options)
    yield from _wrong_rotation(parts, columns, options)


def _wrong_sizes(
    parts: Parts, columns: tuple[str, ...], options: Mapping[str, Any]
) -> Iterator[_Said]:
    named, ordered = parts.named, parts.ordered
    if named and ordered:
        both = ", ".join(columns[index] for index in (*named.values(), *ordered))
        yield "columns", f"{both} all name sizes", _SIZES, "rename those that are no sizes"
    elif len(named or ordered) != 3:
        found = [columns[index] for index in named.values() or ordered]
        came = f"sizes of {', '.join(found)} alone" if found else "no column holds a size"
        yield "columns", came, _SIZES, "rename the columns of length, width and height"
    elif named and "size" in options:
        said = "".join(sorted(named, key=lambda kind: named[kind]))
        if said != options["size"]:
            yield (
                "size",
                f"the columns name their sizes in the order {said}, size: says {options['size']}",
                f"size: {said}, or no size:",
                "leave size: out where columns are named l, w, h",
            )


def _wrong_rotation(
    parts: Parts, columns: tuple[str, ...], options: Mapping[str, Any]
) -> Iterator[_Said]:
    angles, quaternion = parts.angles, parts.quaternion
    if quaternion and len(quaternion) != 4:
        found = ", ".join(columns[index] for index in quaternion.values())
        yield (
            "columns",
            f"{found} are not all of a quaternion",
            "qw, qx, qy and qz",
            "rename the columns that hold the rotation",
        )
    elif quaternion and angles:
        found = ", ".join(columns[index] for index in angles.values())
        yield (
            "columns",
            f"{found} stands beside a quaternion, and would not turn with it",
            "one of the two",
            "leave one out, or give the angle a name of its own, such as other_yaw",
        )
    elif not quaternion and set(angles) not in ({"yaw"}, {"yaw", "pitch", "roll"}):
        found = ", ".join(columns[index] for index in angles.values())
        yield (
            "columns",
            f"the rotation has {found} alone" if found else "no column holds a rotation",
            _ROTATION,
            "add columns of zeros where boxes do not turn",
        )
    up = str(options.get("up", "z"))
    if parts.about and parts.about != up[-1] and not quaternion:
        yield (
            "columns",
            f"{columns[angles['yaw']]!r} turns about {parts.about}, and {up} is up",
            f"up: {parts.about} or -{parts.about}, or a column yaw",
            "boxes in the axes of a camera have up: -y",
        )
    told = [key for key in ("yaw", "direction") if key in options]
    if quaternion and told:
        yield (
            told[0],
            "a quaternion has no unit and no direction",
            "no yaw: and direction: beside qw, qx, qy, qz",
            "leave it out",
        )
