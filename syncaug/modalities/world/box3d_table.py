"""What is known of a world's 3-D boxes, as a frozen table; each change gives a new one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.world import WorldMap

__all__ = ["Box3dTable", "chosen", "corners_of", "moved"]

Boxes = NDArray[np.float64]
"""Rows (N, 7): x, y, z, dx, dy, dz in metres, and the yaw in radians about +z."""

_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])


@dataclass(frozen=True, slots=True)
class Box3dTable:
    """The boxes that are left of the `total` that were counted last: that came, or that a mix gave.

    `kept` (N,) is for each box its place among the counted.
    """

    boxes: Boxes
    kept: NDArray[np.intp]
    total: int

    @property
    def gone(self) -> list[int]:
        """The counted boxes that are not left, in their order."""
        gone = np.ones(self.total, dtype=bool)
        gone[self.kept] = False
        return gone.nonzero()[0].tolist()


def chosen(table: Box3dTable, stays: NDArray[np.bool_]) -> Box3dTable:
    """The boxes that stay."""
    return replace(table, boxes=table.boxes[stays], kept=table.kept[stays])


def moved(table: Box3dTable, world: WorldMap) -> Box3dTable:
    """The boxes under a map that leaves the vertical axis upright."""
    boxes, matrix = table.boxes, world.matrix
    out = boxes.copy()
    out[:, :3] = boxes[:, :3] @ matrix[:3, :3].T + matrix[:3, 3]
    out[:, 3:6] *= world.scale
    heading = np.stack([np.cos(boxes[:, 6]), np.sin(boxes[:, 6])], axis=1)
    heading = heading @ (matrix[:2, :2] / world.scale).T
    out[:, 6] = np.arctan2(heading[:, 1], heading[:, 0])
    return replace(table, boxes=out)


def corners_of(boxes: Boxes) -> NDArray[np.float64]:
    """The eight corners (N, 8, 3) of boxes (N, 7)."""
    turns = np.zeros((len(boxes), 3, 3))
    turns[:, 2, 2] = 1.0
    for turn, yaw in zip(turns, boxes[:, 6].tolist(), strict=True):
        cosine, sine = math.cos(yaw), math.sin(yaw)
        turn[0, 0], turn[0, 1], turn[1, 0], turn[1, 1] = cosine, -sine, sine, cosine
    local = _CORNERS * boxes[:, None, 3:6]
    out: NDArray[np.float64] = local @ turns.transpose(0, 2, 1) + boxes[:, None, :3]
    return out
