"""Pictures under tone maps: stages of light and colour, in their order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.kernels.channels import Channels, on_levels
from syncaug.maps.tone import Light, ToneMap, light_table

__all__ = ["recolour"]

_BYTES = np.dtype(np.uint8)


def recolour(
    picture: NDArray[Any], tone: ToneMap, channels: Channels, *, own: bool = False
) -> NDArray[Any]:
    """The picture with all stages applied to its colours, and its other channels as they were.

    A picture that is nobody else's (`own`) may be changed itself.
    """
    stages = tone.stages
    if picture.dtype == _BYTES and channels.colours == (picture.shape[2:] or (1,))[0]:
        if len(stages) == 1 and isinstance(stages[0], Light):  # as most are
            return opencv.lookup(picture, light_table((stages[0],)), own=own)
        return _toned(picture, tone, own)
    return on_levels(picture, channels.colours, lambda colours: _toned(colours, tone, own))


def _toned(picture: NDArray[Any], tone: ToneMap, own: bool) -> NDArray[Any]:
    """Apply the stages in order; runs of light stages become one table on 8-bit pictures."""
    run: list[Light] = []
    for stage in (*tone.stages, None):
        if isinstance(stage, Light):
            run.append(stage)
            continue
        if run:
            picture, own = _lit(picture, tuple(run), own), True
            run = []
        if stage is not None and picture.ndim == 3 and picture.shape[2] == 3:
            picture = opencv.shift_hue(
                picture, stage.hue, 1.0 + stage.saturation, 1.0 + stage.value
            )
            own = True
        elif stage is not None and stage.value:
            picture, own = _lit(picture, (Light(value=stage.value),), own), True
    return picture


def _lit(picture: NDArray[Any], stages: tuple[Light, ...], own: bool) -> NDArray[Any]:
    if picture.dtype == _BYTES:
        return opencv.lookup(picture, light_table(stages), own=own)
    lit = stages[0].apply(picture, out=picture if own else None)
    for stage in stages[1:]:
        stage.apply(lit, out=lit)
    return lit
