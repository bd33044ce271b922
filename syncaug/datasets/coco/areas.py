"""Areas of rows: a data set tells them by its own measure, and results keep to that measure.

COCO's areas count pixels of crowds and measure outlines of things; other data sets count pixels of
all, or take the box. What a result's row measures, against what it measured when it was read, says
by how much the told area has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.backends import run_lengths

__all__ = ["MEASURED", "area_of", "area_told", "measured"]

MEASURED = "measured"
"""In what goes along with a row: its area as told, and that of its segmentation as read."""


def measured(row: Mapping[str, Any], told: float) -> dict[str, Any]:
    """What goes along with an annotation, so that its area can be told of a result."""
    area = area_of(row.get("segmentation"))
    return {MEASURED: [told, area]} if area else {}


def area_told(rest: Mapping[str, Any], segmentation: Any) -> float | None:
    """The area of a result's row; None where its segmentation does not tell one.

    `rest` is what goes along with the row, `segmentation` that of the result; one of which nothing
    is left has no area.
    """
    area = area_of(segmentation)
    if not area:
        return 0.0 if MEASURED in rest else None
    if MEASURED not in rest:
        return area
    told, before = rest[MEASURED]
    return float(told * (area / before))


def area_of(segmentation: Any) -> float | None:
    """The area of rings or of run lengths in pixels; None of what is neither."""
    try:
        if isinstance(segmentation, Mapping):
            counts = segmentation["counts"]
            if isinstance(counts, str):
                counts = counts.encode("ascii")
            runs = run_lengths.runs_of(counts) if isinstance(counts, bytes) else counts
            return float(sum(runs[1::2]))
        if not len(segmentation):
            return None
        rings = segmentation if np.ndim(segmentation[0]) else [segmentation]
        return float(sum(_shoelace(np.asarray(ring, float).reshape(-1, 2)) for ring in rings))
    except (KeyError, TypeError, ValueError):
        return None


def _shoelace(ring: Any) -> float:
    """What a ring surrounds. Rings are parts without holes, as COCO has them."""
    if not len(ring):
        return 0.0
    x, y = (ring - ring[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2
