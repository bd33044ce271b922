"""Colours of the scene: the wheel and the eight names on it."""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.typing import NDArray

__all__ = ["HUES", "name_of", "named_clearly", "on_wheel", "turn_wheel"]

HUES = {
    "red": 0.0,
    "orange": 30.0,
    "yellow": 60.0,
    "green": 120.0,
    "cyan": 180.0,
    "blue": 240.0,
    "purple": 275.0,
    "pink": 330.0,
}
"""The hues of the shapes, in degrees on the wheel."""
_UP_TO = {
    17.0: "red", 41.0: "orange", 67.0: "yellow", 99.0: "lime", 146.0: "green",
    166.0: "spring green", 193.0: "cyan", 215.0: "sky blue", 262.0: "blue", 294.0: "purple",
    313.0: "magenta", 341.0: "pink", 377.0: "red",
}  # fmt: skip
"""What English calls hues, up to these degrees."""
_WITHIN = {"spring green": "green", "sky blue": "blue"}
"""Names that are said only of what was called by the broader one before."""
_CLEAR = 3.0


def name_of(degrees: float, turn: float = 0.0) -> str:
    """What a shape of that hue at first is called after a turn of the wheel."""
    name, first = _finest(degrees + turn), _broad(degrees)
    return name if _WITHIN.get(name) == first and turn % 360.0 else _broad(degrees + turn)


def named_clearly(degrees: float) -> bool:
    """Whether nobody would hesitate between two names."""
    return len({_finest(degrees + off) for off in (-_CLEAR, 0.0, _CLEAR)}) == 1


def _finest(degrees: float) -> str:
    return next(name for end, name in _UP_TO.items() if degrees % 360.0 < end)


def _broad(degrees: float) -> str:
    name = _finest(degrees)
    return _WITHIN.get(name, name)


def on_wheel(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    """Red, green and blue in 0..1."""
    return colorsys.hsv_to_rgb(hue % 360.0 / 360.0, saturation, value)


def turn_wheel(
    rgb: NDArray[np.float64], degrees: float, saturation: float, value: float
) -> NDArray[np.float64]:
    """Colours (..., 3) with another hue, and saturation and value multiplied."""

    def one(colour: NDArray[np.float64]) -> tuple[float, float, float]:
        h, s, v = colorsys.rgb_to_hsv(*map(float, colour))
        return on_wheel(h * 360.0 + degrees, min(1.0, s * saturation), min(1.0, v * value))

    colours, places = np.unique(rgb.reshape(-1, 3), axis=0, return_inverse=True)
    return np.array([one(colour) for colour in colours])[places.reshape(-1)].reshape(rgb.shape)
