"""What the tone transforms mean for a scene: another paint on everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.scene.palette import turn_wheel
from tests.scene.scene import Scene

__all__ = ["CHANGES"]

Parameters = Mapping[str, Any]


def _painted(scene: Scene, rule: Any) -> Scene:
    before = scene.paint
    return scene.change(paint=lambda colours: rule(before(colours)))


def colour(scene: Scene, parameters: Parameters) -> Scene:
    """Turn the colour wheel, and make colours stronger and brighter."""
    hue = parameters.get("hue", 0.0)
    strong, bright = 1.0 + parameters.get("saturation", 0.0), 1.0 + parameters.get("value", 0.0)
    painted = _painted(scene, lambda rgb: turn_wheel(rgb, hue, strong, bright))
    return painted.change(hue=scene.hue + hue)


def light(scene: Scene, parameters: Parameters) -> Scene:
    """Brighter, with more contrast about the middle grey, and then a power of it."""
    value, contrast = parameters.get("value", 0.0), parameters.get("contrast", 0.0)
    gamma = parameters.get("gamma", 1.0)

    def rule(rgb: Any) -> Any:
        bright = rgb * (1.0 + value)
        steep = bright + contrast * (bright - 0.5)
        return np.minimum(np.maximum(steep, 0.0), 1.0) ** gamma

    lit = _painted(scene, rule)
    if parameters.get("reflectivity") == "follow":
        return lit.change(reflectivity=scene.reflectivity * (1.0 + value))
    return lit


CHANGES = {"colour": colour, "light": light}
