"""Cover rectangles of the picture; what is hidden is gone for boxes, points and words alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from syncaug.maps.mask import Occlusion
from syncaug.maps.plane import Size
from syncaug.maps.words import Rebuild
from syncaug.transforms.clock import numbers
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import OccludeParameters

__all__ = ["maps"]


def maps(parameters: OccludeParameters, view: View) -> Maps:
    """Rectangles of whole pixels for each plane, at the same shares of its width and height."""
    count = int(parameters["count"])
    others = numbers(parameters["shape"], 2 * (count - 1)).tolist()
    places = [(parameters["x"], parameters["y"]), *zip(others[::2], others[1::2], strict=True)]
    out: list[Located] = []
    for plane, size in view.pictures(parameters.get("plane", "")):
        rectangles = tuple(_rectangle(parameters, place, size) for place in places)
        covers_masks = parameters["mask"] == "fill"
        out.append(("occlude", plane, Occlusion(rectangles, size, covers_masks)))
        if parameters["caption"] == "rebuild":
            out.append(("words", plane, Rebuild()))
    return out


def _rectangle(
    parameters: OccludeParameters, place: tuple[float, float], size: Size
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom; one that would be too wide or high is as wide or high as it."""
    width, height = size
    area = parameters["area"] * width * height
    ratio = parameters.get("ratio", width / height)
    across = min(width, max(1, round(math.sqrt(area * ratio))))
    down = min(height, max(1, round(math.sqrt(area / ratio))))
    left, top = round(place[0] * (width - across)), round(place[1] * (height - down))
    return left, top, left + across, top + down
