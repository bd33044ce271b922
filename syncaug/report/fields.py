"""Pictures of numbers as colours: heat maps, flow on a colour wheel, normals and disparities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities.plane.disparity import DisparityCarrier
from syncaug.modalities.plane.flow import FlowCarrier
from syncaug.modalities.plane.heatmap import HeatmapCarrier
from syncaug.modalities.plane.normals import NormalsCarrier
from syncaug.plan.plan import Stream
from syncaug.report import pictures
from syncaug.report.colours import HEAT, NEAR_TO_FAR, painted
from syncaug.report.figures import Picture, Row
from syncaug.report.sides import Sides, name_side, row_of

__all__ = [
    "disparity_colours",
    "disparity_rows",
    "flow_colours",
    "flow_rows",
    "heat_colours",
    "heatmap_rows",
    "normals_colours",
    "normals_rows",
]

Numbers = NDArray[Any]
_UNKNOWN = 128
_THIRDS = np.array([0.0, 2.0, 4.0]) * np.pi / 3.0


def heat_colours(heat: Numbers, low: float, high: float) -> NDArray[np.uint8]:
    """The greatest value of each pixel's channels, dark for `low` and pale for `high`."""
    known = np.isfinite(heat)
    flat = np.where(known, heat, low).reshape(*heat.shape[:2], -1).max(axis=-1)
    colours = painted((flat - low) / max(high - low, 1e-12), HEAT)
    colours[~known.reshape(*heat.shape[:2], -1).any(axis=-1)] = _UNKNOWN
    return colours


def flow_colours(flow: Numbers, longest: float) -> NDArray[np.uint8]:
    """Directions as hues and lengths as saturation: still is white, unknown is grey.

    Right is red, and hues go round clockwise as seen, as on the wheel of the Middlebury benchmark
    (Baker and others, A Database and Evaluation Methodology for Optical Flow, IJCV 2011).
    """
    unknown = ~np.isfinite(flow).all(axis=-1)
    x, y = np.moveaxis(np.nan_to_num(flow.astype(np.float64)), -1, 0)
    strength = np.clip(np.hypot(x, y) / max(longest, 1e-12), 0.0, 1.0)[..., None]
    wheel = 0.5 + 0.5 * np.cos(np.arctan2(y, x)[..., None] - _THIRDS)
    colours = np.rint(255.0 * (1.0 - strength * (1.0 - wheel))).astype(np.uint8)
    colours[unknown] = _UNKNOWN
    return np.asarray(colours, np.uint8)


def normals_colours(normals: Numbers, axes: str) -> NDArray[np.uint8]:
    """The usual code: red to the right, green up, blue towards the camera; unknown is grey."""
    unknown = ~np.isfinite(normals).all(axis=-1) | ~normals.any(axis=-1)
    signs = np.array([1.0, 1.0, 1.0] if axes == "opengl" else [1.0, -1.0, -1.0])
    shares = 0.5 + 0.5 * np.nan_to_num(normals.astype(np.float64)) * signs
    colours = np.rint(255.0 * np.clip(shares, 0.0, 1.0)).astype(np.uint8)
    colours[unknown] = _UNKNOWN
    return np.asarray(colours, np.uint8)


def disparity_colours(disparity: Numbers, low: float, high: float) -> NDArray[np.uint8]:
    """Yellow for the nearest, which is shown farthest apart; unknown is grey."""
    flat = np.abs(disparity.reshape(disparity.shape[:2]))
    known = np.isfinite(flat) & (flat > 0.0)
    share = (high - np.where(known, flat, low)) / max(high - low, 1e-12)
    colours = painted(share, NEAR_TO_FAR)
    colours[~known] = _UNKNOWN
    return colours


def heatmap_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Heat of one scale before and after."""
    maps = [(HeatmapCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    first = maps[0][0][np.isfinite(maps[0][0])]
    low, high = (float(first.min()), float(first.max())) if first.size else (0.0, 1.0)
    coloured = [(heat_colours(heat, low, high), after, "") for heat, after in maps]
    yield _row(stream, f"heat map, {low:.3g} dark, {high:.3g} pale", coloured)


def flow_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Flow on a wheel of one scale before and after."""
    maps = [(FlowCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    longest = max((_lengths(flow).max(initial=0.0) for flow, _ in maps), default=1.0)
    coloured = [
        (flow_colours(flow, float(longest)), after, _median(_lengths(flow))) for flow, after in maps
    ]
    yield _row(stream, "flow: hue is its direction, right is red, down yellow-green", coloured)


def normals_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Normals in the usual code."""
    axes = stream.options.get("axes", "opencv")
    maps = [(NormalsCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    coloured = [(normals_colours(normals, axes), after, "") for normals, after in maps]
    yield _row(stream, "normals, red right, green up, blue towards the camera", coloured)


def disparity_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Disparities of one scale before and after."""
    maps = [(DisparityCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    known = _known(maps[0][0])
    low, high = np.percentile(known, (1, 99)).tolist() if known.size else (0.0, 1.0)
    coloured = [
        (disparity_colours(disparity, low, high), after, _median(_known(disparity)))
        for disparity, after in maps
    ]
    yield _row(stream, "disparity, yellow near, violet far", coloured)


def _known(disparity: Numbers) -> Numbers:
    flat = np.abs(disparity)
    return np.asarray(flat[np.isfinite(flat) & (flat > 0.0)])


def _lengths(flow: Numbers) -> Numbers:
    lengths = np.hypot(flow[..., 0], flow[..., 1])
    return np.asarray(lengths[np.isfinite(lengths)])


def _median(numbers: Numbers) -> str:
    return f"median {float(np.median(numbers)):.3g}" if numbers.size else "nothing is known"


def _row(stream: Stream, about: str, coloured: list[tuple[NDArray[np.uint8], bool, str]]) -> Row:
    shown = []
    for colours, is_after, note in coloured:
        size = (colours.shape[1], colours.shape[0])
        uri = pictures.png_uri(pictures.fitted(colours, long_side=360, nearest=True))
        shown.append(Picture(uri, *size, name_side(stream, is_after), note=note))
    return row_of(stream.name, about, shown, small=True)
