"""What a camera's mapping states, written anew in the types in which it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.maps.camera import Camera
from syncaug.modalities.own_form import in_dtype

__all__ = ["FORM", "Fail", "Writers", "writer_like"]

Fail = Callable[[str, str, str], SampleError]
"""Makes an error of what was expected, what came and what to do."""
Writers = dict[str, Callable[[Camera], Any]]
"""For each key of the mapping, what gives its value for a camera."""
FORM = (
    'a mapping with "size" (width, height), a pose ("world_to_camera" or "camera_to_world", 4x4 or '
    '3x4, or "R" and "t") and "K" (3x3), or "fx", "fy", "cx" and "cy"; or with a projection "P" or '
    '"lidar2img" and "size"'
)
"""What is expected of a camera that does not say enough."""


def writer_like(like: Any, state: Callable[[Camera], Any]) -> Callable[[Camera], Any]:
    """What states a camera in the type in which it came: an array, a list or a tuple."""

    def write(camera: Camera) -> Any:
        numbers = np.asarray(state(camera))
        if np.ndim(like) == 1:
            numbers = numbers.reshape(-1)  # a matrix that came flat
        if isinstance(like, np.ndarray):
            whole = numbers.dtype.kind in "iu" and like.dtype.kind in "iuf"
            return numbers.astype(like.dtype) if whole else in_dtype(numbers, like.dtype)
        return _nested(numbers.tolist(), like)

    return write


def _nested(numbers: Any, like: Any) -> Any:
    """Lists as the tuples that came."""
    if not isinstance(numbers, list):
        return numbers
    if isinstance(like, tuple):
        return tuple(_nested(n, x) for n, x in zip(numbers, like, strict=True))
    if isinstance(like, list) and any(isinstance(item, tuple) for item in like):
        return [_nested(n, x) for n, x in zip(numbers, like, strict=True)]
    return numbers
