"""Which operations of albumentations change colours: measured on a picture of known patches."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

PATCH = 48
"""Pixels along a patch; its inner half is measured, so that blurring mixes nothing."""
SEEDS = 12
MOST_HUE = 12.0
LEAST_KEPT = 0.5
MOST_CAST = 0.15
_SHADES = [(s, v) for v in (0.8, 0.5) for s in (0.85, 0.45, 0.0)]
_HUES = 12
_DARK = 0.08
_COLOURED = 0.2
_FAINT = 0.1


class Shift(NamedTuple):
    """What became of colours: the turn of hue in degrees that a quarter of the patches exceeds,
    the share of saturation that half of them keep, and the saturation that grey patches gained."""

    hue: float
    kept: float
    cast: float

    @property
    def changes_colours(self) -> bool:
        """Whether words for colours may be wrong afterwards."""
        return self.hue > MOST_HUE or self.kept < LEAST_KEPT or self.cast > MOST_CAST


@cache
def patches(dtype: str) -> np.ndarray[Any, Any]:
    """Twelve hues in two saturations, and grey, each light and dark."""
    colours = [
        colorsys.hsv_to_rgb(hue / _HUES, saturation, value)
        for saturation, value in _SHADES
        for hue in range(_HUES)
    ]
    picture = np.array(colours).reshape(len(_SHADES), _HUES, 3).repeat(PATCH, 0).repeat(PATCH, 1)
    return (picture * 255).round().astype(np.uint8) if dtype == "uint8" else np.float32(picture)


def shift(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> Shift:
    """How the mean colours of the patches changed; those that came out dark do not count."""
    old, new = _means(before), _means(after)
    seen = new.max(axis=-1) > _DARK
    old_colour, new_colour = _chroma(old), _chroma(new)
    was, became = np.abs(old_colour), np.abs(new_colour)
    coloured, grey = seen & (was > _COLOURED), seen & (was < _FAINT / 2)
    both = coloured & (became > _FAINT)
    turn = np.abs(np.degrees(np.angle(new_colour[both] / old_colour[both])))
    return Shift(
        float(np.quantile(turn, 0.75)) if turn.size else 0.0,
        float(np.median(became[coloured] / was[coloured])) if coloured.any() else 1.0,
        float(np.median(became[grey])) if grey.any() else 0.0,
    )


def worst(run: Callable[[np.ndarray[Any, Any], int], np.ndarray[Any, Any]], dtype: str) -> Shift:
    """The worst of some draws of an operation: `run(picture, seed)`."""
    picture = patches(dtype)
    shifts = [shift(picture, run(picture, seed)) for seed in range(SEEDS)]
    return Shift(
        max(s.hue for s in shifts), min(s.kept for s in shifts), max(s.cast for s in shifts)
    )


def _means(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    levels = picture / 255.0 if picture.dtype == np.uint8 else picture.astype(np.float64)
    cells = levels.reshape(len(_SHADES), PATCH, _HUES, PATCH, 3)
    inner = slice(PATCH // 4, PATCH - PATCH // 4)
    return np.asarray(cells[:, inner, :, inner].mean(axis=(1, 3)))


def _chroma(rgb: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Colour as a complex number: its angle is the hue, its length the share of the brightest."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    opponent = (2 * red - green - blue) / 2 + 1j * np.sqrt(3) / 2 * (green - blue)
    return np.asarray(opponent / np.maximum(rgb.max(axis=-1), 1e-6))
