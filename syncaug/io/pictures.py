"""Pictures in files: images, masks and depth, through OpenCV's codecs.

Writing loses nothing unless JPEG is asked for: what PNG cannot hold exactly becomes an .npy file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.arrays import read_npy, write_npy
from syncaug.io.atomic import write_bytes
from syncaug.io.bitmaps import bit_masks, read_bitmap
from syncaug.io.containers import is_container
from syncaug.io.damage import damage_of_picture
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.netpbm import read_netpbm, read_netpbm_head
from syncaug.io.picture_header import PictureHeader, read_header
from syncaug.io.picture_levels import as_light, as_numbers
from syncaug.io.png_indices import without_palette
from syncaug.io.problem import FileProblem, read_bytes

__all__ = [
    "read_depth",
    "read_image",
    "read_levels",
    "read_mask",
    "write_depth",
    "write_image",
    "write_levels",
    "write_mask",
]

Options = Mapping[str, Any]
Picture = NDArray[Any]

MILLIMETRES = 0.001
"""Metres per level of a depth PNG where its stream declares no `unit`."""


_OTHER = "If a program shows it, save it there as PNG."
_FILM = "Its name is that of a film or a sound: declare modality: video or audio."


def read_image(path: Path, options: Options, limits: Limits = LIMITS) -> Picture:
    """An RGB picture, HxWx3, upright as its EXIF says; CxHxW where `layout` is `chw`.

    8 bits give uint8 and 16 bits uint16. Grey pictures get three equal channels, palettes their
    colours, and CMYK becomes RGB. Transparency comes as a fourth channel, unless every pixel is
    opaque. Where `channels` is declared, the picture has those: `rgb` leaves transparency away,
    `rgba` is opaque without it, `bgr` has blue first, `grey` is HxW. An .npy file is handed on as
    it is. Raises FileProblem, also for a file of several pictures.
    """
    expected = "an image (PNG, JPEG, WebP, BMP, TIFF or .npy)"
    if path.suffix.lower() == ".npy":
        return read_npy(path, expected, limits)
    picture, header = _decode(path, expected, limits)
    if header.white:  # masks of few classes come so, and keep their numbers
        raise FileProblem(
            f"{expected} whose levels go up to 255 or 65,535",
            f"{path}, a {header.form} whose white is {header.white}",
            "Stretch its levels, as `pamdepth 65535` does, or save it as .npy.",
        )
    picture = _as_rgb(path, expected, _seen_through(as_light(picture, header), header))
    picture = _as_declared(path, expected, picture, options.get("channels", ""))
    if options.get("layout") == "chw" and picture.ndim == 3:
        picture = picture.transpose(2, 0, 1)
    return np.ascontiguousarray(picture)


def write_image(
    folder: Path, stem: str, picture: Picture, options: Options, *, jpeg_quality: int = 0
) -> str:
    """Write as PNG, or as JPEG where a quality is given and 8-bit colours are all there is.

    .npy where a PNG would not come back as the same array.
    """
    levels = picture
    if options.get("layout") == "chw" and picture.ndim == 3:
        levels = picture.transpose(1, 2, 0)
    order = options.get("channels", "")
    if order.startswith("bgr") and levels.ndim == 3 and levels.shape[2] >= 3:
        levels = levels[..., [2, 1, 0, *range(3, levels.shape[2])]]
    if picture.dtype not in (np.uint8, np.uint16) or not _comes_back(levels, order):
        return _write_array(folder, stem, picture)
    if jpeg_quality and picture.dtype == np.uint8 and levels.shape[2:] == (3,):
        return _encode(folder, f"{stem}.jpg", levels, quality=jpeg_quality)
    return _encode(folder, f"{stem}.png", levels)


def read_mask(path: Path, options: Options, limits: Limits = LIMITS) -> Picture:
    """A label picture with the numbers of the file: HxW or HxWxC, uint8 or uint16.

    Those of one to seven bits are what they are, and not levels up to 255, and those of a palette
    in a PNG are its indices. Raises FileProblem.
    """
    expected = "a mask (PNG of 8 or 16 bits, or .npy)"
    if path.suffix.lower() == ".npy":
        return read_npy(path, expected, limits)
    mask, header = _decode(path, expected, limits, indices=True)
    if header.form == "PNG" and header.channels == 2 and _opaque(mask):
        mask = np.ascontiguousarray(mask[..., 0])
    if header.indexed and mask.ndim == 3:
        raise FileProblem(
            expected, f"{path}, whose levels are numbers of a palette", "Save it as PNG."
        )
    if header.indexed and header.bits == 1 and not (mask % 255).any():  # black and white
        mask = mask // 255
    return mask


def write_mask(folder: Path, stem: str, mask: Picture, options: Options) -> str:
    """Write as PNG of 8 or 16 bits; .npy for any other type or shape."""
    if mask.dtype in (np.uint8, np.uint16) and mask.ndim == 2:
        return _encode(folder, f"{stem}.png", mask)
    return _write_array(folder, stem, mask)


def read_depth(path: Path, options: Options, limits: Limits = LIMITS) -> Picture:
    """Depth in metres, HxW float32: a 16-bit PNG times the stream's `unit`, or an .npy file.

    Raises FileProblem.
    """
    expected = "a depth image (PNG of 16 bits, or .npy)"
    unit = float(options.get("unit", MILLIMETRES))
    if path.suffix.lower() == ".npy":
        depth = read_npy(path, expected, limits)
    else:
        depth, _ = _decode(path, expected, limits)
        if depth.dtype != np.uint16 or depth.ndim != 2:
            shape = "x".join(map(str, depth.shape))
            raise FileProblem(expected, f"{path}, a picture of {shape} {depth.dtype}")
    if np.issubdtype(depth.dtype, np.integer):
        return _metres(depth, unit)
    if not np.issubdtype(depth.dtype, np.floating):
        raise FileProblem(expected, f"{path}, an array of {depth.dtype}")
    return depth.astype(np.float32, copy=False)


def read_levels(path: Path, expected: str, limits: Limits = LIMITS) -> Picture:
    """The levels of a picture file as it has them, of 8 or 16 bits. Raises FileProblem."""
    return _decode(path, expected, limits)[0]


def write_levels(folder: Path, stem: str, levels: Picture) -> str:
    """Write levels of 8 or 16 bits as PNG."""
    return _encode(folder, f"{stem}.png", levels)


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


def _as_rgb(path: Path, expected: str, picture: Picture) -> Picture:
    """The picture with three channels of 8 or 16 bits, and a fourth where it is seen through."""
    if picture.dtype not in (np.uint8, np.uint16):
        raise FileProblem(expected, f"{path}, a picture of {picture.dtype}", "Save it as .npy.")
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return picture if picture.shape[2] == 3 or not _opaque(picture) else picture[..., :3]


def _seen_through(picture: Picture, header: PictureHeader) -> Picture:
    """A grey picture with the transparency of the level that its file says is clear, as RGBA."""
    if header.clear is None or picture.ndim != 2:
        return picture
    most = np.iinfo(picture.dtype).max
    level = header.clear * most // ((1 << header.bits) - 1)
    alpha = np.where(picture == level, 0, most).astype(picture.dtype)
    return np.dstack([picture, picture, picture, alpha])


def _opaque(picture: Picture) -> bool:
    return bool((picture[..., 3] == np.iinfo(picture.dtype).max).all())


def _as_declared(path: Path, expected: str, picture: Picture, order: str) -> Picture:
    """An RGB or RGBA picture with the channels that its stream declares, in their order."""
    if order in ("grey", "grey_alpha"):
        if not (picture[..., :1] == picture[..., :3]).all():
            raise FileProblem(f"{expected} in grey, as declared", f"{path}, which has colours")
        return picture[..., 0] if order == "grey" else _with_alpha(picture)[..., [0, 3]]
    if order in ("rgba", "bgra"):
        picture = _with_alpha(picture)
    elif order in ("rgb", "bgr"):
        picture = picture[..., :3]
    return picture[..., [2, 1, 0, *range(3, picture.shape[2])]] if order[:1] == "b" else picture


def _with_alpha(picture: Picture) -> Picture:
    """The picture with its transparency, or with an opaque one."""
    if picture.shape[2] == 4:
        return picture
    alpha = np.full((*picture.shape[:2], 1), np.iinfo(picture.dtype).max, picture.dtype)
    return np.concatenate([picture, alpha], axis=2)


def _comes_back(levels: Picture, order: str) -> bool:
    """Whether a PNG of these levels, RGB or RGBA, is read as the same array."""
    if levels.ndim != 3:
        return order == "grey"
    if levels.shape[2] == 3:
        return order not in ("rgba", "bgra")
    if levels.shape[2] != 4 or order in ("rgb", "bgr"):
        return False
    return order in ("rgba", "bgra") or not _opaque(levels)


def _metres(levels: Picture, unit: float) -> NDArray[np.float32]:
    return (levels * np.float64(unit)).astype(np.float32)


def _decode(
    path: Path, expected: str, limits: Limits, *, indices: bool = False
) -> tuple[Picture, PictureHeader]:
    """The levels as the file has them: HxW, RGB or RGBA, of 8 or 16 bits or float; and its header.

    `indices` are asked of a PNG with a palette, and not its colours. Nothing is decoded before the
    header's size is known to be within the limits.
    """
    codecs = _codecs()
    data = read_bytes(path, expected, limit=limits.memory)
    header = read_header(data)
    if header is not None:
        _check_header(path, expected, header, limits)
    damage = damage_of_picture(data)
    if damage:
        raise FileProblem(expected, f"{path}, which is damaged: {damage}")
    if header is None:
        hint = _FILM if is_container(str(path)) else _OTHER
        if data.startswith((b"PK", b"\x93NUMPY")):
            hint = "Save the array alone with numpy.save, in a file named .npy."
        raise FileProblem(expected, f"{path}, which is damaged or of another format", hint)
    if indices and header.form == "PNG" and header.indexed:
        data = without_palette(data)
        header = replace(header, indexed=False)
    inks = header.form == "TIFF" and header.channels == 4 and header.inks
    # Palettes of a BMP, and those below 8 bits of a TIFF, are grey unless colours are asked.
    colours = inks or (header.indexed and _grey_unasked(header))
    try:
        picture = _pixels(codecs, data, header, as_colours=colours)
    except Exception:  # OpenCV's own errors included, whose class only its backend knows
        picture = None
    if picture is None:
        raise FileProblem(expected, f"{path}, which is damaged or of another format", _OTHER)
    if colours and not inks and (picture[..., :1] == picture).all():
        picture = picture[..., 0]
    if header.form == "TIFF":
        four = picture.ndim == 3 and picture.shape[2] == 4 and not inks
        # libtiff has multiplied the colours by it, and OpenCV drops it beside grey
        if header.channels == 2 or (four and not _opaque(picture)):
            raise FileProblem(expected, f"{path}, a TIFF with transparency", "Save it as PNG.")
    return _upright(as_numbers(picture, header), header), header


def _pixels(codecs: Any, data: bytes, header: PictureHeader, *, as_colours: bool) -> Picture | None:
    """The pixels as they are stored; what OpenCV reads wrong is read here. None where damaged."""
    if header.form == "BMP":
        masks = bit_masks(data)
        if masks:
            return read_bitmap(data, masks)
    if header.form in ("PNM", "PAM"):
        head = read_netpbm_head(data)
        return None if head is None else read_netpbm(data, head)
    picture: Picture | None = codecs.decode_image(data, as_colours=as_colours)
    return picture


def _grey_unasked(header: PictureHeader) -> bool:
    return header.form == "BMP" or (header.form == "TIFF" and header.bits < 8)


_COUNTED = {"AVIF": "several"}
"""Forms whose headers say that there are several pictures, and not how many."""
_AS_FILM = {
    "WebP": ", or all of them as an animated PNG, and declare a video.",
    **dict.fromkeys(("GIF", "PNG", "AVIF"), ", or declare a video."),
}
"""What to do about those that are animations."""


def _check_header(path: Path, expected: str, header: PictureHeader, limits: Limits) -> None:
    size = max(header.channels, 3) * (2 if header.bits > 8 else 1)
    limits.check_picture(path, expected, header.width, header.height, pixel_bytes=size)
    if header.width * header.height > _OPENCV_PIXELS or max(header.width, header.height) > _SIDE:
        raise FileProblem(
            f"{expected} of at most {_OPENCV_PIXELS:,} pixels, and {_SIDE:,} on a side, which is "
            "what OpenCV reads",
            f"{path}, of {header.width}x{header.height}",
        )
    form = f"{'an' if header.form == 'AVIF' else 'a'} {header.form}"
    if header.pictures > 1:
        raise FileProblem(
            f"{expected} of one picture",
            f"{path}, {form} of {_COUNTED.get(header.form, header.pictures)} pictures",
            "Save the one that is meant" + _AS_FILM.get(header.form, "."),
        )
    if header.channels > 4:
        raise FileProblem(
            f"{expected} of at most 4 channels", f"{path}, of {header.channels}", "Save it as .npy."
        )
    if header.space:
        raise FileProblem(
            f"{expected} in grey, RGB, a palette or CMYK",
            f"{path}, {form} in {header.space}",
            "Convert it to RGB, as PNG.",
        )


_OPENCV_PIXELS, _SIDE = 1 << 30, 1 << 20
"""What OpenCV's codecs take, unless its environment says otherwise."""


def _upright(picture: Picture, header: PictureHeader) -> Picture:
    """The part that is shown, turned and mirrored as EXIF asks for where OpenCV leaves it undone.

    Orientations 5 to 8 swap x and y; then 3, 4, 7 and 8 mirror up-down, and 2, 3, 6 and 7
    left-right (TIFF 6.0, tag Orientation).
    """
    if header.window is not None:
        x, y, width, height = header.window
        picture = picture[y : y + height, x : x + width]
    way = header.orientation
    if way == 1 or (header.form in ("JPEG", "TIFF") and not header.by_xmp):
        return picture
    if way > 4:
        picture = picture.swapaxes(0, 1)
    return picture[:: -1 if way in (3, 4, 7, 8) else 1, :: -1 if way in (2, 3, 6, 7) else 1]


def _encode(folder: Path, name: str, levels: Picture, *, quality: int = 0) -> str:
    codecs = _codecs()
    levels = np.ascontiguousarray(levels)
    data = codecs.encode_jpeg(levels, quality) if quality else codecs.encode_png(levels)
    write_bytes(folder / name, data)
    return name


def _write_array(folder: Path, stem: str, array: Picture) -> str:
    write_npy(folder / f"{stem}.npy", array)
    return f"{stem}.npy"


def _codecs() -> Any:
    """The backend of OpenCV's codecs."""
    try:
        from syncaug.backends import codecs
    except ImportError as error:
        if error.name != "cv2":
            raise
        raise MissingExtraError("opencv-python-headless", "image") from None
    return codecs
