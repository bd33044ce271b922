"""Flips, quarter turns, crops and shifts by whole pixels: exact copies, of any dtype and size."""

from __future__ import annotations

import cv2
import numpy as np

from syncaug.backends.opencv.sampling import KNOWN, Fill, Picture, canvas, drawable
from syncaug.maps.numbers import Nine
from syncaug.maps.plane import Size

__all__ = ["NEARLY", "Copy", "copied", "copy_of", "only_copies"]

Copy = tuple[int, int, int, int, int, int]
"""The upper two rows of a matrix of whole numbers that takes pixels to pixels, row by row."""
_EXACT = 1e-9
NEARLY = 1e-8
"""By how much the first two numbers of a matrix that only moves pixels may miss 1 together."""
_SIGNS = (1.0, -1.0)
_MOST_FLIPPED = 128
"""Channels that OpenCV flips; it transposes four."""
_SMALL_PIXEL = 16
_EVEN_PIXELS = (24, 32)
"""Bytes of a pixel up to which OpenCV is faster than numpy to flip sideways, and those above it."""


def copy_of(numbers: Nine) -> Copy | None:
    """The whole numbers of a matrix that moves pixels to pixels without scaling them; else None."""
    a, b, x, c, d, y, g, h, i = numbers
    if g != 0.0 or h != 0.0 or i != 1.0:
        return None
    if b == c == 0.0 and a in _SIGNS and d in _SIGNS and x % 1.0 == y % 1.0 == 0.0:
        return int(a), 0, int(x), 0, int(d), int(y)  # a flip, a crop or a shift, as most are
    if not -NEARLY <= abs(a) + abs(b) - 1.0 <= NEARLY:
        return None  # as of all that turns or scales
    p, q = round(a), round(b)
    if abs(a - p) > _EXACT or abs(b - q) > _EXACT or abs(p) + abs(q) != 1:
        return None
    r, s, u, v = round(c), round(d), round(x), round(y)
    if abs(c - r) > _EXACT or abs(d - s) > _EXACT or abs(p) != abs(s) or abs(q) != abs(r):
        return None
    return None if abs(x - u) > _EXACT or abs(y - v) > _EXACT else (p, q, u, r, s, v)


def only_copies(numbers: Nine) -> bool:
    """Whether a matrix of nine numbers moves pixels to pixels, so that nothing is resampled."""
    return copy_of(numbers) is not None


def copied(picture: Picture, copy: Copy, size: Size, fill: Fill) -> Picture:
    """The picture after such a map, as a new contiguous array; `fill` where it does not reach."""
    a, b, tx, c, d, ty = copy
    width, height = size
    rows, columns = picture.shape[:2]
    sign_x, sign_y = a + b, c + d
    turned_columns, turned_rows = (columns, rows) if a else (rows, columns)
    left = tx if sign_x > 0 else tx - (turned_columns - 1)
    top = ty if sign_y > 0 else ty - (turned_rows - 1)
    if left == top == 0 and turned_columns == width and turned_rows == height:
        return _turned(picture, a != 0, sign_x < 0, sign_y < 0)
    # The part of the turned picture that is seen, then the same part of the picture itself.
    x0, x1 = max(0, -left), min(turned_columns, width - left)
    y0, y1 = max(0, -top), min(turned_rows, height - top)
    if x0 >= x1 or y0 >= y1:
        return canvas(picture, size, fill)
    across = (x0, x1) if sign_x > 0 else (turned_columns - x1, turned_columns - x0)
    down = (y0, y1) if sign_y > 0 else (turned_rows - y1, turned_rows - y0)
    (r0, r1), (c0, c1) = (down, across) if a else (across, down)
    turned = _turned(picture[r0:r1, c0:c1], a != 0, sign_x < 0, sign_y < 0)
    if (x1 - x0, y1 - y0) == (width, height):
        return turned
    shifted = canvas(picture, size, fill)
    shifted[top + y0 : top + y1, left + x0 : left + x1] = turned
    return shifted


def _turned(part: Picture, upright: bool, flip_x: bool, flip_y: bool) -> Picture:
    """A new contiguous array: transposed unless `upright`, then flipped."""
    if upright and not (flip_x or flip_y):
        return part.copy()
    if upright and part.dtype in KNOWN and part.flags.c_contiguous and part.size and part.ndim == 3:
        channels = part.shape[2]
        if 1 < channels <= _MOST_FLIPPED:
            size = channels * part.itemsize
            if flip_x and size > _SMALL_PIXEL and size not in _EVEN_PIXELS:
                rows = part[::-1] if flip_y else part
                return rows.take(np.arange(part.shape[1] - 1, -1, -1), axis=1)
            return cv2.flip(part, -1 if flip_x and flip_y else int(flip_x))
    if drawable(part) and part.size:
        moved: Picture = part
        if not upright:
            moved = cv2.transpose(np.ascontiguousarray(moved))
        if flip_x or flip_y:
            moved = cv2.flip(moved, -1 if flip_x and flip_y else int(flip_x))
        return moved if moved.ndim == part.ndim else moved[:, :, None]
    moved = part if upright else part.swapaxes(0, 1)
    moved = moved[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    return moved.copy(order="C")
