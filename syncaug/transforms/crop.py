"""Cut a window out of the picture; with `points: visible`, cut the world to its frustum too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from syncaug.errors import RefusalError
from syncaug.maps.camera import Camera
from syncaug.maps.mask import Blank
from syncaug.maps.numbers import product, seen_through
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.window import Window
from syncaug.maps.words import Rebuild, Speech
from syncaug.maps.world import Frustum, Shown
from syncaug.transforms.clock import merged, on_ticks
from syncaug.transforms.formula import Formula
from syncaug.transforms.resize import resizing
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import CropParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: CropParameters, view: View) -> Maps:
    """A window of whole pixels for each plane, resized where `resize` says so.

    With `points: visible` a world keeps what any of its cameras sees, those of other planes too,
    and of a camera that moves what any frame shows.
    """
    out: list[Located] = []
    pictures: dict[str, PlaneMap] = {}
    for plane, size in view.pictures(parameters.get("plane", "")):
        cut = _cut(parameters, size)
        out.append(("plane", plane, cut))
        if parameters["caption"] == "rebuild":
            out.append(("words", plane, Rebuild()))
        if parameters["speech"] != "keep":
            out += _heard(parameters["speech"], view.speeches(plane, cut), view)
        if parameters["points"] == "visible" and view.camera(plane) is not None:
            pictures[plane] = cut
    if not pictures:
        return out
    for world in dict.fromkeys(view.world_of(plane) or "" for plane in pictures):
        seen = (
            _seen(plane, camera, pictures.get(plane), view)
            for plane in view.cameras(world)
            for camera in view.looks(plane)
        )
        out.append(("frustum", world, Frustum(tuple(seen))))
    return out


def _cut(parameters: CropParameters, size: Size) -> PlaneMap:
    """The map of one picture."""
    left, top, width, height = _window(parameters, size)
    numbers = (1.0, 0.0, float(-left), 0.0, 1.0, float(-top), 0.0, 0.0, 1.0)
    window = Window(numbers, (width, height))
    cut = PlaneMap(numbers, size, window.size, windows=(window,))
    if "resize" in parameters:
        target_height, target_width = parameters["resize"]
        cut = cut.then(resizing((width, height), (target_width, target_height)))
    return cut


FORMULAS: tuple[Formula, ...] = (("plane", _cut),)


def _seen(plane: str, camera: Camera, cut: PlaneMap | None, view: View) -> tuple[Shown, ...]:
    """The pictures, as their camera sees them, that must all show a place for a plane to show it.

    What a picture shows as fill, because it lies beyond the first picture or was cut, is not seen.
    """
    whole = view.history(plane)
    if cut is not None:
        camera, whole = camera.moved(cut), whole.then(cut)
    frames = _frames(whole, camera)
    straight = view.straight(plane)
    if straight is not None:  # the distorted picture, which stood as this one before its turns
        first, lens = straight
        a, b, c, d, e, f, g, h, i = whole.turn
        pose = seen_through((a, d, g, b, e, h, c, f, i), camera.pose)
        frames += _frames(first, lens.before._replace(pose=pose))
    return frames


def _frames(whole: PlaneMap, camera: Camera) -> tuple[Shown, ...]:
    """The pictures of a plane map, of which the last is that of the camera."""
    back = product(whole.inverse, camera.calibration)
    return tuple(
        Shown(product(frame.numbers, back), camera.pose, frame.size, camera.lens)
        for frame in whole.frames
    )


def _heard(rule: str, speeches: Sequence[Speech], view: View) -> list[Located]:
    """Cut or mute what is said of things that have left the picture.

    Raises RefusalError where a cut would leave no speech.
    """
    out: list[Located] = []
    for speech in speeches:
        if speech.complete:
            continue
        length, tick = view.duration(speech.clock), view.tick(speech.clock)
        spans = merged(
            [
                (on_ticks(max(0.0, start), tick), on_ticks(min(length, stop), tick))
                for start, stop in speech.spans
                if start < length
            ]
        )
        if rule == "cut":
            if not spans:
                raise RefusalError(speech.clock, "no phrase that remains in the picture is spoken")
            out.append(("time", speech.clock, TimeMap.keeping(spans, length)))
        else:
            edges = [0.0, *(edge for span in spans for edge in span), length]
            rest = [span for span in zip(edges[::2], edges[1::2], strict=True) if span[0] < span[1]]
            out.append(("blank", speech.clock, Blank(tuple(rest), "blank")))
    return out


def _window(parameters: CropParameters, size: Size) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels.

    `area` is the share of the picture, `ratio` width over height; a window that would be too wide
    or too high is as wide or high as the picture.
    """
    width, height = size
    area = parameters["area"] * width * height
    ratio = parameters.get("ratio", width / height)
    cut_width = max(1, round(min(width, math.sqrt(area * ratio))))
    cut_height = max(1, round(min(height, math.sqrt(area / ratio))))
    left = round(parameters["x"] * (width - cut_width))
    top = round(parameters["y"] * (height - cut_height))
    return left, top, cut_width, cut_height
