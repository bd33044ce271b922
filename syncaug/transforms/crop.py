"""Cut a window out of the picture; with `points: visible`, cut the world to its frustum too."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from syncaug.errors import RefusalError
from syncaug.maps.camera import Camera
from syncaug.maps.mask import Blank
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.words import Rebuild, Speech
from syncaug.maps.world import Frustum
from syncaug.transforms.clock import grained, merged
from syncaug.transforms.resize import resizing
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """A window of whole pixels for each plane, resized where `resize` says so.

    With `points: visible` a world keeps what any of its cameras sees, those of other planes too.
    """
    out: list[Located] = []
    cameras: dict[str, Camera] = {}
    for plane in view.planes(parameters.get("plane", "")):
        size = view.size(plane)
        left, top, width, height = _window(parameters, size)
        matrix = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]])
        cut = PlaneMap(matrix, size, (width, height))
        if "resize" in parameters:
            target_height, target_width = parameters["resize"]
            cut = cut.then(resizing((width, height), (target_width, target_height)))
        out.append(("plane", plane, cut))
        if parameters["caption"] == "rebuild":
            out.append(("words", plane, Rebuild()))
        if parameters["speech"] != "keep":
            out += _heard(parameters["speech"], view.speeches(plane, cut), view)
        camera = view.camera(plane)
        if parameters["points"] == "visible" and camera is not None:
            cameras[plane] = camera.moved(cut)
    for world in dict.fromkeys(view.world_of(plane) or "" for plane in cameras):
        beside = {plane: view.camera(plane) for plane in view.cameras(world)}
        seen = {**beside, **{p: c for p, c in cameras.items() if view.world_of(p) == world}}
        pictures = tuple((camera.projection, camera.size) for camera in seen.values() if camera)
        out.append(("frustum", world, Frustum(pictures)))
    return out


def _heard(rule: str, speeches: Sequence[Speech], view: View) -> list[Located]:
    """Cut or mute what is said of things that have left the picture.

    Raises RefusalError where a cut would leave no speech.
    """
    out: list[Located] = []
    for speech in speeches:
        if speech.complete:
            continue
        length, grain = view.duration(speech.clock), view.grain(speech.clock)
        spans = merged(
            [
                (grained(max(0.0, start), grain), grained(min(length, stop), grain))
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


def _window(parameters: Parameters, size: Size) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels.

    `area` is the share of the picture, `ratio` width over height; a window that would be too wide
    or too high is as wide or high as the picture.
    """
    width, height = size
    area = parameters["area"] * width * height
    ratio = parameters.get("ratio", width / height)
    cut_width = min(width, max(1, round(math.sqrt(area * ratio))))
    cut_height = min(height, max(1, round(math.sqrt(area / ratio))))
    left = round(parameters["x"] * (width - cut_width))
    top = round(parameters["y"] * (height - cut_height))
    return left, top, cut_width, cut_height
