"""Turn the picture about its centre, counterclockwise as seen."""

from __future__ import annotations

import math

import numpy as np

from syncaug.maps.plane import Matrix, PlaneMap
from syncaug.transforms.view import Located, Maps, Parameters, View

__all__ = ["maps", "turning"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One plane map for each plane; `expand` makes the picture as large as what it shows."""
    out: list[Located] = []
    linear = turning(parameters["degrees"])
    for plane in view.planes(parameters.get("plane", "")):
        width, height = size = view.size(plane)
        if parameters["expand"]:
            reach = np.abs(linear) @ np.array([width, height])
            size = (max(1, math.ceil(reach[0] - 1e-9)), max(1, math.ceil(reach[1] - 1e-9)))
        matrix = np.eye(3)
        matrix[:2, :2] = linear
        centre = np.array([width - 1.0, height - 1.0]) / 2
        matrix[:2, 2] = (np.array(size) - 1.0) / 2 - linear @ centre
        out.append(("plane", plane, PlaneMap(matrix, (width, height), size)))
    return out


def turning(degrees: float) -> Matrix:
    """The 2x2 counterclockwise turn as seen, with y down; quarter turns are exact."""
    quarters = degrees / 90.0
    if quarters == round(quarters):
        cosine, sine = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[round(quarters) % 4]
    else:
        cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cosine, sine], [-sine, cosine]])
