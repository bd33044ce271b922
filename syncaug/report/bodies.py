"""Bodies and maps of the ground: joints as a camera sees them, maps and boxes from above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.rotation import upright_axes
from syncaug.modalities.plane.image import ImageCarrier
from syncaug.modalities.world.bev import BevCarrier
from syncaug.modalities.world.box3d_table import corners_of
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.modalities.world.joints import JointsCarrier
from syncaug.plan.plan import Stream
from syncaug.report import pictures
from syncaug.report.fields import heat_colours
from syncaug.report.figures import Picture, Row, Shape, Tag
from syncaug.report.sides import Sides, counted, name_side, row_of

__all__ = ["bev_rows", "boxes3d_rows", "joint_pixels", "joints_rows", "map_colours"]

Numbers = NDArray[np.float64]

_SIDE = 480
_PAPER = (244, 243, 240)
_ROOM = 1.1
"""How much wider a view is than what it shows."""
_MOST_NAMES = 24
"""Names that a picture has room for."""
_BOTTOM, _FRONT = (0, 2, 6, 4), (4, 6)
"""Corners of a box, from its lowest face, and of its front's lower edge."""


def joints_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Joints over the picture of each camera that sees them; from the front where there is none."""
    cameras = [None] if "plane" in stream.spaces else _cameras(stream, sides)
    for camera_stream in cameras or [None]:
        shown = []
        for sample, is_after in sides.each():
            pixels, size, behind = joint_pixels(stream, camera_stream, sample, sides)
            canvas = np.full((size[1], size[0], 3), _PAPER, np.uint8) if behind is None else behind
            flat = pixels.reshape(-1, 2)
            seen = np.isfinite(flat).all(axis=1)
            names = stream.options.get("names") or ()
            colours = (np.flatnonzero(seen) % max(1, pixels.shape[-2])).tolist()
            shapes = pictures.dot_shapes(flat[seen], size, colours)
            tags: tuple[Tag, ...] = ()
            if names and len(colours) <= _MOST_NAMES:
                spots = np.hstack([flat[seen], flat[seen] + size[0] / 50])
                said = [str(names[number]) for number in colours]
                tags = tuple(pictures.place_tags(spots, said, colours, size))
            uri = pictures.jpeg_uri(pictures.fitted(canvas))
            bodies = counted(len(pixels) if pixels.ndim == 3 else 1, "body", "bodies")
            shown.append(Picture(uri, *size, name_side(stream, is_after), shapes, tags, bodies))
        where = "" if camera_stream is None else f" where {camera_stream.name} sees them"
        yield row_of(stream.name, f"joints{where}", shown)


def _cameras(stream: Stream, sides: Sides) -> list[Stream | None]:
    if stream.options.get("origin") == "root":
        return []
    return list(sides.streams("camera", "world", stream.spaces["world"]))


def joint_pixels(
    stream: Stream, camera_stream: Stream | None, sample: Mapping[str, Any], sides: Sides
) -> tuple[Numbers, tuple[int, int], NDArray[np.uint8] | None]:
    """Where joints ((N,) K) are drawn, in a picture of which size, and the picture behind them."""
    points = JointsCarrier.of(stream, sample).came[..., :3] * float(stream.options.get("unit", 1.0))
    plane, axes = stream.spaces.get("plane", ""), stream.options.get("axes", "world")
    if axes == "opengl":
        points = points * [1.0, -1.0, -1.0]
    if camera_stream is None and plane and stream.options.get("origin") != "root":
        camera_stream = next(sides.streams("camera", "plane", plane), None)
    if camera_stream is None:
        return _from_the_front(stream, points, upright=axes != "world"), (_SIDE, _SIDE), None
    camera = CameraCarrier.of(camera_stream, sample).camera
    flat = points.reshape(-1, 3)
    pixels, depth = (camera.seen(flat), flat[:, 2]) if plane else camera.project(flat)
    pixels = np.where((depth > 0.0)[:, None], pixels, np.nan)
    backdrop = next(sides.streams("image", "plane", camera_stream.spaces["plane"]), None)
    behind = None
    if backdrop is not None and sample.get(backdrop.name) is not None:
        behind = (pictures.levels_of(ImageCarrier.of(backdrop, sample).data) * 0.5).astype(np.uint8)
    return pixels.reshape(*points.shape[:-1], 2), camera.size, behind


def _from_the_front(stream: Stream, points: Numbers, *, upright: bool) -> Numbers:
    """x to the right and the vertical up, with room for all."""
    flat = points[..., [0, 1]] if upright else points[..., [0, 2]] * [1.0, -1.0]
    return _fitted(flat, *_ends(flat))


def _ends(places: Numbers) -> tuple[Numbers, float]:
    """The middle of places (..., 2), and the extent of a square around them."""
    known = places.reshape(-1, 2)
    known = known[np.isfinite(known).all(axis=1)]
    if not len(known):
        return np.zeros(2), 1.0
    low, high = known.min(axis=0), known.max(axis=0)
    return (low + high) / 2.0, float(max((high - low).max() * _ROOM, 1e-6))


def _fitted(places: Numbers, middle: Numbers, extent: float) -> Numbers:
    return np.asarray((places - middle) / extent * _SIDE + _SIDE / 2.0)


def map_colours(data: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """A map of the ground as colours: classes by their numbers, floats between low and high."""
    if data.dtype.kind == "f":
        return heat_colours(data, low, high)
    return pictures.mask_colours(data)


def bev_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Maps as their arrays lie, of one scale before and after."""
    maps = [(BevCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    known = maps[0][0][np.isfinite(maps[0][0])] if maps[0][0].dtype.kind == "f" else np.zeros(1)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    shown = []
    for data, is_after in maps:
        colours = pictures.fitted(map_colours(data, low, high), nearest=True)
        uri, size = pictures.png_uri(colours), (data.shape[1], data.shape[0])
        shown.append(Picture(uri, *size, name_side(stream, is_after)))
    rows, columns = stream.options["axes"]
    yield row_of(stream.name, f"map of the ground, {rows} down, {columns} to the right", shown)


def boxes3d_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Boxes from above, where no camera shows them with a cloud."""
    world = stream.spaces["world"]
    if all(any(sides.streams(kind, "world", world)) for kind in ("camera", "points")):
        return
    axes = upright_axes(str(stream.options.get("up", "z")))
    found = [(Boxes3dCarrier.of(stream, sample), after) for sample, after in sides.each()]
    flats = [(corners_of(carrier.solids) @ axes)[..., :2] for carrier, _ in found]
    turned = [np.stack([-flat[..., 1], -flat[..., 0]], axis=-1) for flat in flats]
    middle, extent = _ends(np.concatenate([flat.reshape(-1, 2) for flat in turned]))
    canvas = pictures.jpeg_uri(np.full((_SIDE, _SIDE, 3), _PAPER, np.uint8))
    shown = []
    for (_, is_after), corners in zip(found, turned, strict=True):
        places = _fitted(corners, middle, extent)
        numbers = sides.kept(stream.name, len(places), is_after)
        shapes = tuple(_outline(box, n) for box, n in zip(places, numbers, strict=True))
        about, size = name_side(stream, is_after), (_SIDE, _SIDE)
        shown.append(
            Picture(canvas, *size, about, shapes, (), counted(len(places), "box", "boxes"))
        )
    yield row_of(stream.name, "boxes from above, ahead is up", shown)


def _outline(corners: Numbers, colour: int) -> Shape:
    """The lowest face of a box, and a line from its middle to its front."""
    ring = corners[list(_BOTTOM)]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring.tolist()) + "Z"
    (x, y), (u, v) = ring.mean(axis=0).tolist(), corners[list(_FRONT)].mean(axis=0).tolist()
    return Shape(f"{path}M{x:.1f},{y:.1f}L{u:.1f},{v:.1f}", colour)
