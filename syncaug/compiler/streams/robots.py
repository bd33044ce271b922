"""Problems of a robot's columns: what is said twice, of the wrong meaning, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from syncaug.catalogue.quantities import MEANINGS, ORDERS
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.robot_columns import is_relative, other_side, width_of

__all__ = ["check_robot"]

_ORDERED = {
    "quaternion": "order: wxyz (MuJoCo, Eigen, Isaac) or xyzw (ROS, SciPy, PyBullet)",
    "euler": "order: xyz (roll, pitch, yaw about fixed axes), or ZYX and the like for turning ones",
}
"""Meanings whose order has to be said, and what to say."""
_ONLY = {
    "count": ("joint", "joint_velocity", "gripper", "plain"),
    "mirror": ("joint", "joint_velocity"),
    "unit": ("euler",),
    "order": tuple(ORDERS),
    "lateral": tuple(name for name, meaning in MEANINGS.items() if meaning.turns),
    "frame": tuple(name for name, meaning in MEANINGS.items() if meaning.turns),
}
"""Keys of a column -> the meanings that have use for them."""


class _Flaw(NamedTuple):
    """A mistake in one entry: under which key, what is said, what is expected."""

    key: str
    message: str
    expected: str


def check_robot(name: str, options: Mapping[str, Any], complaints: Complaints) -> None:
    """Complain of entries of a state or an action that do not say what they hold: SA590."""
    columns: Sequence[Mapping[str, Any]] = options.get("columns") or ()
    relative = bool(options.get("relative", False))
    frame = str(options.get("frame", "base"))
    seen: set[str] = set()
    for place, column in enumerate(columns):
        flaws = list(_flaws(column, relative, frame))
        if str(column["name"]) in seen:
            flaws.append(
                _Flaw("name", f"{column['name']!r} is named twice", "a name for each group")
            )
        seen.add(str(column["name"]))
        for key, message, expected in flaws:
            entry: Path = ("sample", name, "columns", place)
            path = (*entry, key) if key in column else entry
            complaints.add("SA590", path, message, expected=expected)
    if options.get("sides", "swap") == "swap":
        _pairs(name, columns, complaints)


def _flaws(column: Mapping[str, Any], relative: bool, frame: str) -> Iterator[_Flaw]:
    means, called = column["is"], repr(column["name"])
    if means in _ORDERED and "order" not in column:
        yield _Flaw("order", f"{called} does not say its order", _ORDERED[means])
    for key, known in _ONLY.items():
        if key in column and means not in known:
            yield _Flaw(key, f"a {means} has no {key}", f"{key}: of {', '.join(known)} only")
    order = column.get("order")
    if order and means in ORDERS and order not in ORDERS[means]:
        yield _Flaw(
            "order", f"{order!r} is no order of {called}, {means}", f"one of {_few(ORDERS[means])}"
        )
    signs = column.get("mirror")
    if isinstance(signs, list) and means in _ONLY["mirror"] and len(signs) != width_of(column):
        message = f"{len(signs)} signs for {width_of(column)} columns of {called}"
        yield _Flaw("mirror", message, "one sign, or one for each column")
    own = column.get("frame", frame) == "own"
    steps = is_relative(column, relative) or MEANINGS[means].paced
    if own and MEANINGS[means].turns and not steps:
        message = f"a {means} in its own frame is always the same"
        yield _Flaw("frame", message, "frame: base or world; own is for velocities and steps")


def _pairs(name: str, columns: Sequence[Mapping[str, Any]], complaints: Complaints) -> None:
    """Left and right must be the same quantity in the same form: they trade places in a mirror."""
    for place, other in enumerate(other_side(columns)):
        one, two = columns[place], columns[other]
        if other <= place or one["name"] == two["name"]:
            continue
        for key in ("is", "count", "order", "unit", "mirror", "frame", "lateral", "relative"):
            if one.get(key) != two.get(key):
                complaints.add(
                    "SA590",
                    ("sample", name, "columns", other),
                    f"{two['name']!r} and {one['name']!r} trade places in a mirror, and differ in "
                    f"{key}:",
                    expected=f"{key}: {one.get(key, 'as usual')} for both, or sides: keep",
                )
                break


def _few(orders: Sequence[str]) -> str:
    return ", ".join(orders)
