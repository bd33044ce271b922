"""Filling: the pixels whose centres lie inside of rings."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.rings import Rings, following
from syncaug.maps.plane import Size

__all__ = ["filled"]


def filled(parts: Iterable[Rings], size: Size) -> NDArray[np.bool_]:
    """The mask (H, W) of the pixels in at least one part, whose rings follow the even-odd rule.

    Each edge turns over all pixels to the right of where it crosses their row.
    """
    width, height = size
    mask = np.zeros((height, width), dtype=bool)
    for part in parts:
        turned = np.zeros((height, width + 1), dtype=np.uint8)
        for ring in part:
            (x0, y0), (x1, y1) = ring.T, following(ring).T
            low, high = np.ceil(np.minimum(y0, y1)), np.ceil(np.maximum(y0, y1))
            first = np.clip(low, 0, height).astype(int)
            counts = np.clip(high, 0, height).astype(int) - first
            which = np.repeat(np.arange(len(ring)), counts)
            rows = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts - first, counts)
            slope = (x1 - x0)[which] / (y1 - y0)[which]
            columns = np.ceil(x0[which] + (rows - y0[which]) * slope)
            np.add.at(turned, (rows, np.clip(columns, 0, width).astype(int)), 1)
        mask |= (np.add.accumulate(turned, axis=1, dtype=np.uint8)[:, :width] & 1).astype(bool)
    return mask
