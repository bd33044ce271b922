"""Pictures for the page: encoded at a sensible size, with boxes, keypoints and names over them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import codecs, opencv
from syncaug.maps.plane import Size
from syncaug.report.colours import NEAR_TO_FAR, label_colours, painted
from syncaug.report.figures import Shape, Tag

__all__ = [
    "LONG_SIDE",
    "box_shapes",
    "depth_colours",
    "dot_shapes",
    "fitted",
    "jpeg_uri",
    "levels_of",
    "mask_colours",
    "place_tags",
    "png_uri",
    "ring_shapes",
]

LONG_SIDE = 640
"""Pixels of the longer side beyond which a picture is shown smaller."""

_TAG_SHOWN_AT = 400.0
"""The width in CSS pixels at which tags should not lie on each other."""
_LETTER, _MARGIN, _TAG_HEIGHT = 7.0, 10.0, 19.0
_LAST = 0.98
"""Where a small tag begins at the latest, as a share of the picture."""


def jpeg_uri(picture: NDArray[np.uint8], *, quality: int = 85) -> str:
    """An 8-bit picture as the data URI of a JPEG."""
    data = codecs.encode_jpeg(np.ascontiguousarray(picture), quality)
    return "data:image/jpeg;base64," + b64encode(data).decode()


def png_uri(picture: NDArray[np.uint8]) -> str:
    """An 8-bit picture as the data URI of a PNG: for flat colours and sharp edges."""
    data = codecs.encode_png(np.ascontiguousarray(picture))
    return "data:image/png;base64," + b64encode(data).decode()


def fitted(
    picture: NDArray[Any], *, long_side: int = LONG_SIDE, nearest: bool = False
) -> NDArray[Any]:
    """The picture, smaller where its longer side exceeds `long_side`."""
    height, width = picture.shape[:2]
    factor = long_side / max(height, width)
    if factor >= 1.0:
        return picture
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    kx, ky = size[0] / width, size[1] / height
    matrix = np.array([[kx, 0.0, (kx - 1) / 2], [0.0, ky, (ky - 1) / 2], [0.0, 0.0, 1.0]])
    return opencv.warp(picture, matrix, size, "nearest" if nearest else "area")


def levels_of(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """An image stream, HxW or HxWxC in uint8 or float in [0, 1], as HxWx3 uint8."""
    if picture.dtype != np.uint8:
        picture = np.rint(np.clip(np.nan_to_num(picture), 0.0, 1.0) * 255.0).astype(np.uint8)
    if picture.ndim == 2:
        picture = picture[:, :, None]
    return picture[:, :, :3] if picture.shape[2] >= 3 else np.repeat(picture[:, :, :1], 3, axis=2)


def depth_colours(
    depth: NDArray[np.floating], nearest: float, farthest: float
) -> NDArray[np.uint8]:
    """Metres as colours from yellow (near) to violet (far); holes are grey."""
    flat = depth.reshape(depth.shape[:2])
    with np.errstate(invalid="ignore"):
        solid = np.isfinite(flat) & (flat > 0)
    colours = painted((flat - nearest) / max(farthest - nearest, 1e-6), NEAR_TO_FAR)
    colours[~solid] = 128
    return colours


def mask_colours(mask: NDArray[Any]) -> NDArray[np.uint8]:
    """The classes of a mask (its first channel) as colours."""
    return label_colours(mask if mask.ndim == 2 else mask[:, :, 0])


def box_shapes(corners: NDArray[np.float64], colours: Sequence[int]) -> tuple[Shape, ...]:
    """Rectangles from left, top, right, bottom in pixel-centre coordinates."""
    edges = corners + 0.5
    return tuple(
        Shape(f"M{left:.1f},{top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z", colour)
        for (left, top, right, bottom), colour in zip(edges.tolist(), colours, strict=True)
    )


def dot_shapes(
    pixels: NDArray[np.float64], size: Size, colours: Iterable[int]
) -> tuple[Shape, ...]:
    """Small rings around pixels (K, 2)."""
    r = round(max(size) / 120.0, 1)
    ring = f"m{-r},0a{r},{r} 0 1,0 {2 * r},0a{r},{r} 0 1,0 {-2 * r},0"
    return tuple(
        Shape(f"M{x:.1f},{y:.1f}{ring}", colour)
        for (x, y), colour in zip((pixels + 0.5).tolist(), colours, strict=False)
    )


def ring_shapes(rings: Iterable[NDArray[np.float64]], colour: int) -> tuple[Shape, ...]:
    """The outlines of one thing from rings (K, 2) in pixel-centre coordinates."""
    paths = (
        "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in (ring + 0.5).tolist()) + "Z" for ring in rings
    )
    return tuple(Shape(path, colour) for path in paths)


def place_tags(
    corners: NDArray[np.float64], names: Sequence[str], colours: Sequence[int], size: Size
) -> tuple[Tag, ...]:
    """A name inside each box, at the first of its corners where it lies on no earlier name.

    A name that would stick out of the picture is anchored to the picture's edge instead. One that
    has no room at any corner, or is as wide as the picture, is a small tag.
    """
    scale = _TAG_SHOWN_AT / size[0]
    shown = (_TAG_SHOWN_AT, size[1] * scale)
    taken: list[tuple[float, float, float, float]] = []
    tags: list[Tag] = []
    for box, name, colour in zip((corners + 0.5) * scale, names, colours, strict=True):
        left, top, right, bottom = box.tolist()
        width = len(name) * _LETTER + _MARGIN
        for corner in ("tl", "tr", "bl", "br"):
            down = _anchored(top if corner[0] == "t" else bottom, _TAG_HEIGHT, shown[1], corner[0])
            across = _anchored(left if corner[1] == "l" else right, width, shown[0], corner[1])
            place = (across[0], down[0], across[0] + width, down[0] + _TAG_HEIGHT)
            if width <= shown[0] and not any(_meet(place, other) for other in taken):
                break
        else:
            x = round(100.0 * min(max(left / shown[0], 0.0), _LAST), 2)
            y = round(100.0 * min(max(top / shown[1], 0.0), _LAST), 2)
            tags.append(Tag(name, x, y, colour, small=True))
            continue
        taken.append(place)
        x, y = (
            round(100.0 * side[1] / length, 2)
            for side, length in zip((across, down), shown, strict=True)
        )
        tags.append(Tag(name, x, y, colour, down[2] + across[2]))
    return tuple(tags)


def _anchored(edge: float, extent: float, limit: float, side: str) -> tuple[float, float, str]:
    """Along one axis: where a tag begins, where its anchor lies, and which side of it that is."""
    start = edge if side in "tl" else edge - extent
    if start < 0.0:
        return 0.0, 0.0, "t" if side in "tb" else "l"
    if start + extent > limit:
        return limit - extent, limit, "b" if side in "tb" else "r"
    return start, edge, side


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
