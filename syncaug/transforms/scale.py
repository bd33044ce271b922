"""Zoom the picture about its centre; its size stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.plane import PlaneMap, Size
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import ScaleParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: ScaleParameters, view: View) -> Maps:
    """One plane map for each plane; a factor above 1 enlarges."""
    return [
        ("plane", plane, _zoomed(parameters, size))
        for plane, size in view.pictures(parameters.get("plane", ""))
    ]


def _zoomed(parameters: ScaleParameters, size: Size) -> PlaneMap:
    """The map of one picture."""
    factor, (width, height) = parameters["factor"], size
    rest = (1.0 - factor) / 2
    x, y = rest * (width - 1), rest * (height - 1)
    return PlaneMap.plain((factor, 0.0, x, 0.0, factor, y, 0.0, 0.0, 1.0), size, size)


FORMULAS: tuple[Formula, ...] = (("plane", _zoomed),)
