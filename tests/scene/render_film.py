"""The film of the scene: a picture in the middle of each span of time, as the eye sways."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_picture import FILL, image_of
from tests.scene.scene import Eye, Scene

__all__ = ["FPS", "film_of", "moments_of"]

FPS = 8.0
"""Pictures in a second."""


def moments_of(scene: Scene, rate: float) -> NDArray[np.float64]:
    """For each span of 1/rate seconds, the first time line's moment in its middle; NaN for none."""
    count = max(1, round(scene.duration * rate))
    return np.asarray(scene.moment((np.arange(count) + 0.5) / rate), dtype=np.float64)


def film_of(scene: Scene, eye: Eye) -> NDArray[np.uint8]:
    """The pictures (T, H, W, 3)."""
    width, height = eye.pixels.size
    nothing = np.full((height, width, 3), FILL, np.uint8)
    return np.stack(
        [
            image_of(scene, eye, moment) if np.isfinite(moment) else nothing
            for moment in moments_of(scene, FPS).tolist()
        ]
    )
