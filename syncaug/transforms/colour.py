"""Turn the colour wheel: pictures, points and the colour words of captions together."""

from __future__ import annotations

from syncaug.maps.tone import Colour, ToneMap
from syncaug.transforms.view import ANYWHERE, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One tone map for everything that has colours."""
    del view
    stage = Colour(parameters["hue"], parameters["saturation"], parameters["value"])
    return [("tone", parameters.get("plane", ANYWHERE), ToneMap((stage,)))]
