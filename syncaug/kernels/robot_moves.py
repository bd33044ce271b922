"""What a move of the world makes of a robot's numbers, in the frame in which they are given.

`world` turns and carries them; in the `base` frame, which goes with its robot, only a mirror is
seen, as in the `own` frame of a tool. A mirror image of a frame is made right-handed again by its
lateral axis: R' = L R M, where L is the world's linear part of length 1 and M negates that axis;
R' = M R M seen from a base. Vectors turn by L, or by M; turn rates are pseudovectors, and steps of
a rotation, D' = L D L^T, too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.rotations import as_matrices, from_matrices
from syncaug.maps.world import WorldMap
from syncaug.plan.robot_columns import Group, RobotLayout

__all__ = ["moved_rows"]

Numbers = NDArray[np.float64]


def moved_rows(rows: Numbers, layout: RobotLayout, world: WorldMap) -> Numbers:
    """Rows (T, C) after a move of their world; in a mirror the two sides trade places."""
    out = np.empty_like(rows)
    mirrored = world.mirrors
    for group in layout.groups:
        source = layout.groups[group.other] if mirrored else group
        out[:, group.columns] = _moved(rows[:, source.columns], group, world)
    return out


def _moved(values: Numbers, group: Group, world: WorldMap) -> Numbers:
    meaning = group.meaning
    if not meaning.turns:
        return values * np.array(group.signs) if world.mirrors else values
    turn, tool = _turns(group, world)
    if meaning.rotation:
        return _rotated(values, group, turn, tool)
    if group.means == "angular_velocity":
        return np.asarray(values @ turn.T * np.linalg.det(turn))
    moved = values @ turn.T * world.scale
    if group.means == "position" and group.frame == "world" and not group.relative:
        moved = values @ world.matrix[:3, :3].T + world.matrix[:3, 3]
    return np.asarray(moved)


def _turns(group: Group, world: WorldMap) -> tuple[Numbers, Numbers]:
    """What turns numbers in their frame (length 1, may mirror), and what mirrors a tool's frame."""
    base, tool = (
        _mirror(axis) if world.mirrors else np.eye(3)
        for axis in (group.base_lateral, group.tool_lateral)
    )
    if group.frame == "world":
        return world.matrix[:3, :3] / world.scale, tool
    return (base if group.frame == "base" else tool), tool


def _rotated(values: Numbers, group: Group, turn: Numbers, tool: Numbers) -> Numbers:
    """Rotations after a turn: poses of a frame, or steps, which turn on both sides."""
    after = turn.T if group.relative or np.array_equal(turn, tool) else tool
    if np.array_equal(turn, np.eye(3)) and np.array_equal(after, turn):
        return values
    handed = np.linalg.det(turn)
    if np.array_equal(after, turn.T):  # the axis turns as a pseudovector, the angle stays
        if group.means == "axis_angle":
            return np.asarray(values @ turn.T * handed)
        if group.means == "quaternion":
            at = slice(1, 4) if group.order == "wxyz" else slice(0, 3)
            out = values.copy()
            out[:, at] = values[:, at] @ turn.T * handed
            return out
    form = group.means, group.order
    matrices = turn @ as_matrices(values, *form, degrees=group.degrees) @ after
    out = from_matrices(matrices, *form, degrees=group.degrees)
    return _in_line(out, values) if group.means == "quaternion" else out


def _in_line(moved: Numbers, came: Numbers) -> Numbers:
    """Quaternions with signs that change from row to row where those that came do."""
    dots = np.sum(moved[1:] * moved[:-1], axis=1) * np.sum(came[1:] * came[:-1], axis=1)
    signs = np.cumprod(np.concatenate([[1.0], np.where(dots < 0.0, -1.0, 1.0)]))
    return np.asarray(moved * signs[:, None])


def _mirror(axis: int) -> Numbers:
    return np.diag([-1.0 if axis == place else 1.0 for place in range(3)])
