"""Boxes under the warp of a lens: outlines that bend, cut by the picture and fitted again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.polygon import area, clipped, edges
from syncaug.maps.lens_map import LensMap
from syncaug.modalities.plane.box_shapes import Corners, areas_of

__all__ = ["Bent", "straight_boxes"]

_PER_SIDE = 24
"""Places along each side: between them a bent side misses its extreme by 1/2000 of its bow."""


class Bent(NamedTuple):
    """The corners (N, 4) of what a picture shows of boxes, the share of each that it shows, and by
    how much each grew; `found` are those of which anything is shown."""

    corners: Corners
    share: NDArray[np.float64]
    growth: NDArray[np.float64]
    found: NDArray[np.bool_]


def straight_boxes(corners: Corners, lens: LensMap) -> Bent:
    """Boxes after the distortion was taken out of their picture."""
    count = len(corners)
    out = Bent(np.zeros((count, 4)), np.zeros(count), np.ones(count), np.zeros(count, np.bool_))
    outlines = lens.points(_outlines(corners).reshape(-1, 2)).reshape(count, -1, 2)
    before, frame = areas_of(corners), edges(lens.size)
    for row, outline in enumerate(outlines):
        known = np.isfinite(outline).all(axis=1)
        polygon = list(map(tuple, outline[known].tolist()))
        whole = area(polygon)
        shown = clipped(polygon, frame)
        if not shown or whole <= 0.0:
            continue
        x, y = zip(*shown, strict=True)
        # What no pinhole can show is as good as out of the picture.
        out.share[row] = area(shown) / whole * float(known.mean())
        out.growth[row] = whole / before[row] if before[row] > 0.0 else 1.0
        out.corners[row] = min(x), min(y), max(x), max(y)
        out.found[row] = max(x) > min(x) and max(y) > min(y)
    return out


def _outlines(corners: Corners) -> NDArray[np.float64]:
    """Places along the four sides of each box, around it: (N, 4 * S, 2)."""
    step = np.arange(_PER_SIDE) / _PER_SIDE
    none, full = np.zeros(_PER_SIDE), np.ones(_PER_SIDE)
    across = np.concatenate([step, full, 1.0 - step, none])
    down = np.concatenate([none, step, full, 1.0 - step])
    left, top, right, bottom = (column[:, None] for column in corners.T)
    return np.stack([left + (right - left) * across, top + (bottom - top) * down], axis=-1)
