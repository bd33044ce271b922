"""A prediction brought back along the path of its stream, by what it is a prediction of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.errors import RecordError, RefusalError, SampleError
from syncaug.inverse.marks import boxes_back, keypoints_back, split_columns
from syncaug.inverse.moments import cues_back
from syncaug.inverse.path import Path
from syncaug.inverse.planes import back, seen_at
from syncaug.inverse.rasters import UNKNOWN, ground_back, raster_back
from syncaug.maps.plane import PlaneMap
from syncaug.modalities import lane_of
from syncaug.modalities.carrier import describe
from syncaug.plan.stream import Stream

__all__ = ["inverted"]


def inverted(prediction: Any, path: Path, stream: Stream, unknown: float | None) -> Any:
    """What is predicted of the result of a stream, as it is of the original.

    `unknown` stands in rasters where the result shows nothing of the original; None for what the
    modality has for that. Raises RecordError where no map tells the way back, and SampleError where
    the prediction is not of the stream's modality, or is of one that has no way back.
    """
    kind, name = stream.modality, stream.name
    if path.is_still:
        return prediction
    if path.lost:
        raise RecordError(f"stream {name!r}: {path.lost}, and no way back is known")
    if stream.framed:
        return _frames(prediction, path, stream, unknown)
    plane = None if path.plane is None else back(path.plane, name)
    if kind in UNKNOWN:
        return raster_back(prediction, plane, path.world, stream, unknown)
    if kind in _PLANAR:
        return prediction if plane is None else _PLANAR[kind](prediction, plane, stream)
    if kind == "bev":
        whole = path.world is None
        return prediction if whole else _ground(prediction, path, stream, unknown)
    if kind == "timed_text":
        return prediction if path.time is None else cues_back(prediction, path.time, stream)
    if kind in _SOLID:
        return _in_world(prediction, path, plane, stream)
    if kind == "label":
        return _label(prediction, path, stream)
    raise SampleError(
        name,
        expected=f"a prediction of {', '.join([*_PLANAR, *UNKNOWN, 'timed_text', *_SOLID])}",
        came=f"one of {kind}, which has no way back",
        hint="Name what it is, where it is predicted from this stream: kind='mask'.",
    )


def _frames(prediction: Any, path: Path, stream: Stream, unknown: float | None) -> Any:
    """Annotations frame by frame, each on the original's frame of that number."""
    if path.time is not None:
        raise RecordError(
            f"stream {stream.name!r}: other frames were chosen in time, and those that were left "
            "out have no prediction; bring each frame back by a record of its plane alone"
        )
    if not isinstance(prediction, list | tuple | np.ndarray):
        raise SampleError(
            stream.name, expected="a prediction for each frame", came=describe(prediction)
        )
    spaces = {kind: space for kind, space in stream.spaces.items() if kind != "clock"}
    one = replace(stream, spaces=spaces)
    out = [inverted(frame, path, one, unknown) for frame in prediction]
    if isinstance(prediction, np.ndarray):
        return np.stack(out).astype(prediction.dtype)
    return type(prediction)(out)


def _ground(prediction: Any, path: Path, stream: Stream, unknown: float | None) -> Any:
    """A map on the ground, as the world of the original has it."""
    assert path.world is not None
    try:
        return ground_back(prediction, path.world, stream, unknown)
    except RefusalError as error:
        raise SampleError(
            stream.name, expected="a map that its world carries back", came=error.reason
        ) from error


def _in_world(prediction: Any, path: Path, plane: PlaneMap | None, stream: Stream) -> Any:
    """Points, boxes or joints in the original's world, or its camera's axes, row for row."""
    if path.time is not None and "clock" in stream.spaces:
        raise RecordError(f"stream {stream.name!r}: its points moved in time as well as in space")
    bare = replace(stream, options={k: v for k, v in stream.options.items() if k not in _LISTS})
    lane = lane_of(bare)
    carrier = lane.kind(lane, {stream.name: prediction}, [])
    if path.world is not None:
        carrier.world(path.world.inverse)
    if plane is not None and "plane" in stream.spec.carries:
        carrier.plane(plane)
    try:
        return carrier.finish()[stream.name]
    except RefusalError as error:
        raise SampleError(
            stream.name, expected="a prediction that its world carries back", came=error.reason
        ) from error


_LISTS = frozenset({"labels", "ids", "rows", "lead", "ego_pose", "fit"})
"""Options that name what lies beside a stream in a sample, which a prediction does not have."""


def _label(prediction: Any, path: Path, stream: Stream) -> Any:
    """A label, whose side is that of the original again."""
    mirrored = path.plane is not None and path.plane.mirrors
    if not mirrored:
        return prediction
    lane = lane_of(stream)
    carrier = lane.kind(lane, {stream.name: prediction}, [])
    carrier.mirror()
    return carrier.finish()[stream.name]


def _rows(prediction: Any, plane: PlaneMap, stream: Stream) -> Any:
    """Outlines, masks of instances or oriented boxes, row for row.

    What reaches out of the original is cut or left as the modality has it; a row that lies wholly
    beyond it is nothing: an empty polygon, a mask of zeros, a row of NaN.
    """
    options = {key: value for key, value in stream.options.items() if key not in _LISTS}
    options |= {"rows": "predicted", **_LENIENT[stream.modality]}
    lane = lane_of(replace(stream, options=options))
    carrier: Any = lane.kind(lane, {stream.name: prediction}, [])
    size = carrier.picture_size()
    if size is None:
        carrier.start(plane.source)
    back = plane if size is None else seen_at(size, plane, stream.name)
    carrier.plane(back)
    carrier.settle()
    return carrier.give_rows(np.arange(carrier.row_count()))[stream.name]


def _oriented(prediction: Any, plane: PlaneMap, stream: Stream) -> Any:
    """Oriented boxes, and whatever columns follow, row for row."""
    boxes, joined = split_columns(prediction, 5 if stream.options.get("angle") else 8)
    return joined(_rows(boxes, plane, stream))


_LENIENT: Mapping[str, Mapping[str, Any]] = {
    "polygons": {"outside": "clip"},
    "oriented_boxes": {"outside": "keep", "min_visible": 0.0, "visible": "share"},
    "instances": {"empty": "drop", "min_visible": 0.0},
}
"""Modality of rows -> the options under which no row of a prediction is refused."""


_PLANAR: Mapping[str, Callable[[Any, PlaneMap, Stream], Any]] = {
    "boxes": boxes_back,
    "keypoints": keypoints_back,
    **dict.fromkeys(_LENIENT, _rows),
    "oriented_boxes": _oriented,
}
_SOLID = ("points", "boxes3d", "joints")
