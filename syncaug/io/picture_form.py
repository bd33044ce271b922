"""What a picture's header says of the array that its file becomes, where that is all it takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.damage import damage_of_picture
from syncaug.io.limits import Limits
from syncaug.io.picture_header import read_header
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["empty_like"]

_COLOURS = frozenset({"", "rgb", "bgr"})
"""Declared channels for which a picture without transparency needs no look."""


def empty_like(
    path: Path, kind: str, options: Mapping[str, Any], limits: Limits
) -> NDArray[Any] | None:
    """Zeros of the shape and dtype in which an image, a mask or a depth is read.

    JPEG and PNG of plain colours or grey; None of all others. Raises FileProblem where the file is
    damaged or over the limits.
    """
    expected = {"image": "an image", "mask": "a mask", "depth": "a depth image"}[kind]
    data = read_bytes(path, expected, limit=limits.memory)
    header = read_header(data)
    if header is None or header.form not in ("JPEG", "PNG") or header.pictures != 1:
        return None
    plain = header.channels in (1, 3) and not header.indexed and header.bits in (8, 16)
    if not plain or (header.form == "PNG" and b"tRNS" in data):
        return None
    if options.get("channels", "") not in _COLOURS:
        return None
    limits.check_picture(path, expected, header.width, header.height)
    damage = damage_of_picture(data)
    if damage:
        raise FileProblem(expected, f"{path}, which is damaged: {damage}")
    height, width = header.height, header.width
    if header.orientation >= 5:  # EXIF's orientations that swap the sides
        height, width = width, height
    levels = np.uint16 if header.bits == 16 else np.uint8
    if kind == "image":
        chw = options.get("layout") == "chw"
        return np.zeros((3, height, width) if chw else (height, width, 3), levels)
    if header.channels != 1 or header.orientation != 1:
        return None
    if kind == "mask":
        return np.zeros((height, width), levels)
    return np.zeros((height, width), np.float32) if header.bits == 16 else None
