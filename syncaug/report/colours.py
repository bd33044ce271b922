"""Colours for numbers and for classes: two ramps, and hues that differ for labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["HEAT", "NEAR_TO_FAR", "label_colours", "painted"]

NEAR_TO_FAR = np.array(
    [[252, 225, 90], [245, 140, 60], [215, 60, 100], [130, 40, 150], [45, 35, 120]], np.float64
)
"""Yellow near, through red, to violet far."""

HEAT = np.array(
    [[6, 8, 24], [42, 28, 98], [128, 40, 125], [214, 70, 92], [250, 152, 82], [252, 240, 180]],
    np.float64,
)
"""Dark for nothing, pale for much."""


def painted(share: NDArray[np.floating], ramp: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Numbers from 0 to 1 (clipped) in the colours of a ramp: one more axis, of RGB."""
    position = np.clip(np.nan_to_num(share), 0.0, 1.0) * (len(ramp) - 1)
    stops = np.arange(len(ramp))
    channels = [np.interp(position, stops, ramp[:, channel]) for channel in range(3)]
    return np.asarray(np.rint(np.stack(channels, axis=-1)), dtype=np.uint8)


def label_colours(labels: NDArray[Any]) -> NDArray[np.uint8]:
    """A colour for each whole number, 0 nearly black; equal numbers are equally coloured."""
    numbers = labels.astype(np.int64)
    hue = (numbers * 0.381966) % 1.0
    phases = np.stack([hue, hue + 1 / 3, hue + 2 / 3], axis=-1)
    colours = 140.0 + 100.0 * np.cos(2 * np.pi * phases)
    colours[numbers == 0] = 24.0
    return np.asarray(colours, dtype=np.uint8)
