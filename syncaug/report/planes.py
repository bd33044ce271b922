"""Planes: pictures, masks and depth, with the boxes and keypoints that lie on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.tracing import traced
from syncaug.maps.plane import Size
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.modalities.plane.depth import DepthCarrier
from syncaug.modalities.plane.image import ImageCarrier
from syncaug.modalities.plane.instances import InstancesCarrier
from syncaug.modalities.plane.keypoints import KeypointsCarrier
from syncaug.modalities.plane.mask import MaskCarrier
from syncaug.modalities.plane.oriented_boxes import OrientedBoxesCarrier
from syncaug.modalities.plane.polygons import PolygonsCarrier
from syncaug.plan.plan import Stream
from syncaug.report import pictures
from syncaug.report.figures import Picture, Row, Shape, Tag
from syncaug.report.sides import Sides, name_side, row_of

__all__ = ["depth_rows", "image_rows", "mask_rows"]


def image_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """The picture with the boxes and keypoints of its plane."""
    shown = []
    for sample, is_after in sides.each():
        levels = pictures.levels_of(ImageCarrier.of(stream, sample).data)
        size = (levels.shape[1], levels.shape[0])
        shapes, tags, note = _overlay(stream.spaces["plane"], size, sample, is_after, sides)
        uri = pictures.jpeg_uri(pictures.fitted(levels))
        shown.append(Picture(uri, *size, name_side(stream, is_after), shapes, tags, note))
    yield row_of(stream.name, "picture with its boxes" if shown[0].shapes else "picture", shown)


def _overlay(
    plane: str, size: Size, sample: Mapping[str, Any], is_after: bool, sides: Sides
) -> tuple[tuple[Shape, ...], tuple[Tag, ...], str]:
    """All that is marked on a plane as shapes and tags, and what left the picture."""
    shapes: list[Shape] = []
    tags: list[Tag] = []
    gone: list[str] = []
    for stream in sides.streams("boxes", "plane", plane):
        carrier = BoxesCarrier.of(stream, sample)
        carrier.start(size)
        rows = sides.kept(stream.name, carrier.row_count(), is_after)
        numbers = [rows[index] for index in carrier.kept.tolist()]
        shapes += pictures.box_shapes(carrier.corners, numbers)
        labels = carrier.labels
        names = [str(labels[index]) if len(labels) else str(number)
                 for index, number in zip(carrier.kept.tolist(), numbers, strict=True)]  # fmt: skip
        tags += pictures.place_tags(carrier.corners, names, numbers, size)
        if is_after:
            came = BoxesCarrier.of(sides.plan.stream(sides.came_as(stream.name)), sides.before)
            labels, count = came.labels, len(came.came)
            dropped = sides.dropped(stream.name)
            own = [index for index in dropped if index < count]  # others are a partner's
            gone += [str(labels[i]) if len(labels) else f"box {i}" for i in own]
    for stream in sides.streams("keypoints", "plane", plane):
        points = KeypointsCarrier.of(stream, sample)
        points.start(size)
        pixels = points.pixels[points.visible]
        names = [str(name) for name in (points.labels if len(points.labels) else points.names)]
        colours = range(len(pixels))
        shapes += pictures.dot_shapes(pixels, size, colours)
        if len(names) == len(points.pixels):
            visible = [name for name, seen in zip(names, points.visible, strict=True) if seen]
            spots = np.hstack([pixels, pixels + size[0] / 50])
            tags += pictures.place_tags(spots, visible, list(colours), size)
    for stream in sides.streams("polygons", "plane", plane):
        outlines = PolygonsCarrier.of(stream, sample)
        outlines.start(size)
        outlined = [item.rings for item in outlines.table.items]
        for number, rings in enumerate(outlined):
            shapes += pictures.ring_shapes(rings, number)
        tags += _names_of(outlined, outlines.labels, size)
    for stream in sides.streams("instances", "plane", plane):
        things = InstancesCarrier.of(stream, sample)
        outlined = [traced(mask) for mask in things.masks]
        for number, rings in enumerate(outlined):
            shapes += pictures.ring_shapes(rings, number)
        tags += _names_of(outlined, things.labels, size)
    for stream in sides.streams("oriented_boxes", "plane", plane):
        oriented = OrientedBoxesCarrier.of(stream, sample)
        oriented.start(size)
        outlined = [(quad,) for quad in oriented.quads]
        for number, rings in enumerate(outlined):
            shapes += pictures.ring_shapes(rings, number)
        tags += _names_of(outlined, oriented.labels, size)
    note = f"left the picture: {', '.join(gone)}" if gone else ""
    return tuple(shapes), tuple(tags), note


def _names_of(
    rows: Sequence[Sequence[NDArray[np.float64]]], labels: Sequence[Any], size: Size
) -> Iterator[Tag]:
    """The names of outlines, each in the rectangle around what is left of its row."""
    if len(labels) != len(rows):
        return iter(())
    points = {n: np.concatenate(list(rings)) for n, rings in enumerate(rows) if len(rings)}
    corners = [np.concatenate([at.min(axis=0), at.max(axis=0)]) for at in points.values()]
    names = [str(labels[number]) for number in points]
    edges = np.array(corners, float).reshape(-1, 4)
    return iter(pictures.place_tags(edges, names, list(points), size))


def depth_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Depth as colours, of one scale before and after."""
    maps = [(DepthCarrier.of(stream, sample).data, after) for sample, after in sides.each()]
    first = maps[0][0]
    solid = first[np.isfinite(first) & (first > 0)]
    near, far = (np.percentile(solid, (1, 99)).tolist()) if solid.size else (0.0, 1.0)
    shown = []
    for depth, is_after in maps:
        colours = pictures.depth_colours(
            pictures.fitted(depth, long_side=360, nearest=True), near, far
        )
        size = (depth.shape[1], depth.shape[0])
        uri = pictures.jpeg_uri(colours)
        shown.append(Picture(uri, *size, name_side(stream, is_after), note=_metres(depth)))
    yield row_of(stream.name, "depth, yellow near, violet far", shown, small=True)


def _metres(depth: NDArray[np.floating]) -> str:
    solid = depth[np.isfinite(depth) & (depth > 0)]
    return f"median {np.median(solid):.2f} m" if solid.size else "no depth"


def mask_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """Classes as colours."""
    shown = []
    for sample, is_after in sides.each():
        mask = MaskCarrier.of(stream, sample).data
        colours = pictures.mask_colours(pictures.fitted(mask, long_side=360, nearest=True))
        size = (mask.shape[1], mask.shape[0])
        shown.append(Picture(pictures.png_uri(colours), *size, name_side(stream, is_after)))
    yield row_of(stream.name, "mask", shown, small=True)
