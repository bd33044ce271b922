"""The size of a camera's picture, as its mapping states it: at once, side by side, or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from syncaug.maps.camera import Camera
from syncaug.modalities.carrier import describe
from syncaug.modalities.world.camera_keys import SIZES
from syncaug.modalities.world.camera_lens import plain
from syncaug.modalities.world.camera_writing import FORM, Fail, Writers, writer_like

__all__ = ["read_size"]

_PAIRS = (("width", "height"), ("w", "h"), ("image_width", "image_height"))
"""Keys that tell width and height apart from each other."""
_WIDEST = 2**31 - 1
"""Pixels of a side that a camera may tell of."""


def read_size(value: Mapping[str, Any], writers: Writers, fail: Fail) -> tuple[int, int]:
    """Width and height, from `size` or from `width` and `height`; other statements are kept."""
    given = value.get("size")
    keys = next(
        (pair for pair in _PAIRS if None not in (value.get(pair[0]), value.get(pair[1]))), _PAIRS[0]
    )
    sides = (value.get(keys[0]), value.get(keys[1]))
    if given is None:
        if None in sides:
            raise fail(FORM, describe(value), "")
        given = sides
    try:
        told = [_whole(number) for number in cast("Sequence[Any]", given)]
        width, height = told
    except (TypeError, ValueError, OverflowError):
        raise fail(FORM, f"size {given!r}"[:80], "Both are whole numbers of pixels.") from None
    if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
        raise fail("a size above 0", f"{width}x{height}"[:80], "")
    if value.get("size") is not None:
        writers["size"] = writer_like(value["size"], lambda camera: np.array(camera.size))
    for index, (key, side) in enumerate(zip(keys, sides, strict=True)):
        if side is None:
            continue
        if not np.isscalar(side) or side != (width, height)[index]:
            raise fail(f"{key} {(width, height)[index]}, as size says", f"{side!r}", "")
        writers[key] = _side(index, type(side))
    for key, other in value.items():
        if plain(key) in SIZES and isinstance(other, list | tuple | np.ndarray):
            order = _order(other, (width, height))
            if order:
                writers[key] = writer_like(other, _sizing(order, other))
    return width, height


def _whole(number: Any) -> int:
    """A number of pixels. Raises ValueError or TypeError for texts, truth values and parts."""
    if isinstance(number, str | bytes | bool | np.bool_) or int(number) != number:
        raise ValueError(number)
    return int(number)


def _side(index: int, kind: type) -> Callable[[Camera], Any]:
    return lambda camera: kind(camera.size[index])


def _order(other: Any, size: tuple[int, int]) -> tuple[int, ...]:
    """Which sides the first two numbers tell, where they tell this size."""
    if len(other) not in (2, 3):
        return ()
    for order in ((0, 1), (1, 0)):
        if tuple(other[:2]) == tuple(size[side] for side in order):
            return order
    return ()


def _sizing(order: tuple[int, ...], other: Any) -> Callable[[Camera], Any]:
    return lambda camera: np.array([*(camera.size[side] for side in order), *other[2:]])
