"""Rows: the streams of a result, before and after, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size
from syncaug.modalities.audio import AudioCarrier
from syncaug.modalities.boxes import BoxesCarrier
from syncaug.modalities.boxes3d import Boxes3dCarrier
from syncaug.modalities.camera import CameraCarrier
from syncaug.modalities.depth import DepthCarrier
from syncaug.modalities.image import ImageCarrier
from syncaug.modalities.keypoints import KeypointsCarrier
from syncaug.modalities.mask import MaskCarrier
from syncaug.modalities.points import PointsCarrier
from syncaug.plan.plan import Plan, Stream
from syncaug.report import clouds, pictures
from syncaug.report.figures import Chip, Figure, Picture, Row, Shape, Tag, Value, Words
from syncaug.report.marks import mark_changes
from syncaug.report.result import Result
from syncaug.report.sounds import show_sound, spectrum_levels

__all__ = ["rows_of"]


def rows_of(result: Result) -> tuple[Row, ...]:
    """One row for each picture, cloud, sound and text, in the order of the policy's streams.

    Boxes and keypoints are drawn on the pictures of their plane, 3-D boxes with the points of their
    world, and phrases stand below their text.
    """
    sides = _Sides(result)
    rows: list[Row] = []
    for stream in sorted(result.plan.streams, key=lambda stream: _ORDER.get(stream.modality, 9)):
        if stream.name in result.before:
            rows += _SHOWN[stream.modality](stream, sides) if stream.modality in _SHOWN else ()
    return tuple(rows)


class _Sides:
    """Before and after of one result; `after` is empty where the sample was dropped."""

    def __init__(self, result: Result) -> None:
        self.plan: Plan = result.plan
        self.before = result.before
        self.after: Mapping[str, Any] | None = result.after or None
        self.notes = result.record.notes

    def each(self) -> Iterator[tuple[Mapping[str, Any], bool]]:
        yield self.before, False
        if self.after is not None:
            yield self.after, True

    def streams(self, modality: str, space: str, name: str) -> Iterator[Stream]:
        """The streams of one modality that live in a space and are in the sample."""
        for stream in self.plan.streams:
            if stream.modality == modality and stream.name in self.before:
                if stream.spaces.get(space) == name:
                    yield stream

    def kept(self, stream: str, count: int, is_after: bool) -> list[int]:
        """For each box that is there, its number in the original."""
        dropped = set(self.notes.get(stream, {}).get("dropped", ())) if is_after else set()
        return [index for index in range(count + len(dropped)) if index not in dropped][:count]


def _image(stream: Stream, sides: _Sides) -> Iterator[Row]:
    shown = []
    for sample, is_after in sides.each():
        levels = pictures.levels_of(ImageCarrier(stream, sample).data)
        size = (levels.shape[1], levels.shape[0])
        shapes, tags, note = _overlay(stream.spaces["plane"], size, sample, is_after, sides)
        uri = pictures.jpeg_uri(pictures.fitted(levels))
        shown.append(Picture(uri, *size, _alt(stream, is_after), shapes, tags, note))
    yield _row(stream.name, "picture with its boxes" if shown[0].shapes else "picture", shown)


def _overlay(
    plane: str, size: Size, sample: Mapping[str, Any], is_after: bool, sides: _Sides
) -> tuple[tuple[Shape, ...], tuple[Tag, ...], str]:
    """All boxes and keypoints of a plane as shapes and tags, and what left the picture."""
    shapes: list[Shape] = []
    tags: list[Tag] = []
    gone: list[str] = []
    for stream in sides.streams("boxes", "plane", plane):
        carrier = BoxesCarrier(stream, sample)
        carrier.start(size)
        numbers = sides.kept(stream.name, len(carrier.corners), is_after)
        shapes += pictures.box_shapes(carrier.corners, numbers)
        names = [str(label) for label in carrier.labels] or [str(number) for number in numbers]
        tags += pictures.place_tags(carrier.corners, names, numbers, size)
        if is_after:
            labels = sides.before.get(stream.options.get("labels", ""), ())
            dropped = sides.notes.get(stream.name, {}).get("dropped", ())
            gone += [str(labels[i]) if len(labels) else f"box {i}" for i in dropped]
    for stream in sides.streams("keypoints", "plane", plane):
        points = KeypointsCarrier(stream, sample)
        points.start(size)
        pixels = points.pixels[points.visible]
        names = [str(name) for name in (points.labels if len(points.labels) else points.names)]
        colours = range(len(pixels))
        shapes += pictures.dot_shapes(pixels, size, colours)
        if len(names) == len(points.pixels):
            visible = [name for name, seen in zip(names, points.visible, strict=True) if seen]
            spots = np.hstack([pixels, pixels + size[0] / 50])
            tags += pictures.place_tags(spots, visible, list(colours), size)
    note = f"left the picture: {', '.join(gone)}" if gone else ""
    return tuple(shapes), tuple(tags), note


def _depth(stream: Stream, sides: _Sides) -> Iterator[Row]:
    maps = [(DepthCarrier(stream, sample).data, after) for sample, after in sides.each()]
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
        shown.append(Picture(uri, *size, _alt(stream, is_after), note=_metres(depth)))
    yield _row(stream.name, "depth, yellow near, violet far", shown, small=True)


def _metres(depth: NDArray[np.floating]) -> str:
    solid = depth[np.isfinite(depth) & (depth > 0)]
    return f"median {np.median(solid):.2f} m" if solid.size else "no depth"


def _mask(stream: Stream, sides: _Sides) -> Iterator[Row]:
    shown = []
    for sample, is_after in sides.each():
        mask = MaskCarrier(stream, sample).data
        colours = pictures.mask_colours(pictures.fitted(mask, long_side=360, nearest=True))
        size = (mask.shape[1], mask.shape[0])
        shown.append(Picture(pictures.png_uri(colours), *size, _alt(stream, is_after)))
    yield _row(stream.name, "mask", shown, small=True)


def _points(stream: Stream, sides: _Sides) -> Iterator[Row]:
    """The cloud through every camera that looks into its world; its count where there is none."""
    world = stream.spaces["world"]
    if not any(sides.streams("camera", "world", world)):
        shown = [Value(f"{len(sample[stream.name]):,} points") for sample, _ in sides.each()]
        yield _row(stream.name, "points", shown)
    for camera_stream in sides.streams("camera", "world", world):
        plane = camera_stream.spaces["plane"]
        boxes = tuple(sides.streams("boxes3d", "world", world))
        backdrop = next(sides.streams("image", "plane", plane), None)
        limits = None
        coloured = False
        views = []
        for sample, is_after in sides.each():
            camera = CameraCarrier(camera_stream, sample).camera
            carrier = PointsCarrier(stream, sample)
            points = carrier.data[:, :3].astype(np.float64)
            colours = clouds.own_colours(carrier.data, carrier.columns)
            limits = limits or clouds.depth_limits(points, camera)
            behind = None
            note = f"{len(points):,} points"
            if backdrop is not None:
                behind = pictures.levels_of(ImageCarrier(backdrop, sample).data)
                if colours is not None:
                    distance = clouds.colour_distance(points, camera, colours, behind)
                    note += f", colours {distance:.1%} off their pixels"
            coloured = colours is not None
            picture = clouds.cloud_picture(points, camera, behind, colours=colours, limits=limits)
            shapes, tags = _wires(boxes, camera_stream, sample, is_after, sides)
            uri = pictures.jpeg_uri(pictures.fitted(picture), quality=80)
            views.append(Picture(uri, *camera.size, _alt(stream, is_after), shapes, tags, note))
        paint = "in their own colours" if coloured else "coloured by depth"
        about = f"where {camera_stream.name} sees them, {paint}, over the dimmed picture"
        yield _row(stream.name, about, views)


def _wires(
    boxes: tuple[Stream, ...],
    camera_stream: Stream,
    sample: Mapping[str, Any],
    is_after: bool,
    sides: _Sides,
) -> tuple[tuple[Shape, ...], tuple[Tag, ...]]:
    camera = CameraCarrier(camera_stream, sample).camera
    width, height = camera.size
    shapes: list[Shape] = []
    tags: list[Tag] = []
    for stream in boxes:
        carrier = Boxes3dCarrier(stream, sample)
        numbers = sides.kept(stream.name, len(carrier.boxes), is_after)
        shapes += clouds.wire_shapes(carrier.boxes, camera, numbers)
        names = [str(label) for label in carrier.labels] or [str(number) for number in numbers]
        pixels, depth = camera.project(carrier.boxes[:, :3])
        ahead = depth > 0
        spots = np.clip(pixels[ahead], 0.0, [width - 1.0, height - 1.0])
        chosen = [(name, n) for name, n, seen in zip(names, numbers, ahead, strict=True) if seen]
        tags += pictures.place_tags(
            np.hstack([spots, spots + 1.0]),
            [c[0] for c in chosen],
            [c[1] for c in chosen],
            camera.size,
        )
    return tuple(shapes), tuple(tags)


def _text(stream: Stream, sides: _Sides) -> Iterator[Row]:
    before = str(sides.before[stream.name])
    after = before if sides.after is None else str(sides.after[stream.name])
    marked = mark_changes(before, after)
    grounded = [
        phrases
        for phrases in sides.plan.streams
        if phrases.modality == "phrases"
        and phrases.options.get("text") == stream.name
        and phrases.name in sides.before
    ]
    shown = []
    for (sample, is_after), pieces in zip(sides.each(), marked, strict=False):
        chips = [chip for phrases in grounded for chip in _chips(phrases, sample, is_after, sides)]
        shown.append(Words(pieces, tuple(chips)))
    yield _row(stream.name, "text, and the phrase of each box" if grounded else "text", shown)


def _chips(
    stream: Stream, sample: Mapping[str, Any], is_after: bool, sides: _Sides
) -> Iterator[Chip]:
    phrases, original = sample[stream.name], sides.before[stream.name]
    numbers = sides.kept(stream.options.get("boxes", ""), len(phrases), is_after)
    for number, phrase in zip(numbers, phrases, strict=True):
        if phrase is not None:
            yield Chip(phrase, number, is_after and phrase != original[number])


def _audio(stream: Stream, sides: _Sides) -> Iterator[Row]:
    carriers = [AudioCarrier(stream, sample) for sample, _ in sides.each()]
    sounds = [(np.atleast_2d(carrier.data), carrier.rate or 16000.0) for carrier in carriers]
    peak = max(float(np.abs(samples).max()) for samples, _ in sounds)
    loudest = max(float(spectrum_levels(samples.mean(axis=0)).max()) for samples, _ in sounds)
    shown = [show_sound(samples, rate, peak=peak, loudest=loudest) for samples, rate in sounds]
    yield _row(stream.name, "audio, its outline and its spectrum", shown)


def _value(stream: Stream, sides: _Sides) -> Iterator[Row]:
    shown = [Value(_short(sample[stream.name])) for sample, _ in sides.each()]
    yield _row(stream.name, stream.modality, shown)


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 12:
        return f"an array of {value.dtype}, {' x '.join(map(str, value.shape))}"
    text = np.array2string(value, precision=4) if isinstance(value, np.ndarray) else str(value)
    return text if len(text) <= 200 else text[:197] + "..."


def _row(title: str, about: str, shown: Any, small: bool = False) -> Row:
    figures: list[Figure] = list(shown)
    return Row(title, about, figures[0], figures[1] if len(figures) > 1 else None, small)


def _alt(stream: Stream, is_after: bool) -> str:
    return f"{stream.name} {'after' if is_after else 'before'}"


_SHOWN = {
    "image": _image,
    "text": _text,
    "audio": _audio,
    "points": _points,
    "depth": _depth,
    "mask": _mask,
    "label": _value,
}
"""Modality -> how it is shown. Boxes, keypoints, phrases and cameras are shown with these."""

_ORDER = {modality: place for place, modality in enumerate(_SHOWN)}
