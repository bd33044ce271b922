"""Marks in a picture brought back: boxes, keypoints and polygons, row for row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.plane.box_shapes import from_corners, to_corners
from syncaug.modalities.plane.keypoint_rules import KeypointRules
from syncaug.plan.stream import Stream

__all__ = ["boxes_back", "keypoints_back", "split_columns"]


def boxes_back(value: Any, plane: PlaneMap, stream: Stream) -> Any:
    """Boxes (N, 4), and whatever columns follow, in the form in which they came; no row is lost.

    Under a map that keeps axes they are exact. Any other box becomes the one around its four
    corners, which contains what was predicted. None is cut at the original's edge. NaN stays.
    """
    boxes = _numbers(value, stream, "boxes of shape Nx4")
    if boxes.size == 0:
        return value
    if boxes.ndim != 2 or boxes.shape[1] < 4:
        raise _unfit(stream, "boxes of shape Nx4", value)
    form = stream.options.get("format", "pascal_voc")
    corners = to_corners(boxes[:, :4].copy(), form, plane.source)
    left, top, right, bottom = corners.T
    places = np.stack(
        [np.stack([left, right, right, left], 1), np.stack([top, top, bottom, bottom], 1)], axis=-1
    )
    moved = plane.points(places)
    around = np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1)
    out = boxes.copy()
    out[:, :4] = from_corners(around, form, plane.size)
    return _in_form(out, value)


def keypoints_back(value: Any, plane: PlaneMap, stream: Stream) -> Any:
    """Points ((N,) K, 2 or more), of which x and y move; those outside of the original are kept.

    After a mirror the rows of the two sides trade places again, as `names:` has them. A row 0, 0, 0
    was never labelled and stays so.
    """
    points = _numbers(value, stream, "keypoints of shape (N,)KxC")
    if points.size == 0:
        return value
    if points.ndim not in (2, 3) or points.shape[-1] < 2:
        raise _unfit(stream, "keypoints of shape (N,)KxC with C from 2 on", value)
    rules = KeypointRules.of(stream)
    if rules.names and points.shape[-2] != len(rules.names):
        raise _unfit(stream, f"{len(rules.names)} keypoints, one for each name", value)
    half = 0.5 if stream.options.get("origin") == "edge" else 0.0
    out = points.copy()
    out[..., :2] = plane.points(points[..., :2] - half) + half
    if points.shape[-1] == 3:
        nothing = ~points.any(axis=-1)
        out[nothing] = 0.0
    if plane.mirrors and rules.mirrored_order:
        out = out.take(rules.mirrored_order, axis=-2)
    return _in_form(out, value)


def split_columns(value: Any, held: int) -> tuple[Any, Callable[[Any], Any]]:
    """The first columns of boxes, and what sets those that follow, such as scores, behind them.

    Both leave a value as it is that has no columns beyond.
    """
    try:
        numbers = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return value, lambda back: back
    if numbers.ndim != 2 or numbers.shape[1] in (5, 8) or numbers.shape[1] <= held:
        return value, lambda back: back
    more = numbers[:, held:]
    return numbers[:, :held], lambda back: _in_form(np.hstack([back, more]), value)


def _numbers(value: Any, stream: Stream, form: str) -> NDArray[np.float64]:
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise _unfit(stream, form, value) from None


def _unfit(stream: Stream, form: str, value: Any) -> SampleError:
    return SampleError(stream.name, expected=f"a prediction of {form}", came=describe(value))


def _in_form(numbers: NDArray[np.float64], like: Any) -> Any:
    """Numbers as what came: lists as lists, floats in their type; whole numbers become float64."""
    if not isinstance(like, np.ndarray):
        rows = numbers.tolist()
        return tuple(map(tuple, rows)) if isinstance(like, tuple) else rows
    return numbers.astype(like.dtype) if like.dtype.kind == "f" else numbers
