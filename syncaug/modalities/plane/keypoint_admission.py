"""Admission of keypoints: reading them, and holding them against their picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size
from syncaug.modalities.annotations.rows import absent_rows
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.conversion import batch_hint
from syncaug.modalities.floats import all_finite
from syncaug.modalities.plane.bounds import beyond, remedy
from syncaug.modalities.plane.keypoint_table import PointTable, fresh, unseen
from syncaug.modalities.units import suspect_fractions

__all__ = ["held_in_picture", "read_points"]

_TWO_POINTS = 4
"""How many zeros two points at the corner have."""
_FORM = "keypoints of shape (N,)KxC with C 2 or 3"


def read_points(value: Any, carrier: Carrier) -> tuple[NDArray[np.float64], PointTable]:
    """Points ((N,) K, 2|3) as numbers, and as a table. Raises SampleError.

    Where `outside:` lets a point be missing, its numbers are zeros and it is not visible.
    """
    rules = carrier.rules
    if rules.lacks and not rules.names:
        value = absent_rows(value, 2)
    try:
        points = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise carrier.fail(_FORM, describe(value)) from None
    names = rules.names
    if points.size == 0 and points.ndim < 2:  # nobody, in a plain list
        points = points.reshape((0, len(names), 3) if names else (0, 2))
    if points.ndim not in (2, 3) or points.shape[-1] not in (2, 3):
        raise carrier.fail(_FORM, describe(value), _flat_hint(points) or batch_hint(points, 3))
    missing: NDArray[np.bool_] | None = None
    if not all_finite(points):
        missing = np.any(~np.isfinite(points), axis=-1)
        may_miss = rules.outside in ("clip", "drop")
        if rules.lacks and not may_miss:
            may_miss = bool(np.isnan(points)[missing].all())
        unlabelled = not may_miss and points.shape[-1] == 3 and not points[missing, 2].any()
        if not (may_miss or unlabelled):
            raise carrier.fail(
                "finite coordinates",
                "NaN or infinity",
                "Mark a missing point by visibility 0, or declare outside: drop.",
            )
        if unlabelled:
            missing = None
        else:
            points = np.where(missing[..., None], 0.0, points)
    if names and len(names) != points.shape[-2]:
        raise carrier.fail(f"{len(names)} keypoints, one for each name", f"{points.shape[-2]}")
    if points.shape[-1] == 2 and (names or points.ndim == 3):
        raise carrier.fail(
            "a third column, visibility, where rows have fixed places",
            describe(value),
            "A point that leaves the picture keeps its row, with visibility 0.",
        )
    if rules.rowed and names and points.ndim == 2:
        raise carrier.fail(
            f"bodies of shape (N, {len(names)}, 3), because its rows are those of other streams",
            describe(value),
            "One body alone is points[None].",
        )
    if set(rules.lists.keys) - {rules.lists.ids} and points.ndim == 3 and not rules.rowed:
        raise carrier.fail("an array of shape Kx2 or Kx3 beside a list of names", describe(value))
    if points.shape[-1] == 2 and missing is None:
        _suspect_absence(points, carrier)
    table = fresh(points.reshape(-1, points.shape[-1]))
    if missing is not None and not names and points.ndim == 2:
        table = unseen(table, missing)._replace(unlabelled=table.unlabelled & ~missing)
    return points, table


def held_in_picture(table: PointTable, size: Size, carrier: Carrier) -> PointTable:
    """The visible points as `outside:` says of those beyond their picture. Raises SampleError."""
    if len(table.pixels) and table.pixels.item(0) <= 1.0 and table.pixels.max() <= 1.0:
        suspect_fractions(
            carrier,
            table.pixels[table.visible],
            size,
            "Multiply x by the width and y by the height",
        )
    rule = carrier.rules.outside
    if rule == "keep":
        return table
    pixels, visible = table.pixels, table.visible
    outside = visible & beyond(np.hstack([pixels, pixels]), size)
    if rule == "error" and outside.any():
        index = int(np.argmax(outside))
        raise carrier.fail(
            f"visible points inside the picture of {size[0]}x{size[1]} pixels",
            f"point {index} at {pixels[index].round(3).tolist()}",
            remedy(carrier.stream.name, "points may reach beyond the picture."),
        )
    if rule == "drop":
        return unseen(table, outside)
    if rule == "clip" and visible.any():
        edges = np.array(size) - 0.5
        over = visible & ((pixels < -0.5) | (pixels >= edges)).any(axis=1)
        held = np.where(over[:, None], np.clip(pixels, 0.0, np.array(size) - 1.0), pixels)
        return table._replace(pixels=held, hidden=table.hidden | outside)
    return table


def _suspect_absence(points: NDArray[np.float64], carrier: Carrier) -> None:
    """Say of several points at the same corner that they may stand for what was not labelled."""
    if points.size - np.count_nonzero(points) < _TWO_POINTS:
        return
    absent = int((points == 0.0).all(axis=-1).sum())
    if absent > 1:
        carrier.suspect(
            "absent",
            f"{absent} of its {len(points)} points lie at exactly (0, 0), and move with the "
            "picture. If that says that they were not labelled, give visibility 0 in a third "
            "column, or leave them out with their names",
        )


def _flat_hint(points: NDArray[np.float64]) -> str:
    """How rows of x, y, visibility, x, y, visibility ... become points, as COCO writes them."""
    count = points.shape[-1] if points.ndim in (1, 2) else 0
    if count > 3 and count % 3 == 0:
        return f"Flat rows as of COCO become points by numpy.reshape(value, (-1, {count // 3}, 3))."
    return ""
