"""Boxes in a world: whether two upright ones touch, and which points lie inside of one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.world import WorldMap

__all__ = ["Solid", "in_box", "moved_box", "overlaps"]

Boxes = NDArray[np.float64]
_SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]])


def overlaps(box: Boxes, others: Boxes, clearance: float = 0.0) -> NDArray[np.bool_]:
    """Which of `others` (N, 7) are nearer to `box` (7,) than `clearance` metres, or overlap it.

    Boxes are (x, y, z, dx, dy, dz, yaw). Two of them are apart where an axis separates them: the
    vertical, or the normal of a side of either (the separating axis theorem; Gottschalk, Lin and
    Manocha, OBBTree, SIGGRAPH 1996). Boxes that touch do not overlap.
    """
    if len(others) == 0:
        return np.zeros(0, dtype=bool)
    high = np.abs(others[:, 2] - box[2]) - (others[:, 5] + box[5]) / 2 >= clearance
    mine, theirs = _corners(box[None]), _corners(others)
    apart = high
    for yaw in (np.full(len(others), box[6]), others[:, 6]):
        for turn in (0.0, np.pi / 2):
            axis = np.stack([np.cos(yaw + turn), np.sin(yaw + turn)], axis=1)
            own = mine[0] @ axis.T  # (4, N)
            other = np.einsum("nkd,nd->kn", theirs, axis)
            gap = np.maximum(own.min(axis=0) - other.max(axis=0), other.min(axis=0) - own.max(0))
            apart = apart | (gap >= clearance)
    result: NDArray[np.bool_] = ~apart
    return result


class Solid(NamedTuple):
    """A box that may lie in any way: its centre, length, width and height, and its rotation.

    The columns of `turn` (3, 3) are the directions of its heading, its left and its top.
    """

    centre: NDArray[np.float64]
    size: NDArray[np.float64]
    turn: NDArray[np.float64]

    def moved(self, world: WorldMap) -> Solid:
        """The same box after a turn and a shift."""
        linear = world.matrix[:3, :3]
        return Solid(linear @ self.centre + world.matrix[:3, 3], self.size, linear @ self.turn)


def in_box(points: NDArray[np.float64], box: Solid, floor: float = 0.0) -> NDArray[np.bool_]:
    """Which points (N, 3) lie in a box, at least `floor` metres above its bottom."""
    own = (points - box.centre) @ box.turn
    height = own[:, 2] + box.size[2] / 2
    inside: NDArray[np.bool_] = (
        (np.abs(own[:, :2]) <= box.size[:2] / 2).all(axis=1)
        & (height >= floor)
        & (height <= box.size[2])
    )
    return inside


def moved_box(box: Boxes, matrix: NDArray[np.float64]) -> Boxes:
    """A box after a turn about the vertical and a shift (4x4)."""
    out = box.copy()
    out[:3] = matrix[:3, :3] @ box[:3] + matrix[:3, 3]
    out[6] = box[6] + np.arctan2(matrix[1, 0], matrix[0, 0])
    return out


def _corners(boxes: Boxes) -> NDArray[np.float64]:
    """The corners (N, 4, 2) of boxes as seen from above."""
    local = boxes[:, None, 3:5] / 2 * _SIGNS
    cosine, sine = np.cos(boxes[:, 6])[:, None], np.sin(boxes[:, 6])[:, None]
    x = local[..., 0] * cosine - local[..., 1] * sine
    y = local[..., 0] * sine + local[..., 1] * cosine
    return np.stack([x, y], axis=-1) + boxes[:, None, :2]
