"""8-bit levels through tables, and colours turned on their wheel."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.backends.opencv.sampling import Picture

try:
    from stringzilla import translate as _translate
except ImportError:  # cv2.LUT does the same, five times slower
    _translate = None

__all__ = ["lookup", "shift_hue"]


def lookup(
    picture: NDArray[np.uint8], table: NDArray[np.uint8], *, own: bool = False
) -> NDArray[np.uint8]:
    """Each level of an 8-bit picture replaced by `table` of 256 entries, which is contiguous.

    A new array, or the picture itself where that is nobody else's (`own`).
    """
    if _translate is None or picture.size == 0:
        return np.asarray(cv2.LUT(picture, table), np.uint8).reshape(picture.shape)
    moved = picture if own and picture.flags.c_contiguous else np.array(picture, order="C")
    _translate(moved.reshape(-1).data, table.data, inplace=True)
    return moved


def shift_hue(
    picture: Picture, degrees: float, saturation: float = 1.0, value: float = 1.0
) -> Picture:
    """Turn the hue of an RGB picture by `degrees`, and multiply saturation and value, in HSV.

    uint8, or float32 in [0, 1]; channels beyond the third stay. 8-bit hue has steps of two degrees.
    """
    if degrees % 360.0 == 0.0 and saturation == 1.0 and value == 1.0:
        return picture.copy()
    if picture.shape[2] > 3:
        colours = shift_hue(np.ascontiguousarray(picture[..., :3]), degrees, saturation, value)
        return np.concatenate([colours, picture[..., 3:]], axis=2)
    if picture.dtype == np.uint8:
        hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
        if saturation == 1.0 and value == 1.0:
            hues = np.asarray(cv2.extractChannel(hsv, 0), np.uint8)
            turned = lookup(hues, _hue_table(round(degrees / 2.0) % 180), own=True)
            cv2.insertChannel(turned, hsv, 0)
            return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
        levels = np.arange(256, dtype=np.float64)
        tables = (
            (levels + round(degrees / 2.0)) % 180.0,
            np.clip(np.rint(levels * saturation), 0.0, 255.0),
            np.clip(np.rint(levels * value), 0.0, 255.0),
        )
        table = np.stack(tables, axis=1).astype(np.uint8)[None]
        return cv2.cvtColor(cv2.LUT(hsv, table), cv2.COLOR_HSV2RGB)
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    hue, colour, light = cv2.split(hsv)
    hue += np.float32(degrees % 360.0)
    hue[hue >= 360.0] -= np.float32(360.0)
    if saturation != 1.0:
        colour = np.clip(colour * np.float32(saturation), 0.0, 1.0)
    if value != 1.0:
        light = np.clip(light * np.float32(value), 0.0, 1.0)
    moved = cv2.cvtColor(cv2.merge([hue, colour, light]), cv2.COLOR_HSV2RGB)
    return np.clip(moved, 0.0, 1.0, out=moved)


@cache
def _hue_table(steps: int) -> NDArray[np.uint8]:
    """8-bit hues, of two degrees each, turned by so many steps."""
    return ((np.arange(256) + steps) % 180).astype(np.uint8)
