"""Zoom the picture about its centre; its size stays."""

from __future__ import annotations

import numpy as np

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One plane map for each plane; a factor above 1 enlarges."""
    factor = parameters["factor"]
    out: list[Located] = []
    for plane in view.planes(parameters.get("plane", "")):
        width, height = size = view.size(plane)
        rest = (1.0 - factor) / 2
        matrix = np.array(
            [[factor, 0.0, rest * (width - 1)], [0.0, factor, rest * (height - 1)], [0.0, 0.0, 1.0]]
        )
        out.append(("plane", plane, PlaneMap(matrix, size, size)))
    return out
