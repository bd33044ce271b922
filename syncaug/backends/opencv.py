"""OpenCV: pictures through maps, tables and colour spaces; points through matrices.

Pixel centres lie on integers, so the matrices of `syncaug.maps.plane` are OpenCV's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug import limits
from syncaug.maps.plane import FieldMap, PlaneMap, Size

try:
    from stringzilla import translate as _translate
except ImportError:  # cv2.LUT does the same, five times slower
    _translate = None

__all__ = [
    "blend",
    "blurred",
    "instruction_sets",
    "lookup",
    "remap",
    "require_sides",
    "shift_hue",
    "threads",
    "transform_points",
    "warp",
    "warp_map",
]

Picture = NDArray[Any]
_Fill = float | Sequence[float]
_FLAGS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_LINEAR,
}
_INTERPOLABLE = tuple(map(np.dtype, (np.uint8, np.uint16, np.int16, np.float32, np.float64)))
_EXACT = 1e-9
_HALF = 0.5 + 1e-6
_PREFILTER_BELOW = {"linear": 0.5, "cubic": 0.5, "area": 1.0 - 1e-6, "nearest": 0.0}
"""Pictures that shrink by more than this are averaged first, so that nothing aliases."""


def warp_map(
    picture: Picture, plane: PlaneMap, interpolation: str = "linear", fill: _Fill = 0
) -> Picture:
    """The picture after a plane map, as `warp` does it: one resampling, and its cuts are `fill`.

    A cut of whole pixels is a part of the picture, from which the warp starts; of any other the
    outside is filled, and only the rectangle around its inside is warped.
    """
    matrix = plane.matrix
    if plane.windows:
        left, top, right, bottom = plane.excerpt
        if right > left and bottom > top and (right - left, bottom - top) != plane.source:
            picture = picture[top:bottom, left:right]
            matrix = plane.from_excerpt
    shown = plane.shown
    if shown is None:
        return warp(picture, matrix, plane.size, interpolation, fill)
    left, top, right, bottom = _around(shown, plane.size)
    if (right - left) * (bottom - top) > _WORTH_A_PART * plane.size[0] * plane.size[1]:
        return _filled_around(warp(picture, matrix, plane.size, interpolation, fill), shown, fill)
    canvas = _canvas(picture, plane.size, _pixel(fill, picture))
    if right > left and bottom > top:
        matrix = _shifted_by(left, top) @ matrix
        part = warp(picture, matrix, (right - left, bottom - top), interpolation, fill)
        inside = [(x - left, y - top) for x, y in shown]
        canvas[top:bottom, left:right] = _filled_around(part, inside, fill)
    return canvas


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


def _shifted_by(left: int, top: int) -> NDArray[np.float64]:
    return np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]])


def _pixel(fill: _Fill, picture: Picture) -> Any:
    """A fill as the picture holds it; whole numbers are rounded where OpenCV rounds them."""
    drawable = picture.dtype in _INTERPOLABLE and (picture.ndim == 2 or picture.shape[2] <= 4)
    whole = drawable and picture.dtype.kind != "f"
    return np.asarray(np.rint(fill) if whole else fill).astype(picture.dtype)


_OUTLINE = 0.5
"""Pixels by which what OpenCV draws reaches beyond its polygon."""
_SUBPIXEL = 8
"""Bits after the point in coordinates of what is drawn."""
_HALF_PIXEL = 1 << _SUBPIXEL - 1


def _filled_around(picture: Picture, shown: Sequence[tuple[float, float]], fill: _Fill) -> Picture:
    """The picture with everything outside of a convex polygon filled, to half a pixel."""
    height, width = picture.shape[:2]
    if not len(shown):
        return _canvas(picture, (width, height), fill)
    x, y = (_outline(side) for side in zip(*shown, strict=True))
    upright = _upright(x, y)
    if upright is not None:
        left, top, right, bottom = upright
        pixel = _pixel(fill, picture)
        picture[:top] = pixel
        picture[bottom:] = pixel
        picture[top:bottom, :left] = pixel
        picture[top:bottom, right:] = pixel
        return picture
    frame = [[-8, -8], [width + 8, -8], [width + 8, height + 8], [-8, height + 8]]
    outline = [np.array(frame, np.int32) << _SUBPIXEL, np.array([x, y], np.int32).T]
    if picture.dtype in _INTERPOLABLE and (picture.ndim == 2 or picture.shape[2] <= 4):
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


def warp(
    picture: Picture,
    matrix: NDArray[np.float64],
    size: Size,
    interpolation: str = "linear",
    fill: _Fill = 0,
) -> Picture:
    """The picture after a projective map of pixels to pixels, of the new `size` (width, height).

    `picture` is HxW or HxWxC of any number of channels; what lies outside it is `fill`.
    `interpolation` is nearest (any dtype, values survive exactly), linear, cubic or area. Flips,
    quarter turns and shifts by whole pixels are exact copies. Pictures that shrink below half
    their size are averaged first, so that nothing aliases.
    """
    moved = _rearranged(picture, matrix, size, fill)
    if moved is not None:
        return moved
    limit = _PREFILTER_BELOW[interpolation]
    if limit and picture.dtype in _INTERPOLABLE:
        smaller, rest = _shrunk(picture, matrix, limit)
        if smaller is not picture:
            moved = _rearranged(smaller, rest, size, fill)
            if moved is not None:
                return moved
            picture, matrix = smaller, rest
    _require_side(*picture.shape[1::-1])
    _require_side(*size)
    flags = _FLAGS[interpolation]
    # Within the outermost half pixel there is picture still: repeat it rather than blend with fill.
    inside = flags != cv2.INTER_NEAREST and _all_inside(matrix, size, picture)
    border = cv2.BORDER_REPLICATE if inside else cv2.BORDER_CONSTANT
    affine = matrix[2, 0] == 0.0 and matrix[2, 1] == 0.0 and matrix[2, 2] == 1.0
    function, matrix = (cv2.warpAffine, matrix[:2]) if affine else (cv2.warpPerspective, matrix)
    if picture.dtype in _INTERPOLABLE and (picture.ndim == 2 or 2 <= picture.shape[2] <= 4):
        value = (*fill, 0) if isinstance(fill, Sequence) else (fill,) * 4
        if picture.ndim == 3 and picture.shape[2] == 3 and _faster_with_four(picture, flags):
            # The same bits: OpenCV's kernels for four channels are vectorised, for three are not.
            four = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
            moved = function(four, matrix, size, flags=flags, borderMode=border, borderValue=value)
            return cv2.cvtColor(moved, cv2.COLOR_RGBA2RGB)
        return function(picture, matrix, size, flags=flags, borderMode=border, borderValue=value)

    def resample(part: Picture, value: Any) -> Picture:
        return function(part, matrix, size, flags=flags, borderMode=border, borderValue=value)

    return _by_channels(picture, resample, flags, fill)


def require_sides(source: Size, matrix: NDArray[np.float64], target: Size) -> None:
    """Raise OverLimitError where OpenCV cannot warp pictures of one of the sizes.

    What is copied (flips, quarter turns, shifts by whole pixels) may be of any size.
    """
    if _copied(matrix) is None:
        _require_side(*source)
        _require_side(*target)


def _require_side(width: int, height: int) -> None:
    side = max(width, height)
    if side > limits.WARP_SIDE:
        limits.require(
            side, limits.WARP_SIDE, f"a warp of {width}x{height} pixels", "pixels a side"
        )


def _faster_with_four(picture: Picture, flags: int) -> bool:
    """Whether a detour over four channels pays: measured on pictures of 16 to 1024 pixels.

    Cubic and nearest sampling gain nothing from it, and lose up to a third.
    """
    if flags != cv2.INTER_LINEAR:
        return False
    pixels = picture.shape[0] * picture.shape[1]
    if picture.dtype == np.uint8:
        return bool(pixels >= 48 * 48)
    return bool(picture.dtype == np.float32 and 48 * 48 <= pixels <= 640 * 640)


def remap(
    picture: Picture, field: FieldMap, interpolation: str = "linear", fill: _Fill = 0
) -> Picture:
    """The picture resampled along a field; `fill` where the field is not valid."""
    for width, height in (picture.shape[1::-1], field.field.shape[1::-1]):
        _require_side(width, height)
    flags = _FLAGS[interpolation]
    x, y = np.ascontiguousarray(field.field[..., 0]), np.ascontiguousarray(field.field[..., 1])

    def resample(part: Picture, value: Any) -> Picture:
        return cv2.remap(part, x, y, flags, borderMode=cv2.BORDER_REPLICATE)

    moved = _by_channels(picture, resample, flags, fill)
    if not field.valid.all():
        moved[~field.valid] = np.asarray(fill, moved.dtype)
    return moved


def lookup(picture: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each level of an 8-bit picture replaced by `table` of 256 entries; a new array."""
    if _translate is None or picture.size == 0:
        return np.asarray(cv2.LUT(picture, table), np.uint8).reshape(picture.shape)
    moved = np.array(picture, order="C")
    _translate(moved.reshape(-1).data, np.ascontiguousarray(table).data, inplace=True)
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
            turned = lookup(hues, _hue_table(round(degrees / 2.0) % 180))
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


def blend(picture: Picture, other: Picture, share: float) -> Picture:
    """(1 - share) of one picture plus `share` of another of the same dtype and shape."""
    mixed: Picture = cv2.addWeighted(picture, 1.0 - share, other, share, 0.0)
    return mixed.reshape(picture.shape)


def blurred(field: NDArray[np.float32], pixels: float) -> NDArray[np.float32]:
    """A field (H, W) under a Gaussian whose standard deviation is in pixels."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), pixels), dtype=np.float32)


def transform_points(points: Picture, matrix: NDArray[np.float64]) -> Picture:
    """Points (N, 3), float32 or float64, moved by a 4x4 matrix whose last row is 0 0 0 1."""
    if len(points) == 0:
        return points.copy()
    moved = cv2.transform(np.ascontiguousarray(points)[None], matrix[:3])
    return np.asarray(moved[0])


def _rearranged(
    picture: Picture, matrix: NDArray[np.float64], size: Size, fill: _Fill
) -> Picture | None:
    """The exact result of a flip, a quarter turn, a crop or a shift by whole pixels; else None."""
    copied = _copied(matrix)
    if copied is None:
        return None
    (a, b, tx), (c, d, ty) = copied
    width, height = size
    rows, columns = picture.shape[:2]
    sign_x, sign_y = a + b, c + d
    turned_columns, turned_rows = (columns, rows) if a else (rows, columns)
    left = tx if sign_x > 0 else tx - (turned_columns - 1)
    top = ty if sign_y > 0 else ty - (turned_rows - 1)
    # The part of the turned picture that is seen, then the same part of the picture itself.
    x0, x1 = max(0, -left), min(turned_columns, width - left)
    y0, y1 = max(0, -top), min(turned_rows, height - top)
    if x0 >= x1 or y0 >= y1:
        return _canvas(picture, size, fill)
    across = (x0, x1) if sign_x > 0 else (turned_columns - x1, turned_columns - x0)
    down = (y0, y1) if sign_y > 0 else (turned_rows - y1, turned_rows - y0)
    (r0, r1), (c0, c1) = (down, across) if a else (across, down)
    part = picture[r0:r1, c0:c1]
    turned = _turned(part, bool(a), sign_x < 0, sign_y < 0)
    if (x1 - x0, y1 - y0) == (width, height):
        return turned
    canvas = _canvas(picture, size, fill)
    canvas[top + y0 : top + y1, left + x0 : left + x1] = turned
    return canvas


def _copied(
    matrix: NDArray[np.float64],
) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """The rows of a matrix that moves pixels to pixels without scaling them; else None."""
    row_x, row_y, row_w = matrix.tolist()
    if row_w != [0.0, 0.0, 1.0]:
        return None
    for entry in (*row_x, *row_y):
        if abs(entry - round(entry)) > _EXACT:
            return None
    a, b, tx = map(round, row_x)
    c, d, ty = map(round, row_y)
    if not (abs(a) == abs(d) and abs(b) == abs(c) and abs(a) + abs(b) == 1):
        return None
    return (a, b, tx), (c, d, ty)


def _turned(part: Picture, upright: bool, flip_x: bool, flip_y: bool) -> Picture:
    """A new contiguous array: transposed unless `upright`, then flipped."""
    if part.dtype in _INTERPOLABLE and part.size:
        channels_last = part.ndim == 3 and part.shape[2] == 1
        moved: Picture = part
        if not upright:
            moved = cv2.transpose(np.ascontiguousarray(moved))
        if flip_x or flip_y:
            moved = cv2.flip(moved, -1 if flip_x and flip_y else int(flip_x))
        if channels_last and moved.ndim == 2:
            moved = moved[:, :, None]
        return part.copy() if moved is part else np.ascontiguousarray(moved)
    moved = part if upright else part.swapaxes(0, 1)
    moved = moved[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    return moved.copy(order="C")


def _canvas(picture: Picture, size: Size, fill: _Fill) -> Picture:
    canvas = np.empty((size[1], size[0], *picture.shape[2:]), picture.dtype)
    canvas[...] = np.asarray(fill).astype(picture.dtype)
    return canvas


def _shrunk(
    picture: Picture, matrix: NDArray[np.float64], limit: float
) -> tuple[Picture, NDArray[np.float64]]:
    """The picture averaged to about the scale at which the map shows it, and the rest of the map.

    The very same picture and map where neither axis shrinks below `limit`.
    """
    height, width = picture.shape[:2]
    across, down = _scales(matrix, (width - 1) / 2, (height - 1) / 2)
    new_width = max(1, round(width * across)) if across < limit else width
    new_height = max(1, round(height * down)) if down < limit else height
    if new_width == width and new_height == height:
        return picture, matrix
    smaller = cv2.resize(picture, (new_width, new_height), interpolation=cv2.INTER_AREA)
    if smaller.ndim < picture.ndim:
        smaller = smaller[:, :, None]
    kx, ky = width / new_width, height / new_height
    grow = np.array([[kx, 0.0, (kx - 1) / 2], [0.0, ky, (ky - 1) / 2], [0.0, 0.0, 1.0]])
    return smaller, matrix @ grow


def _scales(matrix: NDArray[np.float64], x: float, y: float) -> tuple[float, float]:
    """By how much a step in x, and one in y, grows at a pixel; infinite where it has no image."""
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    weight = g * x + h * y + i
    if abs(weight) < 1e-12:
        return math.inf, math.inf
    u, v = (a * x + b * y + c) / weight, (d * x + e * y + f) / weight
    return (
        math.hypot(a - u * g, d - v * g) / abs(weight),
        math.hypot(b - u * h, e - v * h) / abs(weight),
    )


def _all_inside(matrix: NDArray[np.float64], size: Size, picture: Picture) -> bool:
    """Whether every target pixel shows the picture, so that there is no fill."""
    height, width = picture.shape[:2]
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    # The adjugate is the inverse up to a factor, which the division by the weight removes.
    inverse_x = (e * i - f * h, c * h - b * i, b * f - c * e)
    inverse_y = (f * g - d * i, a * i - c * g, c * d - a * f)
    inverse_w = (d * h - e * g, b * g - a * h, a * e - b * d)
    sign = math.copysign(1.0, inverse_w[2])
    for u in (0.0, size[0] - 1.0):
        for v in (0.0, size[1] - 1.0):
            weight = inverse_w[0] * u + inverse_w[1] * v + inverse_w[2]
            if weight * sign <= 0.0:
                return False
            x = (inverse_x[0] * u + inverse_x[1] * v + inverse_x[2]) / weight
            y = (inverse_y[0] * u + inverse_y[1] * v + inverse_y[2]) / weight
            if not (-_HALF <= x <= width - 1 + _HALF and -_HALF <= y <= height - 1 + _HALF):
                return False
    return True


def _by_channels(picture: Picture, resample: Any, flags: int, fill: _Fill) -> Picture:
    """Call `resample` on what OpenCV takes: known dtypes, at most four channels."""
    dtype, shape = picture.dtype, picture.shape
    channels = shape[2] if picture.ndim == 3 else 1
    values = np.broadcast_to(np.asarray(fill), (channels,)).astype(dtype)
    source = np.ascontiguousarray(picture)
    if dtype not in _INTERPOLABLE:
        if flags != cv2.INTER_NEAREST:
            if dtype != np.bool_ and dtype.itemsize > 4:
                raise ValueError(f"a picture of {dtype} cannot be interpolated; use nearest")
            moved = _by_channels(source.astype(np.float32), resample, flags, fill)
            bounds = (0, 1) if dtype == np.bool_ else (np.iinfo(dtype).min, np.iinfo(dtype).max)
            return np.clip(np.rint(moved), *bounds).astype(dtype)
        # Nearest only copies, so the bytes may pass as any dtype: labels survive exactly.
        unit = np.dtype({1: np.uint8, 2: np.uint16, 4: np.float32, 8: np.float64}[dtype.itemsize])
        if unit.kind == "f":
            unit = np.dtype(np.uint16)
        source = source.reshape(*shape[:2], channels).view(unit)
        values = values.view(unit)
    else:
        source = source.reshape(*shape[:2], channels)
    parts = []
    for first in range(0, source.shape[2], 4):
        part = np.ascontiguousarray(source[:, :, first : first + 4])
        moved = resample(part, tuple(map(float, values[first : first + 4])))
        parts.append(moved[:, :, None] if moved.ndim == 2 else moved)
    joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    if joined.dtype != dtype:
        joined = np.ascontiguousarray(joined).view(dtype)
    return joined.reshape(*joined.shape[:2], *shape[2:])


def threads() -> int:
    """How many threads OpenCV may use in this process."""
    return int(cv2.getNumThreads())


def instruction_sets() -> list[str]:
    """The instruction sets that OpenCV uses here: those built in, and those it found and chose."""
    line = str(cv2.getCPUFeaturesLine())  # "SSE *AVX *AVX2?": * is chosen at its start, ? is off
    return [name.removeprefix("*") for name in line.split() if not name.endswith("?")]
