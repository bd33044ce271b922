"""Pictures and masks of a known kind as functions: one warp, and one change of tones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug import limits
from syncaug.backends import opencv
from syncaug.kernels.recolour import recolour
from syncaug.maps.plane import PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.flat import FlatLane

if TYPE_CHECKING:
    from syncaug.modalities.plane.raster import RasterRules

__all__ = ["flat_image", "flat_mask"]


def flat_image(rules: RasterRules) -> FlatLane:
    """The functions of pictures of levels, of the kinds that a carrier has already let in."""
    plain, fill = rules.plain, rules.fill

    def admits(value: Any) -> bool:
        known = plain.get((value.dtype, value.ndim, value.shape[2:]))
        return known is not None and not known.backward and value.size > 0

    def carry(
        value: Any, plane: PlaneMap | None, tone: ToneMap | None, world: WorldMap | None
    ) -> Any:
        picture = value
        if plane is not None:
            if plane.size != plane.source and _is_too_large(plane, value):
                return None
            numbers, _, size, _, windows = plane
            if windows:
                picture = opencv.warp_map(value, plane, "linear", fill)
            else:
                picture = opencv.warped(value, numbers, size, "linear", fill)
        if tone is not None:
            channels = plain[value.dtype, value.ndim, value.shape[2:]]
            if not channels.hued and tone.recolours:
                return None
            return recolour(picture, tone, channels, own=plane is not None)
        return picture

    return FlatLane(np.ndarray, admits, carry, lit=True)


def flat_mask(rules: RasterRules) -> FlatLane | None:
    """The functions of masks of the kinds that a carrier has already let in.

    None where numbers trade places in a mirror.
    """
    plain, fill = rules.plain, rules.fill
    if rules.sides.pairs:
        return None

    def admits(value: Any) -> bool:
        return (value.dtype, value.ndim, value.shape[2:]) in plain and value.size > 0

    def carry(
        value: Any, plane: PlaneMap | None, tone: ToneMap | None, world: WorldMap | None
    ) -> Any:
        if plane is None:
            return value
        if plane.size != plane.source and _is_too_large(plane, value):
            return None
        return opencv.warp_map(value, plane, "nearest", fill)

    return FlatLane(np.ndarray, admits, carry)


def _is_too_large(plane: PlaneMap, picture: Any) -> bool:
    """Whether a carrier refuses the size of a map's picture."""
    width, height = plane.size
    channels = picture.shape[2] if picture.ndim == 3 else 1
    return bool(width * height * channels > limits.ELEMENTS)
