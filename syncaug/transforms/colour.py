"""Turn the colour wheel: pictures, points and the colour words of captions together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.tone import Colour, ToneMap
from syncaug.transforms.formula import Formula
from syncaug.transforms.view import ANYWHERE, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import ColourParameters

__all__ = ["FORMULAS", "maps"]


def maps(parameters: ColourParameters, view: View) -> Maps:
    """One tone map for everything that has colours."""
    del view
    return [("tone", parameters.get("plane", ANYWHERE), _coloured(parameters))]


def _coloured(parameters: ColourParameters) -> ToneMap:
    """The map itself."""
    stage = Colour(parameters["hue"], parameters["saturation"], parameters["value"])
    return ToneMap((stage,))


FORMULAS: tuple[Formula, ...] = (("tone", _coloured),)
