"""A robot of two arms with six joints each, a head camera and two blocks, simulated for tests.

Its base stands at the origin: x forward, y left, z up. The right arm is the mirror image of the
left one, whose joints turn about the same axes: z, y, z, y, x, y. Nothing here is the library's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ARM", "RATE", "ROWS", "episode", "forward", "picture", "pose_of", "spin"]

Numbers = NDArray[np.float64]
RATE, ROWS = 20, 41
ARM = 14
"""Columns of one arm in a state: 6 joints, a place, a quaternion, a gripper."""
_AXES = "zyzyxy"
_LINKS = (
    (0, 0.02, 0.1),
    (0.25, 0.01, 0),
    (0.05, 0, 0.02),
    (0.22, 0, 0),
    (0.06, 0.01, 0),
    (0.1, 0, 0),
)
_SHOULDER = (0.0, 0.25, 0.5)
SIZE = (128, 96)


def spin(axis: str, angle: float) -> Numbers:
    """The right-handed turn about an axis."""
    c, s = math.cos(angle), math.sin(angle)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    turn = np.eye(3)
    turn[i, i] = turn[j, j] = c
    turn[j, i], turn[i, j] = s, -s
    return turn


def forward(joints: Numbers, side: str) -> tuple[Numbers, Numbers, list[Numbers]]:
    """The tool's place and axes (columns), and the places of all joints."""
    hand = np.array([1.0, 1.0 if side == "left" else -1.0, 1.0])
    place, turn = np.array(_SHOULDER) * hand, np.eye(3)
    places = [place]
    for axis, angle, link in zip(_AXES, joints, _LINKS, strict=True):
        turn = turn @ spin(axis, float(angle))
        place = place + turn @ (np.array(link) * hand)
        places.append(place)
    return place, turn, places


def _quaternion(turn: Numbers) -> Numbers:
    values, vectors = np.linalg.eig(turn)
    axis = np.real(vectors[:, np.argmin(np.abs(values - 1.0))])
    angle = math.acos(max(-1.0, min(1.0, (np.trace(turn) - 1.0) / 2.0)))
    cross = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    axis = axis if cross @ axis >= 0.0 else -axis
    return np.array([math.cos(angle / 2), *(math.sin(angle / 2) * axis)])


def pose_of(row: Numbers) -> tuple[Numbers, Numbers]:
    """The place and the axes that one arm's columns of a state say."""
    w, x, y, z = row[9:13] / np.linalg.norm(row[9:13])
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn = np.eye(3) + 2 * w * cross + 2 * cross @ cross
    return row[6:9], turn


def _joints(second: float, side: str) -> Numbers:
    phase = 0.4 if side == "left" else 1.7
    amounts = np.array([0.5, 0.4, 0.3, 0.5, 0.6, 0.3])
    return amounts * np.sin(second * np.array([1.0, 1.3, 0.7, 1.1, 0.9, 1.5]) + phase) + 0.2


def _arm(second: float, side: str) -> Numbers:
    joints = _joints(second, side)
    place, turn, _ = forward(joints, side)
    return np.concatenate([joints, place, _quaternion(turn), [float(second > 1.0)]])


def _logarithm(turn: Numbers) -> Numbers:
    w, *vector = _quaternion(turn)
    length = float(np.linalg.norm(vector))
    return np.array(vector) / (length or 1.0) * 2.0 * math.atan2(length, w)


def _step(now: Numbers, later: Numbers) -> Numbers:
    (place, turn), (there, other) = pose_of(now), pose_of(later)
    return np.concatenate([turn.T @ (there - place), _logarithm(turn.T @ other), [later[13]]])


def camera() -> dict[str, Any]:
    """The head camera: above the base, a little to the left, looking ahead and down."""
    right, down = np.array([0.05, -1.0, 0.0]), np.array([-0.6, 0.0, -1.0])
    forward_ = np.cross(right, down)
    axes = np.stack([right, np.cross(forward_, right), forward_])
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    pose = np.eye(4)
    pose[:3, :3] = axes
    pose[:3, 3] = -axes @ np.array([-0.5, 0.06, 1.2])
    lens = np.array([[95.0, 0, 62.0], [0, 95.0, 50.0], [0, 0, 1.0]])
    return {"K": lens, "world_to_camera": pose, "size": SIZE}


BLOCKS = {"red": ((0.55, 0.25, 0.05), (220, 30, 30)), "blue": ((0.5, -0.3, 0.05), (30, 40, 220))}


def picture(
    arms: tuple[Numbers, Numbers], blocks: dict[str, Any], seen_by: dict[str, Any]
) -> NDArray[np.uint8]:
    """What a camera sees of joints (left, right) and blocks: discs, the nearest in front."""
    width, height = seen_by["size"]
    out = np.full((height, width, 3), 90, np.uint8)
    down, across = np.mgrid[:height, :width]
    things = [(np.array(place), 0.06, colour) for place, colour in blocks.values()]
    for side, joints in zip(("left", "right"), arms, strict=True):
        _, _, places = forward(joints, side)
        things += [(place, 0.035, (200, 190, 60 + 20 * i)) for i, place in enumerate(places)]
    lens, pose = np.asarray(seen_by["K"]), np.asarray(seen_by["world_to_camera"])
    inside = [pose[:3, :3] @ place + pose[:3, 3] for place, _, _ in things]
    for index in sorted(range(len(things)), key=lambda i: -inside[i][2]):
        x, y, z = lens @ inside[index]
        radius = abs(lens[0, 0]) * things[index][1] / z
        near = (across - x / z) ** 2 + (down - y / z) ** 2 <= radius**2
        out[near] = things[index][2]
    return out


def episode() -> dict[str, Any]:
    """What a robot of two arms logs: a picture at the beginning, states, steps, an instruction."""
    seconds = (np.arange(ROWS + 1) + 0.5) / RATE
    arms = {side: np.stack([_arm(t, side) for t in seconds]) for side in ("left", "right")}
    steps = [
        np.stack([_step(arm[row], arm[row + 1]) for row in range(ROWS)]) for arm in arms.values()
    ]
    joints = (arms["left"][0, :6], arms["right"][0, :6])
    return {
        "head": picture(joints, BLOCKS, camera()),
        "camera": camera(),
        "instruction": "Pick up the red block on the left.",
        "state": np.concatenate([arm[:ROWS] for arm in arms.values()], axis=1),
        "action": np.concatenate(steps, axis=1),
    }
