"""Pictures through one matrix: an exact copy where that will do, else one resampling."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from syncaug import limits
from syncaug.backends.opencv.copies import NEARLY, copied, copy_of
from syncaug.backends.opencv.four_channels import (
    LEAST_FOR_FOUR,
    faster_with_four,
    from_four,
    to_four,
)
from syncaug.backends.opencv.sampling import (
    FLAGS,
    KNOWN,
    Fill,
    Picture,
    by_channels,
    copied_alike,
    require_side,
)
from syncaug.maps.numbers import Matrix, Nine, adjugate, as_matrix, as_nine, product
from syncaug.maps.plane import Size

__all__ = ["require_sides", "warp", "warped"]

_HALF = 0.5 + 1e-6
_SEVERAL = (list, tuple)
_PREFILTER_BELOW = {"linear": 0.5, "cubic": 0.5, "area": 1.0 - 1e-6, "nearest": 0.0}
"""Pictures that shrink by more than this are averaged first, so that nothing aliases."""


def warp(
    picture: Picture, matrix: Matrix, size: Size, interpolation: str = "linear", fill: Fill = 0
) -> Picture:
    """The picture after a projective map of pixels to pixels, of the new `size` (width, height).

    `picture` is HxW or HxWxC of any number of channels; what lies outside it is `fill`.
    `interpolation` is nearest (any dtype, values survive exactly), linear, cubic or area. Flips,
    quarter turns and shifts by whole pixels are exact copies. Pictures that shrink below half
    their size are averaged first, so that nothing aliases.
    """
    return warped(picture, as_nine(matrix), size, interpolation, fill)


def warped(
    picture: Picture, numbers: Nine, size: Size, interpolation: str = "linear", fill: Fill = 0
) -> Picture:
    """As `warp`, for a matrix that is nine numbers."""
    a, b, _, d, e, _, g, h, i = numbers
    if -NEARLY <= abs(a) + abs(b) - 1.0 <= NEARLY:  # else it turns or scales, as most do
        copy = copy_of(numbers)
        if copy is not None:
            return copied(picture, copy, size, fill)
    affine = g == h == 0.0 and i == 1.0
    known = picture.dtype in KNOWN
    limit = _PREFILTER_BELOW[interpolation]
    if limit and known and not (affine and math.hypot(a, d) >= limit <= math.hypot(b, e)):
        smaller, rest = _shrunk(picture, numbers, limit)
        if smaller is not picture:
            copy = copy_of(rest)
            if copy is not None:
                return copied(smaller, copy, size, fill)
            picture, numbers = smaller, rest
    height, width = picture.shape[:2]
    new_width, new_height = size
    most = limits.WARP_SIDE
    if width > most or height > most or new_width > most or new_height > most:
        require_side(width, height)
        require_side(*size)
    flags = FLAGS[interpolation]
    # Within the outermost half pixel there is picture still: repeat it rather than blend with fill.
    inside = flags != cv2.INTER_NEAREST and _all_inside(numbers, size, width, height)
    border = cv2.BORDER_REPLICATE if inside else cv2.BORDER_CONSTANT
    function = cv2.warpAffine if affine else cv2.warpPerspective
    matrix = np.fromiter(numbers, np.float64, 6).reshape(2, 3) if affine else as_matrix(numbers)
    channels = picture.shape[2] if picture.ndim == 3 else 0
    copies = flags == cv2.INTER_NEAREST and not copied_alike(picture)
    if not known or channels == 1 or channels > 4 or copies:
        resample = _resampler(function, matrix, size, flags, border)
        return by_channels(picture, resample, flags, fill)
    four = channels == 3 and width * height >= LEAST_FOR_FOUR and faster_with_four(picture, flags)
    source = to_four(picture) if four else picture
    value = (*fill, 0) if isinstance(fill, _SEVERAL) else (fill,) * 4
    moved = function(source, matrix, size, None, flags, border, value)
    return from_four(moved) if four else moved


def _resampler(
    function: Callable[..., Picture], matrix: Matrix, size: Size, flags: int, border: int
) -> Callable[[Picture, Any], Picture]:
    """What resamples a part of a picture's channels, given their fill."""
    return lambda part, value: function(part, matrix, size, None, flags, border, value)


def require_sides(source: Size, numbers: Nine, target: Size) -> None:
    """Raise OverLimitError where OpenCV cannot warp pictures of one of the sizes.

    What is copied (flips, quarter turns, shifts by whole pixels) may be of any size.
    """
    if copy_of(numbers) is None:
        require_side(*source)
        require_side(*target)


def _shrunk(picture: Picture, numbers: Nine, limit: float) -> tuple[Picture, Nine]:
    """The picture averaged to about the scale at which the map shows it, and the rest of the map.

    The very same picture and map where neither axis shrinks below `limit`.
    """
    height, width = picture.shape[:2]
    across, down = _scales(numbers, (width - 1) / 2, (height - 1) / 2)
    if across >= limit and down >= limit:
        return picture, numbers
    new_width = max(1, round(width * across)) if across < limit else width
    new_height = max(1, round(height * down)) if down < limit else height
    if new_width == width and new_height == height:
        return picture, numbers
    smaller = _averaged(picture, (new_width, new_height))
    kx, ky = width / new_width, height / new_height
    grow = (kx, 0.0, (kx - 1) / 2, 0.0, ky, (ky - 1) / 2, 0.0, 0.0, 1.0)
    return smaller, product(numbers, grow)


def _averaged(picture: Picture, size: Size) -> Picture:
    """The picture at a smaller size, each pixel the mean of what it covers."""
    channels = picture.shape[2] if picture.ndim == 3 else 0
    if channels <= 4:
        smaller: Picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        return smaller[:, :, None] if smaller.ndim < picture.ndim else smaller
    parts = []
    for first in range(0, channels, 4):  # OpenCV averages no more at a time
        part = np.ascontiguousarray(picture[:, :, first : first + 4])
        parts.append(_averaged(part, size))
    return np.concatenate(parts, axis=2)


def _scales(numbers: Nine, x: float, y: float) -> tuple[float, float]:
    """By how much a step in x, and one in y, grows at a pixel; infinite where it has no image."""
    a, b, c, d, e, f, g, h, i = numbers
    if g == h == 0.0 and i == 1.0:
        return math.hypot(a, d), math.hypot(b, e)
    weight = g * x + h * y + i
    if abs(weight) < 1e-12:
        return math.inf, math.inf
    u, v = (a * x + b * y + c) / weight, (d * x + e * y + f) / weight
    return (
        math.hypot(a - u * g, d - v * g) / abs(weight),
        math.hypot(b - u * h, e - v * h) / abs(weight),
    )


def _all_inside(numbers: Nine, size: Size, width: int, height: int) -> bool:
    """Whether every target pixel shows the picture, so that there is no fill."""
    right, bottom = width - 1 + _HALF, height - 1 + _HALF
    a, b, c, d, e, f, g, h, i = numbers
    if g == h == 0.0 and i == 1.0:  # of what turns, the first corner tells in nearly all cases
        size_kept = a * e - b * d
        if size_kept:
            x, y = (b * f - c * e) / size_kept, (c * d - a * f) / size_kept
            if not (-_HALF <= x <= right and -_HALF <= y <= bottom):
                return False
    # The adjugate is the inverse up to a factor, which the division by the weight removes.
    a, b, c, d, e, f, g, h, i = adjugate(numbers)
    sign = math.copysign(1.0, i)
    for u in (0.0, size[0] - 1.0):
        for v in (0.0, size[1] - 1.0):
            weight = g * u + h * v + i
            if weight * sign <= 0.0:
                return False
            x, y = (a * u + b * v + c) / weight, (d * u + e * v + f) / weight
            if not (-_HALF <= x <= right and -_HALF <= y <= bottom):
                return False
    return True
