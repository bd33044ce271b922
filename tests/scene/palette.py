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
    "purple": 280.0,
    "pink": 330.0,
}
"""What English calls the hues, in degrees on the wheel."""


def _away(degrees: float) -> list[tuple[float, str]]:
    distance = {name: abs((degrees - hue + 180.0) % 360.0 - 180.0) for name, hue in HUES.items()}
    return sorted((far, name) for name, far in distance.items())


def name_of(degrees: float) -> str:
    """The nearest name."""
    return _away(degrees)[0][1]


def named_clearly(degrees: float) -> bool:
    """Whether nobody would hesitate between two names."""
    (near, _), (far, _) = _away(degrees)[:2]
    return far - near > 14.0


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
