"""Shift the picture by fractions of its width (to the right) and height (down)."""

from __future__ import annotations

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One plane map for each plane."""
    out: list[Located] = []
    for plane in view.planes(parameters.get("plane", "")):
        width, height = size = view.size(plane)
        x, y = parameters["x"] * width, parameters["y"] * height
        numbers = (1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0)
        out.append(("plane", plane, PlaneMap(numbers, size, size)))
    return out
