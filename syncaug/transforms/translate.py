"""Shift the picture by fractions of its width (to the right) and height (down)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.plane import PlaneMap, Size
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import TranslateParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: TranslateParameters, view: View) -> Maps:
    """One plane map for each plane."""
    return [
        ("plane", plane, _shifted(parameters, size))
        for plane, size in view.pictures(parameters.get("plane", ""))
    ]


def _shifted(parameters: TranslateParameters, size: Size) -> PlaneMap:
    """The map of one picture."""
    width, height = size
    x, y = parameters["x"] * width, parameters["y"] * height
    return PlaneMap.plain((1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0), size, size)


FORMULAS: tuple[Formula, ...] = (("plane", _shifted),)
