"""Brightness, contrast and gamma; the reflectivity of points follows when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.tone import ToneMap
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import ANYWHERE, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LightParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: LightParameters, view: View) -> Maps:
    """One tone map for everything that the light falls on."""
    del view
    return [("tone", parameters.get("plane", ANYWHERE), _lit(parameters))]


def _lit(parameters: LightParameters) -> ToneMap:
    """The map itself."""
    value = parameters["value"]
    factor = 1.0 + value if parameters["reflectivity"] == "follow" else 1.0
    return ToneMap.lit(value, parameters["contrast"], parameters["gamma"], factor)


FORMULAS: tuple[Formula, ...] = (("tone", _lit),)
