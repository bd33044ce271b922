"""Shift the picture by fractions of its width (to the right) and height (down)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import TranslateParameters

__all__ = ["maps"]


def maps(parameters: TranslateParameters, view: View) -> Maps:
    """One plane map for each plane."""
    out: list[Located] = []
    for plane, size in view.pictures(parameters.get("plane", "")):
        width, height = size
        x, y = parameters["x"] * width, parameters["y"] * height
        numbers = (1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0)
        out.append(("plane", plane, PlaneMap.plain(numbers, size, size)))
    return out
