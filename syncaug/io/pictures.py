"""Pictures in files: images, masks and depth, through OpenCV's codecs.

Writing loses nothing unless JPEG is asked for: what PNG cannot hold exactly becomes an .npy file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.arrays import read_npy, write_npy
from syncaug.io.atomic import write_bytes
from syncaug.io.damage import damage_of_picture, is_palette_png
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["read_depth", "read_image", "read_mask", "write_depth", "write_image", "write_mask"]

Options = Mapping[str, Any]
Picture = NDArray[Any]

MILLIMETRES = 0.001
"""Metres per level of a depth PNG where its stream declares no `unit`."""


def read_image(path: Path, options: Options) -> Picture:
    """An RGB picture, HxWx3 uint8, upright as its EXIF says; CxHxW where `layout` is `chw`.

    Grey pictures get three equal channels, transparency is left away, 16 bits become 8. An .npy
    file is handed on as it is. Raises FileProblem.
    """
    expected = "an image (PNG, JPEG, WebP, BMP, TIFF or .npy)"
    if path.suffix.lower() == ".npy":
        return read_npy(path, expected)
    picture = _as_rgb(path, expected, _decode(path, expected))
    if options.get("layout") == "chw":
        picture = picture.transpose(2, 0, 1)
    return np.ascontiguousarray(picture)


def write_image(
    folder: Path, stem: str, picture: Picture, options: Options, *, jpeg_quality: int = 0
) -> str:
    """Write as PNG, or as JPEG where a quality is given; .npy where neither holds it exactly."""
    levels = picture
    if options.get("layout") == "chw" and picture.ndim == 3:
        levels = picture.transpose(1, 2, 0)
    if picture.dtype != np.uint8 or levels.ndim != 3 or levels.shape[2] != 3:
        return _write_array(folder, stem, picture)
    if jpeg_quality:
        return _encode(folder, f"{stem}.jpg", levels, quality=jpeg_quality)
    return _encode(folder, f"{stem}.png", levels)


def read_mask(path: Path, options: Options) -> Picture:
    """A label picture with the numbers of the file: HxW or HxWxC, uint8 or uint16.

    Raises FileProblem.
    """
    expected = "a mask (PNG of 8 or 16 bits, or .npy)"
    if path.suffix.lower() == ".npy":
        return read_npy(path, expected)
    mask = _decode(path, expected)
    if is_palette_png(path.read_bytes()[:26]):
        raise FileProblem(
            expected, f"{path}, whose levels are numbers of a palette", "Save it as a grey PNG."
        )
    return mask


def write_mask(folder: Path, stem: str, mask: Picture, options: Options) -> str:
    """Write as PNG of 8 or 16 bits; .npy for any other type or shape."""
    if mask.dtype in (np.uint8, np.uint16) and mask.ndim == 2:
        return _encode(folder, f"{stem}.png", mask)
    return _write_array(folder, stem, mask)


def read_depth(path: Path, options: Options) -> Picture:
    """Depth in metres, HxW float32: a 16-bit PNG times the stream's `unit`, or an .npy file.

    Raises FileProblem.
    """
    expected = "a depth image (PNG of 16 bits, or .npy)"
    unit = float(options.get("unit", MILLIMETRES))
    if path.suffix.lower() == ".npy":
        depth = read_npy(path, expected)
    else:
        depth = _decode(path, expected)
        if depth.dtype != np.uint16 or depth.ndim != 2:
            shape = "x".join(map(str, depth.shape))
            raise FileProblem(expected, f"{path}, a picture of {shape} {depth.dtype}")
    if np.issubdtype(depth.dtype, np.integer):
        return _metres(depth, unit)
    if not np.issubdtype(depth.dtype, np.floating):
        raise FileProblem(expected, f"{path}, an array of {depth.dtype}")
    return depth.astype(np.float32, copy=False)


def write_depth(folder: Path, stem: str, depth: Picture, options: Options) -> str:
    """Write as 16-bit PNG where multiples of `unit` hold every value exactly, else as .npy."""
    unit = float(options.get("unit", MILLIMETRES))
    if depth.ndim == 2 and depth.dtype == np.float32 and np.isfinite(depth).all():
        levels = np.rint(depth.astype(np.float64) / unit)
        if levels.min() >= 0 and levels.max() <= 65535:
            whole = levels.astype(np.uint16)
            if np.array_equal(_metres(whole, unit), depth):
                return _encode(folder, f"{stem}.png", whole)
    return _write_array(folder, stem, depth)


def _as_rgb(path: Path, expected: str, picture: Picture) -> NDArray[np.uint8]:
    """The picture with three channels of 8 bits: grey repeated, transparency left away."""
    if picture.dtype == np.uint16:
        picture = picture >> 8
    elif picture.dtype != np.uint8:
        raise FileProblem(expected, f"{path}, a picture of {picture.dtype}", "Save it as .npy.")
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return picture[..., :3].astype(np.uint8, copy=False)


def _metres(levels: Picture, unit: float) -> NDArray[np.float32]:
    return (levels * np.float64(unit)).astype(np.float32)


def _decode(path: Path, expected: str) -> Picture:
    """The levels as the file has them: HxW, RGB or RGBA, of 8 or 16 bits or float."""
    opencv = _opencv()
    data = read_bytes(path, expected)
    damage = damage_of_picture(data)
    if damage:
        raise FileProblem(expected, f"{path}, which is damaged: {damage}")
    try:
        picture: Picture = opencv.read_image(path)
    except Exception as error:  # OpenCV's own errors included, whose class only its backend knows
        raise FileProblem(expected, f"{path}, which is damaged or of another format") from error
    return picture


def _encode(folder: Path, name: str, levels: Picture, *, quality: int = 0) -> str:
    opencv = _opencv()
    levels = np.ascontiguousarray(levels)
    data = opencv.encode_jpeg(levels, quality) if quality else opencv.encode_png(levels)
    write_bytes(folder / name, data)
    return name


def _write_array(folder: Path, stem: str, array: Picture) -> str:
    write_npy(folder / f"{stem}.npy", array)
    return f"{stem}.npy"


def _opencv() -> Any:
    """OpenCV's backend, which knows its codecs."""
    try:
        from syncaug.backends import opencv
    except ImportError as error:
        if error.name != "cv2":
            raise
        raise MissingExtraError("opencv-python-headless", "image") from None
    return opencv
