"""Turn the picture about its centre, counterclockwise as seen."""

from __future__ import annotations

import math

import numpy as np

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One plane map for each plane; `expand` makes the picture as large as what it shows."""
    out: list[Located] = []
    cosine, sine = _turn(parameters["degrees"])
    for plane in view.planes(parameters.get("plane", "")):
        width, height = size = view.size(plane)
        if parameters["expand"]:
            across, down = abs(cosine), abs(sine)
            size = (_whole(across * width + down * height), _whole(down * width + across * height))
        x, y = (width - 1) / 2, (height - 1) / 2
        shift_x = (size[0] - 1) / 2 - cosine * x - sine * y
        shift_y = (size[1] - 1) / 2 + sine * x - cosine * y
        matrix = np.array([[cosine, sine, shift_x], [-sine, cosine, shift_y], [0.0, 0.0, 1.0]])
        out.append(("plane", plane, PlaneMap(matrix, (width, height), size)))
    return out


def _turn(degrees: float) -> tuple[float, float]:
    """Cosine and sine of an angle in degrees; quarter turns are exact."""
    quarters = degrees / 90.0
    if quarters == round(quarters):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[round(quarters) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _whole(length: float) -> int:
    return max(1, math.ceil(length - 1e-9))
