"""A transform of one's own: `shake` moves the picture a little, as an unsteady hand does.

The entry point `shake = "shake"` in the group `syncaug.transforms` names this module. `SPEC` says
what the transform takes and makes, as the library's own do in `catalogue/transforms`, and `maps`
turns drawn parameters into maps. It touches no data: masks, boxes, keypoints and all else that
lives on the plane follow by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from syncaug.maps.plane import PlaneMap
from syncaug.transforms.view import Maps, View

SPEC: Mapping[str, Any] = {
    "name": "shake",
    "summary": "Move the picture as an unsteady hand does.",
    "makes": ["plane"],
    "parameters": {
        "strength": {
            "description": "How far the picture moves, as a fraction of its width.",
            "schema": {"type": "number", "minimum": 0, "maximum": 0.2},
            "neutral": 0.0,
        },
        "direction": {
            "description": "Where it moves, in degrees counterclockwise from the right.",
            "schema": {"type": "number", "minimum": 0, "maximum": 360},
            "default": 0.0,
        },
        "plane": {
            "description": "The one plane that the step acts on; all planes without it.",
            "schema": {"type": "string"},
            "optional": True,
            "space": "plane",
        },
    },
}


def maps(parameters: Mapping[str, Any], view: View) -> Maps:
    """One plane map for each plane: pixels move by (x, y), with y downwards."""
    angle = math.radians(parameters["direction"])
    out = []
    for plane in view.planes(parameters.get("plane", "")):
        width, height = view.size(plane)
        reach = parameters["strength"] * width
        x, y = reach * math.cos(angle), -reach * math.sin(angle)
        numbers = (1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0)
        out.append(("plane", plane, PlaneMap(numbers, (width, height), (width, height))))
    return out
