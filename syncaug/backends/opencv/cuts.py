"""Pictures through plane maps with all that was cut on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from syncaug.backends.opencv.sampling import Fill, Picture, canvas, drawable, pixel
from syncaug.backends.opencv.warps import warped
from syncaug.maps.numbers import product
from syncaug.maps.plane import PlaneMap, Size

__all__ = ["warp_map"]


def warp_map(
    picture: Picture, plane: PlaneMap, interpolation: str = "linear", fill: Fill = 0
) -> Picture:
    """The picture after a plane map, as `warp` does it: one resampling, and its cuts are `fill`.

    A cut of whole pixels is a part of the picture, from which the warp starts; of any other the
    outside is filled, and only the rectangle around its inside is warped.
    """
    numbers, _, size, _, windows = plane
    if plane.shows_all:
        return warped(picture, numbers, size, interpolation, fill)
    if windows:
        left, top, right, bottom = plane.excerpt
        if right > left and bottom > top and (right - left, bottom - top) != plane.source:
            picture = picture[top:bottom, left:right]
            numbers = plane.from_excerpt
    shown = plane.shown
    if shown is None:
        return warped(picture, numbers, size, interpolation, fill)
    left, top, right, bottom = _around(shown, size)
    if (right - left) * (bottom - top) > _WORTH_A_PART * size[0] * size[1]:
        return _filled_around(warped(picture, numbers, size, interpolation, fill), shown, fill)
    whole = canvas(picture, size, pixel(fill, picture))
    if right > left and bottom > top:
        shift = (1.0, 0.0, -float(left), 0.0, 1.0, -float(top), 0.0, 0.0, 1.0)
        part_size = (right - left, bottom - top)
        part = warped(picture, product(shift, numbers), part_size, interpolation, fill)
        inside = [(x - left, y - top) for x, y in shown]
        whole[top:bottom, left:right] = _filled_around(part, inside, fill)
    return whole


_WORTH_A_PART = 0.75
"""The share of a picture above which warping only a part of it gains nothing."""


def _around(shown: Sequence[tuple[float, float]], size: Size) -> tuple[int, int, int, int]:
    """The pixels of a picture that a polygon may reach: left, top, right, bottom."""
    if not len(shown):
        return 0, 0, 0, 0
    x, y = zip(*shown, strict=True)
    return (
        max(0, math.floor(min(x)) - 1),
        max(0, math.floor(min(y)) - 1),
        min(size[0], math.ceil(max(x)) + 2),
        min(size[1], math.ceil(max(y)) + 2),
    )


_OUTLINE = 0.5
"""Pixels by which what OpenCV draws reaches beyond its polygon."""
_SUBPIXEL = 8
"""Bits after the point in coordinates of what is drawn."""
_HALF_PIXEL = 1 << _SUBPIXEL - 1


def _filled_around(picture: Picture, shown: Sequence[tuple[float, float]], fill: Fill) -> Picture:
    """The picture with everything outside of a convex polygon filled, to half a pixel."""
    height, width = picture.shape[:2]
    if not len(shown):
        return canvas(picture, (width, height), fill)
    x, y = (_outline(side) for side in zip(*shown, strict=True))
    upright = _upright(x, y)
    if upright is not None:
        left, top, right, bottom = upright
        outside = pixel(fill, picture)
        picture[:top] = outside
        picture[bottom:] = outside
        picture[top:bottom, :left] = outside
        picture[top:bottom, right:] = outside
        return picture
    frame = [[-8, -8], [width + 8, -8], [width + 8, height + 8], [-8, height + 8]]
    outline = [np.array(frame, np.int32) << _SUBPIXEL, np.array([x, y], np.int32).T]
    if drawable(picture):
        value = tuple(map(float, fill)) if isinstance(fill, Sequence) else (float(fill),) * 4
        cv2.fillPoly(picture, outline, value, shift=_SUBPIXEL)
        return picture
    hidden = np.zeros((height, width), np.uint8)
    cv2.fillPoly(hidden, outline, 1, shift=_SUBPIXEL)
    picture[hidden != 0] = np.asarray(fill).astype(picture.dtype)
    return picture


def _outline(side: Sequence[float]) -> list[int]:
    """One coordinate of a polygon's corners, in parts of pixels, drawn out by an outline."""
    middle = sum(side) / len(side)
    return [
        round((place + _OUTLINE * ((place > middle) - (place < middle))) * 2**_SUBPIXEL)
        for place in side
    ]


def _upright(x: list[int], y: list[int]) -> tuple[int, int, int, int] | None:
    """The pixels inside of an outline that is an upright rectangle; None of any other.

    Those through which it runs are outside.
    """
    if len(x) != 4 or len(set(x)) != 2 or len(set(y)) != 2:
        return None
    left = max(0, (min(x) + _HALF_PIXEL >> _SUBPIXEL) + 1)
    top = max(0, (min(y) + _HALF_PIXEL >> _SUBPIXEL) + 1)
    right, bottom = max(x) + _HALF_PIXEL >> _SUBPIXEL, max(y) + _HALF_PIXEL >> _SUBPIXEL
    return left, top, max(left, right), max(top, bottom)
