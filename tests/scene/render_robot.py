"""A robot of two hands that follow two shapes: what it measures of itself, and what it is told.

A hand moves steadily and turns steadily about one axis. After a mirror it is right-handed again by
its y axis, and the hand on the other side of the robot is called left.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_film import moments_of
from tests.scene.scene import Scene
from tests.scene.vectors import Vectors, cross, turned, unit, vector

__all__ = ["ACTION", "ROBOT_RATE", "STATE", "action_of", "at_rest", "state_of"]

ROBOT_RATE = 40.0
"""Rows in a second."""
_INSTANT = 1e-4
_SIDES = ("left_hand", "right_hand")
_STATE = (
    "{name: SIDE.place, is: position}",
    "{name: SIDE.turn, is: quaternion, order: wxyz}",
    "{name: SIDE.speed, is: linear_velocity}",
    "{name: SIDE.spin, is: angular_velocity}",
    "{name: SIDE.joints, is: joint, count: 2, mirror: [-1, 1]}",
    "{name: SIDE.grip, is: gripper}",
)
_ACTION = (
    "{name: SIDE.step, is: position}",
    "{name: SIDE.turn, is: axis_angle}",
    "{name: SIDE.goal, is: rotation_6d, relative: false}",
    "{name: SIDE.grip, is: gripper}",
)
_WAYS = ((vector(1.0, 2.0, 0.5), 70.0), (vector(-0.4, 0.3, 1.0), -110.0))
"""Of each hand the axis about which it turns, and degrees in a second."""
_REST = {
    "state": [0.0] * 3 + [1.0] + [0.0] * 3 + [0.0] * 9,
    "action": [0.0] * 6 + [1.0, 0.0, 0.0, 0.0, 1.0, 0.0] + [0.0],
}


def _declared(modality: str, columns: tuple[str, ...], more: str) -> str:
    groups = ", ".join(column.replace("SIDE", side) for side in _SIDES for column in columns)
    place = f"world: ground, frame: world, rate: {ROBOT_RATE}{more}"
    return f"{{modality: {modality}, {place}, columns: [{groups}]}}"


STATE = _declared("state", _STATE, "")
ACTION = _declared("action", _ACTION, ", relative: true")


def at_rest(kind: str) -> Vectors:
    """The row of a robot of which nothing is known."""
    return np.array(_REST[kind] * 2)


def state_of(scene: Scene) -> NDArray[np.float64]:
    """Place, turn, speeds, joints and grip of both hands."""
    return _rows(scene, "state", _measured)


def action_of(scene: Scene) -> NDArray[np.float64]:
    """The step and the turn to the next row, how the hand stands then, and its grip."""
    return _rows(scene, "action", _told)


def _rows(scene: Scene, kind: str, of_hand: Any) -> NDArray[np.float64]:
    moments = moments_of(scene, ROBOT_RATE)
    seconds = (np.arange(len(moments)) + 0.5) / ROBOT_RATE
    rows = np.tile(at_rest(kind), (len(moments), 1))
    hands = (1, 0) if _is_mirrored(scene) else (0, 1)
    for index in np.flatnonzero(np.isfinite(moments)):
        soon = scene.moment(seconds[index] + np.array([1e-8, 1e-6]))  # the pace from here on
        pace = float(np.diff(soon)[0]) / 9.9e-7
        pace = pace if np.isfinite(pace) else 1.0
        moment, later = float(moments[index]), _next(moments, index, pace)
        parts = [of_hand(scene, hand, moment, pace, later) for hand in hands]
        rows[index] = np.concatenate(parts)
    return rows


def _next(moments: NDArray[np.float64], index: int, pace: float) -> float:
    """The moment of the row after one; where time leaps or ends, as far on as it goes there."""
    soon = float(moments[index] + pace / ROBOT_RATE)
    if index + 1 == len(moments):
        return soon
    gone = float(moments[index + 1] - moments[index]) * ROBOT_RATE
    return float(moments[index + 1]) if pace and 0.5 <= gone / pace <= 2.0 else soon


def _measured(scene: Scene, hand: int, moment: float, pace: float, later: float) -> Vectors:
    place, axes = _hand(scene, hand, moment)
    before, old = _hand(scene, hand, moment - _INSTANT)
    after, new = _hand(scene, hand, moment + _INSTANT)
    spin = cross(axes, (new - old) / (2.0 * _INSTANT)).sum(axis=0) / 2.0
    sign = -1.0 if _is_mirrored(scene) else 1.0
    joints = [sign * (0.3 + 0.5 * moment + hand), 0.4 * moment - 0.2 * hand]
    speed = (after - before) / (2.0 * _INSTANT)
    return np.concatenate(
        [
            place,
            _quaternion(axes.T),
            pace * speed,
            pace * spin,
            joints,
            [_grip(scene, hand, moment)],
        ]
    )


def _told(scene: Scene, hand: int, moment: float, pace: float, later: float) -> Vectors:
    place, axes = _hand(scene, hand, moment)
    _, goal = _hand(scene, hand, moment + pace / ROBOT_RATE)
    there, soon = _hand(scene, hand, later)
    way = axes.T @ soon  # rows are axes: what turns the one into the other is goal.T @ axes
    about = vector(way[1, 2] - way[2, 1], way[2, 0] - way[0, 2], way[0, 1] - way[1, 0])
    sine = float(np.linalg.norm(about)) / 2.0
    angle = math.atan2(sine, (np.trace(way) - 1.0) / 2.0)
    turn = unit(about) * angle if sine > 1e-12 else np.zeros(3)
    grip = _grip(scene, hand, moment + (pace - 1.0) / ROBOT_RATE)
    return np.concatenate([there - place, turn, goal[0], goal[1], [grip]])


def _hand(scene: Scene, hand: int, moment: float) -> tuple[Vectors, Vectors]:
    """Where a hand is and its axes (rows), as the world is now."""
    axis, rate = _WAYS[hand]
    centre = scene.shapes[hand].at(moment)
    axes = turned(np.eye(3), axis, 20.0 + rate * moment)
    here = scene.place(centre)
    now = unit(scene.place(centre + axes) - here)
    if np.linalg.det(now) < 0.0:
        now = now * np.array([[1.0], [-1.0], [1.0]])
    return here, now


def _is_mirrored(scene: Scene) -> bool:
    here = scene.place(np.zeros(3))
    return bool(np.linalg.det(scene.place(np.eye(3)) - here) < 0.0)


def _grip(scene: Scene, hand: int, moment: float) -> float:
    """Closed in every third row, of the row in whose span a moment lies."""
    last = round(scene.first_duration * ROBOT_RATE) - 1
    row = int(np.clip(math.floor(moment * ROBOT_RATE + 1e-6), 0, last))
    return float((row + hand) % 3 == 0)


def _quaternion(matrix: Vectors) -> Vectors:
    """The eigenvector of Bar-Itzhack's symmetric matrix (2000), w first."""
    m = matrix
    k = np.array(
        [
            [np.trace(m), m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]],
            [m[2, 1] - m[1, 2], m[0, 0] - m[1, 1] - m[2, 2], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0]],
            [m[0, 2] - m[2, 0], m[0, 1] + m[1, 0], m[1, 1] - m[0, 0] - m[2, 2], m[1, 2] + m[2, 1]],
            [m[1, 0] - m[0, 1], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], m[2, 2] - m[0, 0] - m[1, 1]],
        ]
    )
    _, vectors = np.linalg.eigh(k)
    found: Vectors = vectors[:, -1]
    return found if found[0] >= 0.0 else -found
