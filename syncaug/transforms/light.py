"""Brightness, contrast and gamma; the reflectivity of points follows when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.tone import Light, ToneMap
from syncaug.transforms.view import ANYWHERE, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LightParameters

__all__ = ["maps"]


def maps(parameters: LightParameters, view: View) -> Maps:
    """One tone map for everything that the light falls on."""
    del view
    stage = Light(parameters["value"], parameters["contrast"], parameters["gamma"])
    follows = parameters["reflectivity"] == "follow"
    tone = ToneMap((stage,), 1.0 + stage.value if follows else 1.0)
    return [("tone", parameters.get("plane", ANYWHERE), tone)]
