"""Rows of a robot at other moments: between two rows, and steps that lead along the same way.

Positions, joints and rates are linear between rows, rotations turn steadily about one axis (slerp,
Shoemake, SIGGRAPH 1985), and grippers are those of the nearest row. Steps make a way: row n leads
from state n to state n + 1. A step of the result leads from its own place on that way to the next
one's, so that it is longer where time goes faster and leads back where time does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.rotations import (
    as_matrices,
    exponential,
    from_matrices,
    identity_of,
    logarithm,
)
from syncaug.kernels.row_time import Places
from syncaug.plan.robot_columns import Group, RobotLayout

__all__ = ["at_rest", "read_robot"]

Numbers = NDArray[np.float64]
_STEADY = 1e-9
_WHOLE = 1e-6


def at_rest(layout: RobotLayout) -> Numbers:
    """The row (C,) of nothing: zero, and rotations that turn nothing."""
    row = np.zeros(layout.width)
    for group in layout.groups:
        if group.meaning.rotation:
            row[group.columns] = identity_of(group.means, group.order)
    return row


def read_robot(rows: Numbers, layout: RobotLayout, at: Places, ahead: int = 0) -> Numbers:
    """Rows (T, C) read at places; `ahead` is by how many rows targets lie ahead of their states.

    Where nothing is shown the robot is at rest.
    """
    out = np.tile(at_rest(layout), (len(at.places), 1))
    shown, speed = at.shown, at.speed[at.shown]
    begins = np.clip(at.places[shown], 0.0, len(rows) - 1.0)
    ends = _ends(at, len(rows))[shown]
    for group in layout.groups:
        values = rows[:, group.columns]
        if group.relative:
            turns = None if group.rides < 0 else layout.groups[group.rides]
            way = _adding(values) if turns is None else _riding(values, turns, rows)
            way = _turning(values, group) if group.meaning.rotation else way
            read = _steps(values, way, begins, ends)
        elif group.meaning.paced:  # a rate holds from its row to the one ahead
            read = _between(values, group, _held(begins + (speed - 1.0) * ahead / 2.0, values))
            read = read * speed[:, None]
        else:
            read = _between(values, group, _held(begins + (speed - 1.0) * ahead, values))
        out[shown, group.columns] = read
    return out


def _ends(at: Places, count: int) -> Numbers:
    """Where the step of each row ends: at the next row's place, so that states and steps agree.

    The last row, one before a blank, and one from which time leaps (in a loop, where a shift wraps)
    have no next one; there the way goes on at the row's own pace.
    """
    places = np.clip(at.places, 0.0, count - 1.0)
    ends = places + at.speed
    gone, pace = np.diff(at.places), np.abs(at.speed)
    least, most = np.minimum(pace[:-1], pace[1:]), np.maximum(pace[:-1], pace[1:])
    on = at.shown[:-1] & at.shown[1:] & (at.speed[:-1] * at.speed[1:] > 0.0)
    on &= (gone * at.speed[:-1] > 0.0) & (np.abs(gone) >= least / 2) & (np.abs(gone) <= 2 * most)
    ends[:-1][on] = places[1:][on]
    return np.asarray(ends)


def _held(places: Numbers, values: Numbers) -> Numbers:
    return np.clip(places, 0.0, len(values) - 1.0)


def _between(values: Numbers, group: Group, places: Numbers) -> Numbers:
    """Rows of a group at fractional places; whole places give rows as they are."""
    if group.means == "gripper":
        return values[np.floor(places + 0.5 + _WHOLE).astype(np.int64)]
    low = np.minimum(np.floor(places).astype(np.int64), len(values) - 1)
    high = np.minimum(low + 1, len(values) - 1)
    part = places - low
    if not group.meaning.rotation:
        return np.asarray(values[low] + part[:, None] * (values[high] - values[low]))
    out = values[low]
    inner = part > _STEADY
    if inner.any():
        out[inner] = _slerp(values[low[inner]], values[high[inner]], part[inner], group)
    return out


def _slerp(one: Numbers, other: Numbers, part: Numbers, group: Group) -> Numbers:
    first, second = (_matrices(rows, group) for rows in (one, other))
    way = logarithm(second @ first.transpose(0, 2, 1))
    turned = exponential(way * part[:, None]) @ first
    out = _rows(turned, group)
    if group.means == "quaternion":  # on the side of the sphere of the row before
        out = np.where(np.sum(out * one, axis=1, keepdims=True) < 0.0, -out, out)
    return out


_Way = Callable[[Numbers, Numbers], Numbers]
"""From the places where steps begin and end, counted in rows of the source, to the steps."""


def _steps(values: Numbers, way: _Way, begins: Numbers, ends: Numbers) -> Numbers:
    """The steps between two places of a way; one of a whole row at its own pace stays."""
    count = float(len(values))
    begins, ends = np.clip(begins, 0.0, count), np.clip(ends, 0.0, count)
    out = way(begins, ends)
    whole = (begins == np.floor(begins)) & (np.abs(ends - begins - 1.0) < _STEADY)
    out[whole] = values[begins[whole].astype(np.int64)]
    return out


def _adding(values: Numbers) -> _Way:
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])

    def reached(places: Numbers) -> Numbers:
        low = np.minimum(places.astype(np.int64), len(values) - 1)
        return np.asarray(total[low] + (places - low)[:, None] * values[low])

    return lambda begins, ends: reached(ends) - reached(begins)


def _turning(values: Numbers, group: Group) -> _Way:
    """Steps in the base's or the world's frame come before what is turned, own ones after."""
    reached = _turned(values, group)

    def between(begins: Numbers, ends: Numbers) -> Numbers:
        first, last = reached(begins), reached(ends)
        back = first.transpose(0, 2, 1)
        return _rows(back @ last if group.frame == "own" else last @ back, group)

    return between


def _riding(values: Numbers, turns: Group, rows: Numbers) -> _Way:
    """Ways along the axes of a tool that turns by steps of its own."""
    reached = _turned(rows[:, turns.columns], turns)
    axes = reached(np.arange(len(values), dtype=np.float64))
    moves = np.einsum("nij,nj->ni", axes, values)
    carried = _adding(moves)

    def between(begins: Numbers, ends: Numbers) -> Numbers:
        return np.asarray(np.einsum("nji,nj->ni", reached(begins), carried(begins, ends)))

    return between


def _turned(values: Numbers, group: Group) -> Callable[[Numbers], Numbers]:
    """From places to how far the steps of a rotation have turned there, as matrices."""
    steps = _matrices(values, group)
    parts = logarithm(steps)
    own = group.frame == "own"
    total = np.empty((len(steps) + 1, 3, 3))
    total[0] = np.eye(3)
    for row, step in enumerate(steps):
        total[row + 1] = total[row] @ step if own else step @ total[row]

    def reached(places: Numbers) -> Numbers:
        low = np.minimum(places.astype(np.int64), len(values) - 1)
        part = exponential(parts[low] * (places - low)[:, None])
        return np.asarray(total[low] @ part if own else part @ total[low])

    return reached


def _matrices(rows: Numbers, group: Group) -> Numbers:
    return as_matrices(rows, group.means, group.order, degrees=group.degrees)


def _rows(matrices: Numbers, group: Group) -> Numbers:
    return from_matrices(matrices, group.means, group.order, degrees=group.degrees)
