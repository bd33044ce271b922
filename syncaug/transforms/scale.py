"""Zoom the picture about its centre; its size stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import ScaleParameters

__all__ = ["maps"]


def maps(parameters: ScaleParameters, view: View) -> Maps:
    """One plane map for each plane; a factor above 1 enlarges."""
    factor = parameters["factor"]
    out: list[Located] = []
    for plane, size in view.pictures(parameters.get("plane", "")):
        width, height = size
        rest = (1.0 - factor) / 2
        x, y = rest * (width - 1), rest * (height - 1)
        numbers = (factor, 0.0, x, 0.0, factor, y, 0.0, 0.0, 1.0)
        out.append(("plane", plane, PlaneMap.plain(numbers, size, size)))
    return out
