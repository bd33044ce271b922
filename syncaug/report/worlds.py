"""Worlds: point clouds and 3-D boxes, through every camera that looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from syncaug.modalities.plane.image import ImageCarrier
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.modalities.world.camera import CameraCarrier
from syncaug.modalities.world.points import PointsCarrier
from syncaug.plan.plan import Stream
from syncaug.report import clouds, pictures
from syncaug.report.figures import Picture, Row, Shape, Tag, Value
from syncaug.report.sides import Sides, name_side, row_of

__all__ = ["points_rows"]


def points_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """The cloud through every camera that looks into its world; its count where there is none."""
    world = stream.spaces["world"]
    if not any(sides.streams("camera", "world", world)):
        shown = [Value(f"{len(sample[stream.name]):,} points") for sample, _ in sides.each()]
        yield row_of(stream.name, "points", shown)
    for camera_stream in sides.streams("camera", "world", world):
        plane = camera_stream.spaces["plane"]
        boxes = tuple(sides.streams("boxes3d", "world", world))
        backdrop = next(sides.streams("image", "plane", plane), None)
        limits = None
        coloured = False
        views = []
        for sample, is_after in sides.each():
            camera = CameraCarrier.of(camera_stream, sample).camera
            carrier = PointsCarrier.of(stream, sample)
            points = carrier.places
            colours = clouds.own_colours(carrier.data, carrier.columns)
            limits = limits or clouds.depth_limits(points, camera)
            behind = None
            note = f"{len(points):,} points"
            if backdrop is not None:
                behind = pictures.levels_of(ImageCarrier.of(backdrop, sample).data)
                if colours is not None:
                    distance = clouds.colour_distance(points, camera, colours, behind)
                    note += f", colours {distance:.1%} off their pixels"
            coloured = colours is not None
            picture = clouds.cloud_picture(points, camera, behind, colours=colours, limits=limits)
            shapes, tags = _wires(boxes, camera_stream, sample, is_after, sides)
            uri = pictures.jpeg_uri(pictures.fitted(picture), quality=80)
            views.append(
                Picture(uri, *camera.size, name_side(stream, is_after), shapes, tags, note)
            )
        paint = "in their own colours" if coloured else "coloured by depth"
        about = f"where {camera_stream.name} sees them, {paint}, over the dimmed picture"
        yield row_of(stream.name, about, views)


def _wires(
    boxes: tuple[Stream, ...],
    camera_stream: Stream,
    sample: Mapping[str, Any],
    is_after: bool,
    sides: Sides,
) -> tuple[tuple[Shape, ...], tuple[Tag, ...]]:
    camera = CameraCarrier.of(camera_stream, sample).camera
    width, height = camera.size
    shapes: list[Shape] = []
    tags: list[Tag] = []
    for stream in boxes:
        carrier = Boxes3dCarrier.of(stream, sample)
        solids = carrier.solids
        rows = sides.kept(stream.name, carrier.row_count(), is_after)
        kept = carrier.table.kept.tolist()
        numbers = [rows[index] for index in kept]
        shapes += clouds.wire_shapes(solids, camera, numbers)
        labels = carrier.labels
        names = [str(labels[i]) if len(labels) else str(rows[i]) for i in kept]
        pixels, depth = camera.project(solids.centres)
        ahead = (depth > 0) & np.isfinite(pixels).all(axis=1)
        spots = np.clip(pixels[ahead], 0.0, [width - 1.0, height - 1.0])
        chosen = [(name, n) for name, n, seen in zip(names, numbers, ahead, strict=True) if seen]
        tags += pictures.place_tags(
            np.hstack([spots, spots + 1.0]),
            [c[0] for c in chosen],
            [c[1] for c in chosen],
            camera.size,
        )
    return tuple(shapes), tuple(tags)
