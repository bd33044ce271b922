"""Plane maps read off albumentations' own params, for the transforms whose params say it all.

The others are traced (`fitting.py`), which costs a warp more; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from syncaug.maps.numbers import IDENTITY, Nine, as_nine, product
from syncaug.maps.plane import FieldMap, PlaneMap, Size

__all__ = ["READERS", "read_field", "read_map"]

_Read = tuple[Nine, Size] | None


def read_map(transform: Any, params: Mapping[str, Any], width: int, height: int) -> PlaneMap | None:
    """The map of a transform with `params` on a picture; None where it has to be traced."""
    reader = READERS.get(type(transform).__name__)
    found = None if reader is None else reader(transform, params, width, height)
    if found is None:
        return None
    numbers, size = found
    return PlaneMap(numbers, (width, height), size)


def read_field(params: Mapping[str, Any], width: int, height: int) -> FieldMap | None:
    """The field of a distortion, with true places beyond the picture too; None of all others.

    A picture of coordinates cannot tell those: under a reflecting border it shows itself again.
    """
    if "map_x" not in params:
        return None
    x, y = (np.asarray(params[key], np.float32) for key in ("map_x", "map_y"))
    valid = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return FieldMap(np.stack([x, y], axis=-1), valid, (width, height))


def _flip_x(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    return _matrix(-1, 0, width - 1, 0, 1, 0), (width, height)


def _flip_y(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    return _matrix(1, 0, 0, 0, -1, height - 1), (width, height)


def _transpose(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    return _matrix(0, 1, 0, 1, 0, 0), (height, width)


def _quarter_turns(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    return _turned(int(params["factor"]), width, height)


def _turned(quarters: int, width: int, height: int) -> tuple[Nine, Size]:
    """Counterclockwise quarter turns, as `numpy.rot90` makes them."""
    numbers, size = IDENTITY, (width, height)
    for _ in range(quarters % 4):
        numbers = product(_matrix(0, 1, 0, -1, 0, size[0] - 1), numbers)
        size = size[::-1]
    return numbers, size


def _symmetry(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    element = params["group_element"]
    if element in _TURNS:
        return _turned(_TURNS[element], width, height)
    if element == "hvt":
        numbers, (across, down) = _turned(2, width, height)
        return product(_matrix(0, 1, 0, 1, 0, 0), numbers), (down, across)
    return _MIRRORS[element](transform, params, width, height)


def _affine(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    rows, columns = (round(float(length)) for length in params["output_shape"])
    return _lifted(params["matrix"]), (columns, rows)


def _rotate(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    return None if transform.crop_border else (_lifted(params["matrix"]), (width, height))


def _perspective(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    across, down = int(params["max_width"]), int(params["max_height"])
    numbers = as_nine(params["matrix"])
    if not transform.keep_size:
        return numbers, (across, down)
    stretch = _matrix(width / across, 0, 0, 0, height / down, 0)
    return product(stretch, numbers), (width, height)


def _crop(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    if params.get("pad_params") is not None:
        return None
    left, top, right, bottom = params["crop_coords"]
    return _matrix(1, 0, -left, 0, 1, -top), (right - left, bottom - top)


def _crop_and_resize(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    left, top, right, bottom = params["crop_coords"]
    rows, columns = transform.size
    shift = _matrix(1, 0, -left, 0, 1, -top)
    scale = _scaled(right - left, bottom - top, columns, rows)
    return product(scale, shift), (columns, rows)


def _resize(transform: Any, params: Mapping[str, Any], width: int, height: int) -> _Read:
    rows, columns = transform.height, transform.width
    return _scaled(width, height, columns, rows), (columns, rows)


def _scaled(width: int, height: int, columns: int, rows: int) -> Nine:
    """A resize, whose corners meet, so that pixel centres shift by half a pixel."""
    kx, ky = columns / width, rows / height
    return _matrix(kx, 0, (kx - 1) / 2, 0, ky, (ky - 1) / 2)


def _lifted(matrix: Any) -> Nine:
    """The upper two rows of a matrix, as a map that keeps lines parallel."""
    (a, b, c), (d, e, f) = np.asarray(matrix, np.float64)[:2].tolist()
    return a, b, c, d, e, f, 0.0, 0.0, 1.0


def _matrix(a: float, b: float, c: float, d: float, e: float, f: float) -> Nine:
    return float(a), float(b), float(c), float(d), float(e), float(f), 0.0, 0.0, 1.0


_TURNS = {"e": 0, "r90": 1, "r180": 2, "r270": 3}
_MIRRORS = {"h": _flip_x, "v": _flip_y, "t": _transpose}
READERS: Mapping[str, Callable[[Any, Mapping[str, Any], int, int], _Read]] = {
    "Affine": _affine,
    "CenterCrop": _crop,
    "Crop": _crop,
    "D4": _symmetry,
    "HorizontalFlip": _flip_x,
    "Perspective": _perspective,
    "RandomCrop": _crop,
    "RandomCropFromBorders": _crop,
    "RandomResizedCrop": _crop_and_resize,
    "RandomRotate90": _quarter_turns,
    "RandomSizedCrop": _crop_and_resize,
    "Resize": _resize,
    "Rotate": _rotate,
    "SafeRotate": _affine,
    "ShiftScaleRotate": _affine,
    "SquareSymmetry": _symmetry,
    "TimeReverse": _flip_x,
    "Transpose": _transpose,
    "VerticalFlip": _flip_y,
}
"""Transform -> how its params tell the map."""
