"""Sizes of planes, read from the pictures and cameras of a sample or a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from syncaug.maps.plane import Size
from syncaug.plan.plan import Plan
from syncaug.plan.stream import Stream

__all__ = ["size_of"]


def size_of(name: str, sample: Mapping[str, Any], plan: Plan) -> Size | None:
    """The width and height of the plane of a stream; None where no picture of it tells."""
    own = next((stream for stream in plan.streams if stream.name == name), None)
    plane = "" if own is None else own.spaces.get("plane", "")
    if not plane:
        return None
    for stream in plan.streams:
        if stream.spaces.get("plane") != plane or not stream.spec.picture:
            continue
        size = _size(sample.get(stream.name), stream)
        if size is not None:
            return size
    return None


def _size(value: Any, stream: Stream) -> Size | None:
    """The size of a picture, of a film's frames or of a camera; None where nothing tells it."""
    if isinstance(value, Mapping):
        if stream.modality == "camera":
            told = value.get("size", (value.get("width"), value.get("height")))
            known = np.size(told) == 2 and None not in told
            return (int(told[0]), int(told[1])) if known else None
        value = value.get("frames")
    shape: Sequence[int] = getattr(value, "shape", ())
    if stream.modality == "video":
        shape = shape[1:]
    if len(shape) not in (2, 3):
        return None
    planar = isinstance(value, np.ndarray) and stream.options.get("layout") == "chw"
    first = planar and len(shape) == 3
    height, width = shape[first : first + 2]
    return int(width), int(height)
