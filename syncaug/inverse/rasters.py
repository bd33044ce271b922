"""Rasters brought back by one resampling; what the prediction does not show is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.errors import SampleError
from syncaug.inverse.planes import seen_at
from syncaug.kernels.vector_pictures import sources
from syncaug.maps.bearing import Bearing
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities import lane_of
from syncaug.modalities.carrier import describe
from syncaug.plan.stream import Stream

__all__ = ["UNKNOWN", "ground_back", "raster_back"]

UNKNOWN: Mapping[str, float] = {
    "image": 0.0,
    "mask": 255.0,
    "depth": 0.0,
    "heatmap": math.nan,
    "flow": math.nan,
    "normals": math.nan,
    "disparity": 0.0,
}
"""Modality -> what stands where the result shows nothing of the original."""
_SOFT = frozenset({"image", "heatmap"})
"""Those that are interpolated everywhere."""
_OWN_MARK = frozenset({"flow", "normals", "depth", "disparity"})
"""Those whose carriers mark what is not known by themselves."""
_SAME_SIZE = frozenset({"flow", "disparity"})
"""Those whose numbers are pixels of the result, which has one resolution."""


def raster_back(
    value: Any,
    plane: PlaneMap | None,
    world: WorldMap | None,
    stream: Stream,
    unknown: float | None,
) -> Any:
    """A picture of numbers or classes at the size of the original.

    Masks are sampled by nearest neighbour, and sides trade places again; distances and vectors turn
    back. What a cut or the picture's edge took is `unknown`.
    """
    kind = stream.modality
    if not isinstance(value, np.ndarray):
        raise SampleError(
            stream.name, expected=f"a prediction of {kind} as an array", came=describe(value)
        )
    lane = lane_of(stream)
    carrier: Any = lane.kind(lane, {stream.name: value}, [])
    if world is not None and kind == "depth":
        carrier.world(world.inverse)
    if plane is None:
        return carrier.finish()[stream.name]
    height, width = carrier.data.shape[:2]
    if kind in _SAME_SIZE and (width, height) != plane.source:
        raise SampleError(
            stream.name,
            expected="a prediction of {}x{} pixels, which its numbers count".format(*plane.source),
            came=f"{width}x{height}",
        )
    back = seen_at((width, height), plane, stream.name)
    mark = UNKNOWN[kind] if unknown is None else unknown
    if kind in _SOFT:
        carrier.data = _soft(carrier.data, back, mark)
        if kind == "heatmap" and back.mirrors:
            carrier.data = carrier.traded(carrier.data)
    elif kind == "normals":
        carrier.pending, carrier.bearing = back, Bearing(back.turn)
    else:
        if kind == "disparity" and back.numbers[0] < 0.0:
            carrier.negative = not carrier.keeps_sign
        carrier.plane(back)
    out: NDArray[Any] = carrier.finish()[stream.name]
    if unknown is None and kind in _OWN_MARK:
        return out
    return _marked(out, ~_shown(back), mark, carrier)


def ground_back(value: Any, world: WorldMap, stream: Stream, unknown: float | None) -> Any:
    """A map on the ground of a world, whose cells stay and whose content goes back.

    What has left the map is `unknown`: NaN in floats and 255 in classes where it is None.
    """
    lane = lane_of(stream)
    carrier: Any = lane.kind(lane, {stream.name: value}, [])
    kept = {key: stream.options[key] for key in _GRID if key in stream.options}
    bare = lane_of(replace(stream, options=kept))
    shown: Any = bare.kind(bare, {stream.name: np.ones(carrier.data.shape[:2], np.uint8)}, [])
    for each in (carrier, shown):
        each.world(world.inverse)
    out: NDArray[Any] = carrier.finish()[stream.name]
    gone = shown.finish()[stream.name] == 0
    default = math.nan if out.dtype.kind == "f" else UNKNOWN["mask"]
    return _marked(out, gone, default if unknown is None else unknown, carrier)


_GRID = ("axes", "range", "resolution", "origin", "up", "world")
"""Options that say which part of the ground a map shows."""


def _soft(data: NDArray[Any], back: PlaneMap, mark: float) -> NDArray[Any]:
    """Values between pixels; within the outermost half pixel those of the edge go on."""
    field = FieldMap(sources(back).astype(np.float32), _shown(back), back.source)
    held = 0.0 if data.dtype.kind != "f" or math.isnan(mark) else mark
    plain = opencv.warp_map(data, back, "linear", 0)
    inner = opencv.warp_map(np.ones(data.shape[:2], np.float32), back, "linear", 0)
    edge = inner < 1.0 - 1e-6
    if edge.any():
        rim = opencv.remap(data, field, "linear", held)
        plain[edge] = rim[edge]
    return np.asarray(plain)


def _shown(back: PlaneMap) -> NDArray[np.bool_]:
    """Which pixels (H, W) of the original the result shows, of those that no cut took."""
    places = sources(back).reshape(-1, 2)
    wide, high = back.source
    x, y = places.T
    with np.errstate(invalid="ignore"):
        inside = (x >= -0.5) & (x < wide - 0.5) & (y >= -0.5) & (y < high - 0.5)
    for window in back.windows:
        inside &= window.contains(places)
    if not back.is_affine:
        g, h, i = back.numbers[6:]
        inside &= g * x + h * y + i > 0.0
    return np.asarray(inside.reshape(back.size[1], back.size[0]))


def _marked(out: NDArray[Any], gone: NDArray[np.bool_], mark: float, carrier: Any) -> NDArray[Any]:
    """The result with `mark` where nothing is known. Raises SampleError where it holds none."""
    if not gone.any():
        return out
    if out.dtype.kind in "iu":
        bounds = np.iinfo(out.dtype)
        fits = float(mark).is_integer() and bounds.min <= mark <= bounds.max
    else:
        fits = out.dtype.kind == "f" or mark in (0.0, 1.0)
    if not fits:
        raise SampleError(
            carrier.stream.name,
            expected=f"a type that holds {mark:g}, which says that a pixel is not known",
            came=describe(out),
            hint="Pass unknown=NUMBER, or the prediction in a wider type.",
        )
    marked = out.copy()
    if carrier.channels_first and out.ndim == 3:
        marked[:, gone] = mark
    else:
        marked[gone] = mark
    return marked
