"""Rows of x, y, z, dx, dy, dz, yaw as solids, for tests that look into boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.oriented import Solid
from syncaug.maps.rotation import from_angles
from syncaug.modalities.world.box3d_forms import Solids

__all__ = ["solid", "solids"]


def solids(rows: Any) -> Solids:
    """The solids of rows (N, 7)."""
    boxes: NDArray[np.float64] = np.asarray(rows, dtype=np.float64).reshape(-1, 7)
    return Solids(boxes[:, :3], boxes[:, 3:6], from_angles(boxes[:, 6]))


def solid(row: Any) -> Solid:
    """The solid of one row."""
    return Solid(*(part[0] for part in solids(row)))
