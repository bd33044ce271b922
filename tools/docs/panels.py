"""Panels of the documentation's pictures: one stream of one sample, drawn small.

`draw_panel` looks at a stream through its carrier, as the library itself does, and gives an RGB
picture of `PANEL` pixels. Pillow draws; nothing is fetched.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from syncaug.modalities import carrier_class
from syncaug.plan.plan import Plan, Stream
from syncaug.report import fields, pictures
from syncaug.report.bodies import map_colours
from syncaug.report.chats import spoken_lines
from syncaug.report.clouds import cloud_picture, depth_limits, own_colours, wire_shapes
from syncaug.report.colours import HEAT, painted
from syncaug.report.sounds import spectrum_levels

__all__ = ["INK", "PANEL", "PAPER", "draw_panel", "font"]

PANEL = (232, 174)
PAPER, INK, QUIET = (250, 249, 246), (29, 33, 39), (120, 128, 140)
HUES = [(194, 37, 92), (24, 100, 171), (43, 122, 55), (184, 64, 14), (103, 65, 217), (11, 114, 133)]

Sample = Mapping[str, Any]


def font(size: int) -> Any:
    """Pillow's own font."""
    return ImageFont.load_default(size)


def draw_panel(stream: Stream, sample: Sample, plan: Plan) -> Image.Image:
    """The stream as the sample has it, on its own panel."""
    canvas = Image.new("RGB", PANEL, PAPER)
    _DRAWN.get(stream.modality, _value)(canvas, stream, sample, plan)
    ImageDraw.Draw(canvas).rectangle((0, 0, PANEL[0] - 1, PANEL[1] - 1), outline=(220, 218, 212))
    return canvas


def _carrier(stream: Stream, sample: Sample, plan: Plan) -> Any:
    carrier = carrier_class(stream.modality).of(stream, sample)
    if hasattr(carrier, "start"):
        carrier.start(_plane_size(stream, sample, plan))
    return carrier


def _plane_size(stream: Stream, sample: Sample, plan: Plan) -> tuple[int, int]:
    for other in plan.streams:
        if other.spaces.get("plane") == stream.spaces.get("plane") and other.name in sample:
            size = carrier_class(other.modality).of(other, sample).picture_size()
            if size not in (None, (0, 0)):
                return size  # type: ignore[return-value]
    raise ValueError(f"no picture on the plane of {stream.name!r}")


def _paste(canvas: Image.Image, picture: np.ndarray, *, nearest: bool = False) -> float:
    """Fit a picture into the panel; how many panel pixels one of its pixels takes."""
    height, width = picture.shape[:2]
    scale = min((canvas.width - 8) / width, (canvas.height - 8) / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = Image.Resampling.NEAREST if nearest else Image.Resampling.LANCZOS
    canvas.paste(Image.fromarray(np.ascontiguousarray(picture)).resize(size, how), (4, 4))
    return scale


def _picture_of(stream: Stream, sample: Sample, plan: Plan) -> np.ndarray:
    """The dimmed picture of a stream's plane, as the ground on which geometry is drawn."""
    for other in plan.streams:
        if other.spaces.get("plane") != stream.spaces.get("plane") or other.name not in sample:
            continue
        if other.modality == "image":
            levels = pictures.levels_of(_carrier(other, sample, plan).data)
            return (levels * 0.45 + 255 * 0.55).astype(np.uint8)
    width, height = _plane_size(stream, sample, plan)
    return np.full((height, width, 3), 235, np.uint8)


def _image(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    _paste(canvas, pictures.levels_of(_carrier(stream, sample, plan).data))


def _mask(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    _paste(canvas, pictures.mask_colours(_carrier(stream, sample, plan).data), nearest=True)


def _depth(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    depth = _carrier(stream, sample, plan).data
    solid = depth[np.isfinite(depth) & (depth > 0)]
    far = float(solid.max()) if solid.size else 1.0
    _paste(canvas, pictures.depth_colours(depth, 0.5, max(far, 1.0)), nearest=True)


def _heatmap(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    heat = _carrier(stream, sample, plan).data
    _paste(canvas, fields.heat_colours(heat, 0.0, 1.0))


def _flow(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    flow = _carrier(stream, sample, plan).data
    longest = float(np.nanmax(np.hypot(flow[..., 0], flow[..., 1]), initial=1.0))
    _paste(canvas, fields.flow_colours(flow, longest), nearest=True)


def _normals(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    normals = _carrier(stream, sample, plan).data
    axes = stream.options.get("axes", "opencv")
    _paste(canvas, fields.normals_colours(normals, axes), nearest=True)


def _disparity(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    disparity = _carrier(stream, sample, plan).data
    known = np.abs(disparity[np.isfinite(disparity) & (disparity != 0.0)])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    _paste(canvas, fields.disparity_colours(disparity, low, high), nearest=True)


def _boxes(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    scale = _paste(canvas, _picture_of(stream, sample, plan))
    draw = ImageDraw.Draw(canvas)
    labels = [str(label) for label in carrier.labels] or [""] * len(carrier.corners)
    for number, (corners, label) in enumerate(zip(carrier.corners, labels, strict=False)):
        box = [4 + (value + 0.5) * scale for value in corners.tolist()]
        draw.rectangle(box, outline=HUES[number % len(HUES)], width=2)
        draw.text((box[0] + 3, box[1] + 1), label, INK, font(11))


def _keypoints(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    scale = _paste(canvas, _picture_of(stream, sample, plan))
    draw = ImageDraw.Draw(canvas)
    names = [str(name) for name in (carrier.names or carrier.labels)]
    for number, (x, y) in enumerate(carrier.pixels.tolist()):
        if not carrier.visible[number]:
            continue
        at, colour = (4 + (x + 0.5) * scale, 4 + (y + 0.5) * scale), HUES[number % len(HUES)]
        draw.ellipse((at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4), outline=colour, width=2)
        if names:
            draw.text((at[0] + 5, at[1] - 6), names[number % len(names)], INK, font(10))


def _polygons(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    scale = _paste(canvas, _picture_of(stream, sample, plan))
    draw = ImageDraw.Draw(canvas)
    for number, item in enumerate(carrier.table.items):
        for ring in item.rings:
            points = [(4 + (x + 0.5) * scale, 4 + (y + 0.5) * scale) for x, y in ring.tolist()]
            draw.line([*points, points[0]], HUES[number % len(HUES)], 2)


def _instances(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    masks = _carrier(stream, sample, plan).masks
    picture = _picture_of(stream, sample, plan).copy()
    for number, mask in enumerate(masks):
        hue = np.array(HUES[number % len(HUES)])
        picture[mask] = (picture[mask] * 0.5 + hue * 0.5).astype(np.uint8)
    _paste(canvas, picture, nearest=True)


def _oriented_boxes(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    scale = _paste(canvas, _picture_of(stream, sample, plan))
    draw = ImageDraw.Draw(canvas)
    for number, quad in enumerate(carrier.quads):
        points = [(4 + (x + 0.5) * scale, 4 + (y + 0.5) * scale) for x, y in quad.tolist()]
        draw.line([*points, points[0]], HUES[number % len(HUES)], 2)


def _text(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    _write(canvas, [str(sample[stream.name])], 13)


def _messages(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    lines = spoken_lines(stream.name, sample[stream.name])
    _write(canvas, [f"{role}: {text}" for role, text in lines if role != "system"], 10)


def _phrases(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    _write(canvas, [f"{n}: {phrase}" for n, phrase in enumerate(sample[stream.name])], 12)


def _write(canvas: Image.Image, lines: Sequence[str], size: int) -> None:
    letters = int((canvas.width - 16) / (size * 0.52))
    text = "\n".join(part for line in lines for part in (textwrap.wrap(line, letters) or [""]))
    ImageDraw.Draw(canvas).multiline_text((8, 8), text, INK, font(size), spacing=3)


def _audio(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    """Each channel's outline, left above right, and the spectrum of the mean below."""
    carrier = _carrier(stream, sample, plan)
    channels = np.atleast_2d(carrier.data).astype(np.float64)[:2]
    width, height = canvas.size
    draw = ImageDraw.Draw(canvas)
    half = height // 2 - 4
    peak = float(np.abs(channels).max()) or 1.0
    for index, channel in enumerate(channels):
        middle = 4 + half * (2 * index + 1) / (2 * len(channels))
        reach = half / (2 * len(channels)) - 1
        for column, part in enumerate(np.array_split(channel, width - 8)):
            if part.size:
                top, low = middle - part.max() / peak * reach, middle - part.min() / peak * reach
                draw.line((4 + column, top, 4 + column, max(low, top + 1)), HUES[1])
    levels = spectrum_levels(channels.mean(axis=0))
    heat = painted((levels[::-1] - levels.max()) / 60.0 + 1.0, HEAT)
    picture = Image.fromarray(heat).resize((width - 8, height - half - 10))
    canvas.paste(picture, (4, half + 6))
    seconds = f"{carrier.seconds:.2f} s"
    draw.text((width - 46, 4), seconds, QUIET, font(11))


def _timed_text(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    """Cues as bars on a scale of seconds, each with what it says."""
    cues = sample[stream.name]
    end = max([cue["end"] for cue in cues] or [1.0])
    draw = ImageDraw.Draw(canvas)
    width, height = canvas.size
    rows = max(1, min(9, len(cues)))
    tall = (height - 26) / rows
    for number, cue in enumerate(cues[:rows]):
        top = 4 + number * tall
        left, right = (8 + (width - 16) * cue[side] / end for side in ("start", "end"))
        colour = tuple(int(level * 0.35 + 255 * 0.65) for level in HUES[number % len(HUES)])
        draw.rectangle((left, top, max(right, left + 2), top + tall - 3), fill=colour)
        text = " ".join(str(cue["text"]).split())[:34]
        place = left + 2 if left < width * 0.55 else left - 5 * len(text) - 4
        draw.text((max(6.0, place), top), text, INK, font(min(12, max(8, int(tall) - 4))))
    draw.text((8, height - 18), "0 s", QUIET, font(11))
    draw.text((width - 44, height - 18), f"{end:.2f} s", QUIET, font(11))


def _video(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    """Four moments of the film, in their order."""
    carrier = _carrier(stream, sample, plan)
    clip = carrier.data
    chosen = np.linspace(0, len(clip) - 1, 4).round().astype(int)
    frames = [pictures.levels_of(frame) for frame in clip.read(chosen)]
    height, width = frames[0].shape[:2]
    sheet = np.full((2 * height + 4, 2 * width + 4, 3), 250, np.uint8)
    for number, frame in enumerate(frames):
        top, left = (number // 2) * (height + 4), (number % 2) * (width + 4)
        sheet[top : top + height, left : left + width] = frame
    _paste(canvas, sheet)
    note = f"{len(clip)} frames, {clip.duration:.2f} s"
    ImageDraw.Draw(canvas).text((8, canvas.height - 18), note, QUIET, font(11))


def _points(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    camera = _camera_of(stream, sample, plan)
    if camera is None:
        _value(canvas, stream, sample, plan)
        return
    places = carrier.data[:, :3].astype(np.float64)
    picture = cloud_picture(
        places,
        camera,
        None,
        colours=own_colours(carrier.data, carrier.columns),
        limits=depth_limits(places, camera),
    )
    _paste(canvas, picture)
    note = f"{len(places):,} points"
    ImageDraw.Draw(canvas).text((8, canvas.height - 18), note, QUIET, font(11))


def _camera_of(stream: Stream, sample: Sample, plan: Plan) -> Any:
    for other in plan.streams:
        if other.modality == "camera" and other.name in sample:
            if other.spaces.get("world") == stream.spaces.get("world"):
                return _carrier(other, sample, plan).camera
    return None


def _boxes3d(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    camera = _camera_of(stream, sample, plan)
    if camera is None:
        _value(canvas, stream, sample, plan)
        return
    width, height = camera.size
    scale = _paste(canvas, np.full((height, width, 3), 235, np.uint8))
    draw = ImageDraw.Draw(canvas)
    for shape in wire_shapes(carrier.solids, camera, list(range(len(carrier.solids.centres)))):
        for line in shape.path.split("M")[1:]:
            ends = [[float(v) * scale + 4 for v in end.split(",")] for end in line.split("L")]
            draw.line([tuple(end) for end in ends], HUES[shape.colour % len(HUES)], 2)


def _joints(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    camera = _camera_of(stream, sample, plan)
    bodies = _carrier(stream, sample, plan).came[..., :3]
    if camera is None or stream.options.get("origin") == "root":
        _value(canvas, stream, sample, plan)
        return
    width, height = camera.size
    scale = _paste(canvas, np.full((height, width, 3), 235, np.uint8))
    draw = ImageDraw.Draw(canvas)
    flat = bodies.reshape(-1, 3)
    seen = stream.options.get("axes", "world") != "world"
    pixels = camera.seen(flat) if seen else camera.project(flat)[0]
    for body, places in enumerate(pixels.reshape(*bodies.shape[:-1], 2)):
        left, head, right, chest = map(tuple, (4 + (places + 0.5) * scale).tolist())
        for end in (left, head, right):
            draw.line([chest, end], HUES[body % len(HUES)], 2)
        draw.text(left, "L", INK, font(11))


def _bev(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    data = _carrier(stream, sample, plan).data
    _paste(canvas, map_colours(data, 0.0, float(data.max(initial=1))), nearest=True)


def _camera(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    camera = _carrier(stream, sample, plan).camera
    k, e = camera.intrinsics, camera.extrinsics
    centre = -e[:3, :3].T @ e[:3, 3]
    look = e[2, :3]
    lines = [
        f"{camera.size[0]} x {camera.size[1]} pixels",
        f"fx {k[0, 0]:.1f}  fy {k[1, 1]:.1f}",
        f"cx {k[0, 2]:.1f}  cy {k[1, 2]:.1f}",
        "stands at " + " ".join(f"{value + 0.0:.2f}" for value in centre),
        "looks along " + " ".join(f"{value + 0.0:.2f}" for value in look),
    ]
    _write(canvas, lines, 13)


def _imu(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    carrier = _carrier(stream, sample, plan)
    table = np.asarray(carrier.data, dtype=np.float64)
    draw = ImageDraw.Draw(canvas)
    width, height = canvas.size
    for half, kind in enumerate("ga"):
        places = [
            i for i, name in enumerate(carrier.columns) if name in (f"{kind}{a}" for a in "xyz")
        ]
        if not places:
            continue
        middle, reach = height * (0.25 + 0.5 * half), height * 0.22
        top = float(np.abs(table[:, places]).max()) or 1.0
        draw.line((4, middle, width - 4, middle), (220, 218, 212))
        for colour, place in enumerate(places):
            across = np.linspace(6, width - 6, len(table))
            up = middle - reach * table[:, place] / top
            draw.line(list(zip(across.tolist(), up.tolist(), strict=True)), HUES[colour], 1)
        draw.text(
            (6, middle - reach - 4), f"{kind}x {kind}y {kind}z, up to {top:.2f}", QUIET, font(10)
        )


def _robot(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    """The first four groups of a robot's columns, each with its own scale."""
    carrier = _carrier(stream, sample, plan)
    draw = ImageDraw.Draw(canvas)
    width, height = canvas.size
    groups = carrier.rules.layout.groups[:4]
    for row, group in enumerate(groups):
        values = carrier.total[:, group.columns]
        middle, reach = height * (row + 0.5) / len(groups), height * 0.4 / len(groups)
        top = float(np.abs(values).max()) or 1.0
        draw.line((4, middle, width - 4, middle), (220, 218, 212))
        across = np.linspace(6, width - 6, len(values)).tolist()
        for colour in range(values.shape[1]):
            up = (middle - reach * values[:, colour] / top).tolist()
            draw.line(list(zip(across, up, strict=True)), HUES[colour % len(HUES)], 1)
        text = f"{group.name}, up to {top:.2f}"
        draw.text((6, middle - reach - 3), text, QUIET, font(10))


def _value(canvas: Image.Image, stream: Stream, sample: Sample, plan: Plan) -> None:
    value = sample[stream.name]
    if isinstance(value, np.ndarray):
        value = np.array2string(value, precision=3, threshold=12)
    _write(canvas, [str(value)], 13)


_DRAWN = {
    "image": _image,
    "mask": _mask,
    "depth": _depth,
    "heatmap": _heatmap,
    "flow": _flow,
    "normals": _normals,
    "disparity": _disparity,
    "boxes": _boxes,
    "keypoints": _keypoints,
    "polygons": _polygons,
    "instances": _instances,
    "oriented_boxes": _oriented_boxes,
    "text": _text,
    "messages": _messages,
    "phrases": _phrases,
    "audio": _audio,
    "timed_text": _timed_text,
    "video": _video,
    "points": _points,
    "boxes3d": _boxes3d,
    "joints": _joints,
    "bev": _bev,
    "camera": _camera,
    "imu": _imu,
    "state": _robot,
    "action": _robot,
}
"""Modality -> how it is drawn; anything else is written."""
