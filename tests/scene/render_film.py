"""The film of the scene: a picture in the middle of each span of time, as the eye sways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_picture import FILL, image_of
from tests.scene.scene import Eye, Scene

__all__ = ["FPS", "exposures_of", "film_of", "moments_of"]

FPS = 8.0
"""Pictures in a second."""


def moments_of(scene: Scene, rate: float) -> NDArray[np.float64]:
    """For each span of 1/rate seconds, the first time line's moment in its middle; NaN for none."""
    count = max(1, round(scene.duration * rate))
    seconds = (np.arange(count) + 0.5) / rate
    moments = np.array(scene.moment(seconds), dtype=np.float64)
    for start, stop in scene.blank:
        moments[(seconds >= start) & (seconds < stop)] = np.nan
    return moments


def exposures_of(scene: Scene) -> list[float]:
    """The moment at which each picture was taken: the middle of the first film's span of it.

    A picture stands for its whole span, so that what is shown is at most half a picture off.
    """
    last = round(scene.first_duration * FPS) - 1
    with np.errstate(invalid="ignore"):
        places = np.floor(moments_of(scene, FPS) * FPS + 1e-6)
    taken: list[float] = ((np.clip(places, 0, last) + 0.5) / FPS).tolist()
    return taken


def film_of(scene: Scene, eye: Eye) -> NDArray[np.uint8]:
    """The pictures (T, H, W, 3)."""
    width, height = eye.pixels.size
    nothing = np.full((height, width, 3), FILL, np.uint8)
    return np.stack(
        [
            image_of(scene, eye, moment) if np.isfinite(moment) else nothing
            for moment in exposures_of(scene)
        ]
    )
