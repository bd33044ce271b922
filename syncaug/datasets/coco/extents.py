"""Boxes of annotations that have none: what surrounds their outline, or else their points.

Results of pycocotools' `loadRes`, exports of one mask or pose for each thing, and tables that were
written by hand leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import run_lengths

__all__ = ["surrounding"]


def surrounding(row: Mapping[str, Any]) -> list[float] | None:
    """x, y, width and height of what an annotation outlines or points at; None where it does not.

    Points that are not labelled (visibility 0) do not count.
    """
    try:
        corners = _corners_of(row.get("segmentation"))
        if corners is None:
            points = np.asarray(row.get("keypoints") or (), float).reshape(-1, 3)
            corners = points[points[:, 2] > 0, :2]
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if not len(corners) or not np.isfinite(corners).all():
        return None
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return [left, top, right - left, bottom - top]


def _corners_of(segmentation: Any) -> NDArray[np.float64] | None:
    """Points around rings or run lengths; None where there are none. Raises ValueError."""
    if isinstance(segmentation, Mapping):
        counts = segmentation["counts"]
        if isinstance(counts, str):
            counts = run_lengths.runs_of(counts.encode("ascii"))
        height, width = segmentation["size"]
        if sum(counts) != height * width or height * width > _PIXELS:
            raise ValueError("runs of another size")
        rows, columns = np.nonzero(run_lengths.decoded(counts, (height, width)))
        if not len(rows):
            return None
        ends = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
        return np.array(ends, np.float64)
    if not isinstance(segmentation, list) or not segmentation:
        return None
    rings = segmentation if isinstance(segmentation[0], list) else [segmentation]
    return np.concatenate([np.asarray(ring, float).reshape(-1, 2) for ring in rings])


_PIXELS = 1 << 28
"""Masks of more pixels are not looked at."""
