"""What is done to the columns of a cloud: its colours, its moments, and noise on its places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.kernels.noise_level import mean_square
from syncaug.kernels.row_time import within
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import Colour, ToneMap

__all__ = ["recoloured", "scattered", "shown"]


def recoloured(rgb: NDArray[Any], tone: ToneMap) -> NDArray[Any]:
    """Colours of points (N, 3), up to 1 or 255, through the same stages as a picture's pixels."""
    top = 255.0 if float(rgb.max(initial=0.0)) > 1.0 else 1.0
    levels = np.ascontiguousarray(np.clip(rgb / top, 0.0, 1.0), dtype=np.float32)[:, None, :]
    for stage in tone.stages:
        if isinstance(stage, Colour):
            levels = opencv.shift_hue(levels, stage.hue, 1.0 + stage.saturation, 1.0 + stage.value)
        else:
            levels = stage.apply(levels)
    return levels[:, 0, :] * top


def scattered(
    places: NDArray[np.float64], snr_db: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Places (N, 3) with normal noise that is `snr_db` below their spread about their middle."""
    spread = float(np.sqrt(np.mean((places - places.mean(axis=0)) ** 2)))
    field = generator.standard_normal(places.shape)
    field *= spread * 10.0 ** (-snr_db / 20.0) / (math.sqrt(mean_square(field)) or 1.0)
    return places + field


def shown(
    moments: NDArray[np.float64], time: TimeMap
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]] | None:
    """Which rows a clock shows, at which seconds and speeds, segment by segment; None if none.

    `moments` are the seconds of the rows. A row is shown as often as its moment is.
    """
    rows, seconds, speeds = [], [], []
    for segment in time.segments:
        inside = within(segment, moments, closed=segment is time.segments[-1])
        if len(inside) and segment.speed:
            rows.append(np.sort(inside))  # a cloud keeps its order
            places = (moments[rows[-1]] - segment.first) / segment.speed
            seconds.append(segment.start + places)
            speeds.append(np.full(len(inside), segment.speed))
    if not rows:
        return None
    return np.concatenate(rows), np.concatenate(seconds), np.concatenate(speeds)
