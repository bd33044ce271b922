"""Bring the picture to a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.plane import PlaneMap, Size
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import ResizeParameters

__all__ = ["FORMULAS", "maps", "resizing"]


def maps(parameters: ResizeParameters, view: View) -> Maps:
    """One plane map for each plane."""
    return [
        ("plane", plane, _resized(parameters, view.size(plane)))
        for plane in view.planes(parameters.get("plane", ""))
    ]


def _resized(parameters: ResizeParameters, size: Size) -> PlaneMap:
    """The map of one picture."""
    return resizing(size, (int(parameters["width"]), int(parameters["height"])))


def resizing(size: Size, target: Size) -> PlaneMap:
    """The map that stretches `size` to `target`, edges onto edges: x' = s (x + 1/2) - 1/2."""
    across, down = target[0] / size[0], target[1] / size[1]
    x, y = (across - 1.0) / 2, (down - 1.0) / 2
    return PlaneMap((across, 0.0, x, 0.0, down, y, 0.0, 0.0, 1.0), size, target)


FORMULAS: tuple[Formula, ...] = (("plane", _resized),)
