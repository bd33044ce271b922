"""Admission of boxes: reading them, and holding them against their picture and their format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.rowwise import every
from syncaug.maps.plane import Size
from syncaug.modalities.annotations.rows import absent_rows
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.conversion import batch_hint
from syncaug.modalities.plane.bounds import TOLERANCE, beyond, clipped, remedy
from syncaug.modalities.plane.box_shapes import Corners, areas_of, to_corners
from syncaug.modalities.plane.box_table import BoxTable, fresh, left_out

__all__ = ["admitted", "read_boxes"]

_FORM = "boxes of shape Nx4"
_SEVERAL = 3
"""So many boxes of a picture tell that they are in another format."""
_FAR = 4.0
"""Sizes of a picture by which no box reaches out: numbers above are pixels."""
_TINY = 4
"""Pictures up to this size may have boxes of a pixel only."""


def read_boxes(value: Any, carrier: Carrier) -> Corners:
    """The numbers of boxes (N, 4) as they came, column by column. Raises SampleError."""
    if carrier.rules.lacks:
        value = absent_rows(value, 4)
    try:
        boxes = np.array(value, dtype=np.float64, order="F")
    except (TypeError, ValueError):
        raise carrier.fail(_FORM, describe(value), _hint(value)) from None
    if boxes.size == 0:
        return boxes.reshape(0, 4)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        hint = _hint(value) or batch_hint(boxes, 2)
        raise carrier.fail(_FORM, describe(value), hint)
    return boxes


def _hint(value: Any) -> str:
    """What to do with what are no rows of four numbers."""
    if value is None:
        return (
            "Where there are none give an empty list, or declare optional: true and give nothing."
        )
    rows = list(value) if _is_list(value) else []
    if any(isinstance(row, Mapping) for row in rows):
        return (
            "Give the four numbers of each; what else it holds is a list of its own under labels:."
        )
    if isinstance(value, list | tuple) and any(
        _is_list(one) for row in rows if _is_list(row) for one in row
    ):
        return "Boxes of each frame of a film name its clock: clock: NAME at both streams."
    lengths = {len(row) if _is_list(row) else 0 for row in rows}
    if lengths == {0}:
        return "One box is a row, too: [[x, y, x, y]]."
    if lengths and min(lengths) > 4:
        return "Scores and classes are lists of their own, which labels: names."
    if len(lengths) > 1:
        odd = next(index for index, row in enumerate(rows) if not _is_list(row) or len(row) != 4)
        row = rows[odd]
        came = f"has {len(row)} numbers" if _is_list(row) else f"is {describe(row)}"
        return f"Box {odd} {came}; give each its four."
    return ""


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def admitted(boxes: Corners, size: Size, carrier: Carrier) -> BoxTable:
    """The boxes in a picture of that size; what is none in it goes or is held as `outside:` says.

    Raises SampleError where the rule lets none go, and where the boxes are in another format.
    """
    table, rules = fresh(to_corners(boxes, carrier.rules.form, size)), carrier.rules
    slack = 0.5 + (0.0 if rules.outside == "clip" else TOLERANCE)
    width, height = size
    if every(_is_ordinary, table.corners, -slack, width - 1.0 + slack, height - 1.0 + slack):
        return table
    with np.errstate(invalid="ignore"):
        return _admitted(table, size, carrier)


def _is_ordinary(
    left: Any, top: Any, right: Any, bottom: Any, low: float, wide: float, high: float
) -> Any:
    """Whether a box needs no closer look, as is so of nearly all."""
    return (
        (left >= low)
        & (top >= low)
        & (right <= wide)
        & (bottom <= high)
        & (right > left)
        & (bottom > top)
        & ((right > 0.5) | (bottom > 0.5))
    )


def _admitted(table: BoxTable, size: Size, carrier: Carrier) -> BoxTable:
    corners, rule = table.corners, carrier.rules.outside
    absent: NDArray[np.bool_] = np.zeros(len(corners), bool)
    if carrier.rules.lacks:
        absent = np.all(np.isnan(corners), axis=1)
    keep = _solid(corners, absent, carrier)
    _require_unit(corners, keep, size, carrier)
    outside = beyond(corners, size)
    if rule == "error":
        if outside.any():
            raise _reaching(int(np.argmax(outside)), size, carrier)
        return left_out(table, corners, np.ones(len(corners)), keep) if absent.any() else table
    told = _suspect_format(outside, size, carrier)
    inside, share = corners, np.ones(len(corners))
    if rule == "clip":
        inside = clipped(corners, size)
        share[keep] = areas_of(inside[keep]) / areas_of(corners[keep])
        if not told:
            _suspect_place(keep & (share == 0.0), size, carrier)
        keep &= share > 0.0
    else:
        keep &= ~outside
    return left_out(table, inside, share, keep)


def _solid(corners: Corners, absent: NDArray[np.bool_], carrier: Carrier) -> NDArray[np.bool_]:
    """Which boxes have finite corners and an area; only `outside: error` refuses the others.

    Rows that are `absent` have none, and are never refused.
    """
    form, name, strict = carrier.rules.form, carrier.stream.name, carrier.rules.outside == "error"
    finite = np.isfinite(corners).all(axis=1)
    given = finite | absent
    if strict and not given.all():
        raise carrier.fail(
            "finite coordinates",
            f"NaN or infinity in box {int(np.argmin(given))}",
            remedy(name, "such boxes are to be left out."),
        )
    sides = corners[:, 2:] - corners[:, :2]
    inverted = np.flatnonzero((sides < 0).any(axis=1))
    if inverted.size:
        raise carrier.fail(
            "boxes with width and height above 0",
            f"box {inverted[0]}: {_shown(carrier, inverted[0])}",
            f"The format is {form}."
            + (" Is it coco: corner, width and height?" if form == "pascal_voc" else ""),
        )
    flat = np.flatnonzero((sides == 0).any(axis=1))
    if flat.size and strict:
        raise carrier.fail(
            "boxes with width and height above 0",
            f"box {flat[0]}: {_shown(carrier, flat[0])}",
            remedy(name, "boxes without an area are to be left out."),
        )
    solid: NDArray[np.bool_] = finite & np.all(sides > 0, axis=1)
    return solid


def _require_unit(corners: Corners, keep: NDArray[np.bool_], size: Size, carrier: Carrier) -> None:
    """Refuse fractions in a format of pixels, and pixels in a format of fractions."""
    form = carrier.rules.form
    if not keep.any():
        return
    first = int(np.argmax(keep))
    if form not in ("pascal_voc", "coco"):
        numbers = np.abs(np.asarray(carrier.data, dtype=np.float64)[keep])
        if float(numbers.max(axis=1).min()) > _FAR:
            raise carrier.fail(
                f"boxes as fractions of the picture, as {form} has them",
                f"numbers up to {numbers.max():g}, such as {_shown(carrier, first)}",
                "Declare format: coco or pascal_voc if they are pixels.",
            )
    elif min(size) > _TINY and float(corners[keep, 2:].max()) <= 0.5:
        raise carrier.fail(
            f"boxes in pixels of a picture of {size[0]}x{size[1]}, as {form} has them",
            f"numbers up to 1, such as {_shown(carrier, first)}",
            "Declare format: albumentations or yolo if they are fractions.",
        )


def _reaching(index: int, size: Size, carrier: Carrier) -> Exception:
    """The error that a box reaches beyond its picture."""
    other = "Is it pascal_voc: two corners? " if _are_corners(size, carrier) else ""
    remedied = remedy(carrier.stream.name, "boxes may reach beyond the picture.")
    return carrier.fail(
        f"boxes inside the picture of {size[0]}x{size[1]} pixels",
        f"box {index}: {_shown(carrier, index)}",
        f"The format is {carrier.rules.form}. {other}{remedied}",
    )


def _suspect_format(outside: NDArray[np.bool_], size: Size, carrier: Carrier) -> bool:
    """Say of boxes as corner and size, most of which reach out, that they may be two corners.

    Whether that was said.
    """
    if len(outside) < _SEVERAL or outside.mean() < 0.5 or not _are_corners(size, carrier):
        return False
    carrier.suspect(
        "format",
        f"{int(outside.sum())} of its {len(outside)} boxes reach beyond the picture of "
        f"{size[0]}x{size[1]} as coco has them (corner, width and height), such as "
        f"{_shown(carrier, int(np.argmax(outside)))}, and none as two corners. Declare format: "
        "pascal_voc if they are corners",
    )
    return True


def _suspect_place(lost: NDArray[np.bool_], size: Size, carrier: Carrier) -> None:
    """Say of boxes that lie wholly outside of their picture that they are gone."""
    if lost.any():
        carrier.suspect(
            "place",
            f"left out {int(lost.sum())} of its {len(lost)} boxes, wholly outside of the picture "
            f"of {size[0]}x{size[1]}, such as {_shown(carrier, int(np.argmax(lost)))}. Check the "
            f"order of the numbers (the format is {carrier.rules.form}); declare outside: drop if "
            "boxes may lie there",
        )


def _are_corners(size: Size, carrier: Carrier) -> bool:
    """Whether boxes that are declared as corner and size all fit as two corners."""
    if carrier.rules.form != "coco":
        return False
    boxes = np.asarray(carrier.data, dtype=np.float64).reshape(-1, 4)
    edges = np.array(size) + TOLERANCE
    return bool((boxes[:, 2:] > boxes[:, :2]).all() and (boxes[:, 2:] <= edges).all())


def _shown(carrier: Carrier, index: int) -> str:
    return str([round(float(number), 3) for number in np.asarray(carrier.data[index], dtype=float)])
