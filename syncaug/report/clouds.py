"""Point clouds and 3-D boxes as their camera sees them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.modalities.world.box3d_forms import Solids
from syncaug.modalities.world.box3d_table import corners_of
from syncaug.report.colours import NEAR_TO_FAR, painted
from syncaug.report.figures import Shape

__all__ = ["cloud_picture", "colour_distance", "depth_limits", "own_colours", "wire_shapes"]

_NEAREST = 1e-2
_SMALLEST, _LARGEST = 2, 6
"""Pixels of the side of a drawn point."""
_COLOURS = (("r", "g", "b"), ("red", "green", "blue"))
_PIECES = 8
"""Straight pieces in which an edge is drawn that a lens bends."""
_EDGES = tuple((i, i | bit) for bit in (1, 2, 4) for i in range(8) if not i & bit)


def depth_limits(points: NDArray[np.float64], camera: Camera) -> tuple[float, float]:
    """Near and far of what the camera sees, less the outermost two percent."""
    pixels, depth = camera.project(points)
    depth = depth[_seen(pixels, depth, camera)]
    if not depth.size:
        return 0.0, 1.0
    return float(np.percentile(depth, 2)), float(np.percentile(depth, 98))


def own_colours(rows: NDArray[np.floating], columns: tuple[str, ...]) -> NDArray[np.uint8] | None:
    """The colours (N, 3) that the points themselves have, if their columns hold any."""
    for names in _COLOURS:
        if set(names) <= set(columns):
            rgb = rows[:, [columns.index(name) for name in names]].astype(np.float64)
            top = 255.0 if float(rgb.max(initial=0.0)) > 1.0 else 1.0
            return np.rint(np.clip(rgb / top, 0.0, 1.0) * 255.0).astype(np.uint8)
    return None


def cloud_picture(
    points: NDArray[np.float64],
    camera: Camera,
    backdrop: NDArray[np.uint8] | None,
    *,
    colours: NDArray[np.uint8] | None,
    limits: tuple[float, float],
) -> NDArray[np.uint8]:
    """Points (N, 3) where the camera sees them, near over far, over the dimmed `backdrop`.

    They have `colours` (N, 3), or else the colours of their depth between `limits`. They are drawn
    as large as it takes to fill a picture over which they are spread evenly.
    """
    width, height = camera.size
    canvas = np.full((height, width, 3), 24, np.uint8)
    if backdrop is not None:
        grey = backdrop.astype(np.float32).mean(axis=2, keepdims=True)
        canvas[:] = np.rint(0.25 * grey).astype(np.uint8)
    pixels, depth = camera.project(points)
    seen = _seen(pixels, depth, camera)
    order = np.flatnonzero(seen)[np.argsort(-depth[seen], kind="stable")]
    if not order.size:
        return canvas
    columns, rows = np.rint(pixels[order]).astype(int).T
    if colours is None:
        low, high = limits
        paint = painted((depth[order] - low) / max(high - low, 1e-6), NEAR_TO_FAR)
    else:
        paint = colours[order]
    size = math.ceil(math.sqrt(width * height / order.size))
    size = min(max(size, _SMALLEST), _LARGEST)
    for dy in range(-(size // 2), (size + 1) // 2):
        for dx in range(-(size // 2), (size + 1) // 2):
            down = np.clip(rows + dy, 0, height - 1)
            canvas[down, np.clip(columns + dx, 0, width - 1)] = paint
    return canvas


def colour_distance(
    points: NDArray[np.float64],
    camera: Camera,
    colours: NDArray[np.uint8],
    picture: NDArray[np.uint8],
) -> float:
    """The median difference of a level, 0 to 1, between points and the pixels that they fall on."""
    pixels, depth = camera.project(points)
    seen = _seen(pixels, depth, camera)
    columns, rows = np.rint(pixels[seen]).astype(int).T
    if not columns.size:
        return float("nan")
    levels = picture[rows, columns].astype(np.float64)
    return float(np.median(np.abs(levels - colours[seen]).mean(axis=1)) / 255.0)


def wire_shapes(solids: Solids, camera: Camera, colours: list[int]) -> tuple[Shape, ...]:
    """The twelve edges of each solid, less what lies behind the camera."""
    shapes: list[Shape] = []
    for corners, colour in zip(corners_of(solids), colours, strict=True):
        inside = corners @ camera.extrinsics[:3, :3].T + camera.extrinsics[:3, 3]
        path = ""
        for first, second in _EDGES:
            a, b = inside[first], inside[second]
            if a[2] < _NEAREST and b[2] < _NEAREST:
                continue
            if a[2] < _NEAREST or b[2] < _NEAREST:
                if a[2] < _NEAREST:
                    a, b = b, a
                b = a + (b - a) * ((a[2] - _NEAREST) / (a[2] - b[2]))
            path += _line(a, b, camera)
        if path:
            shapes.append(Shape(path, colour))
    return tuple(shapes)


def _line(start: NDArray[np.float64], end: NDArray[np.float64], camera: Camera) -> str:
    """An edge between two points in camera coordinates; a lens bends it, and may not show all."""
    pieces = _PIECES if camera.lens.bends else 1
    shares = np.linspace(0.0, 1.0, pieces + 1)[:, None]
    pixels = np.clip(camera.seen(start + shares * (end - start)) + 0.5, -1e5, 1e5)
    path, pen = "", False
    for x, y in pixels.tolist():
        shown = x == x and y == y
        if shown:
            path += f"{'L' if pen else 'M'}{x:.1f},{y:.1f}"
        pen = shown
    return path


def _seen(
    pixels: NDArray[np.float64], depth: NDArray[np.float64], camera: Camera
) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        inside = (pixels > -0.5) & (pixels < np.array(camera.size) - 0.5)
    return np.asarray(inside.all(axis=1) & (depth > _NEAREST))
