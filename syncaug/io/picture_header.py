"""What the header of a picture file says, read without decoding a pixel.

Sizes are checked before a decoder makes room for them: a file of a few kilobytes can ask for
gigabytes. Formats: those that OpenCV's codecs read.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from syncaug.io.bitmaps import bit_masks
from syncaug.io.gif_parts import END, PICTURE, parts_of_gif
from syncaug.io.jpeg_segments import segments
from syncaug.io.netpbm import read_netpbm_head
from syncaug.io.orientation import orientation_of, orientation_of_png_text, orientation_of_xmp
from syncaug.io.png_indices import chunks
from syncaug.io.riff import parts_of
from syncaug.io.tiff_pages import tiff_pages

__all__ = ["PictureHeader", "read_header"]


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """The size of a picture, and of what its pixels are.

    `bits` are those of one sample, `channels` those of the file (1 for numbers of a palette, whose
    pixels are then `indexed`); `pictures` counts those in the file, where more than one is said
    there. `orientation` is EXIF's, 1 for upright, `by_xmp` where XMP alone says it. `space` names
    colours that are none of grey, RGB, a palette, YCbCr and inks (CMYK). `white` is the level of
    white, 0 where it is all bits. `clear` is the level that is seen through, of a grey picture
    without a channel for it. `dark` where level 0 is white. `window` is the part that is shown, as
    x, y, width and height, where that is not all.
    """

    form: str
    width: int
    height: int
    channels: int = 3
    bits: int = 8
    indexed: bool = False
    pictures: int = 1
    orientation: int = 1
    space: str = ""
    inks: bool = False
    white: int = 0
    clear: int | None = None
    dark: bool = False
    by_xmp: bool = False
    window: tuple[int, int, int, int] | None = None


def read_header(data: bytes) -> PictureHeader | None:
    """The header of a picture; None where it is cut off, wrong, or of a format not known here."""
    for magic, read in _READERS:
        if re.match(magic, data, re.DOTALL):
            try:
                header = read(data)
            except (struct.error, IndexError, ValueError, OverflowError):
                return None
            return header if header is not None and header.width * header.height > 0 else None
    return None


def _png(data: bytes) -> PictureHeader | None:
    width, height, bits, kind = struct.unpack_from(">IIBB", data, 16)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(kind)
    if data[12:16] != b"IHDR" or channels is None:
        return None
    pictures = 1
    clear: int | None = None
    exif: int | None = None
    xmp: int | None = None
    space = ""
    for name, start, end in chunks(data):
        part = data[start:end] if name in _PNG_PARTS else b""
        if name == b"acTL":
            pictures = struct.unpack_from(">I", part)[0]
        elif name == b"cICP":
            space = _HDR.get(part[1], "")
        elif name == b"eXIf":
            exif = orientation_of(part)
        elif name == b"tRNS" and kind == 0:
            clear = struct.unpack_from(">H", part)[0] & (1 << bits) - 1
        elif part:
            said, of_xmp = orientation_of_png_text(name, part)
            exif, xmp = (exif, said or xmp) if of_xmp else (exif or said, xmp)
    return PictureHeader(
        "PNG", width, height, channels, bits, kind == 3, max(1, pictures), exif or xmp or 1,
        clear=clear, by_xmp=exif is None and xmp is not None, space=space,
    )  # fmt: skip


_HDR = {16: "HDR (PQ)", 18: "HDR (HLG)"}
"""Transfer characteristics (ITU-T H.273, table 3) whose levels others show too dark and flat."""
_PNG_PARTS = frozenset({b"acTL", b"cICP", b"eXIf", b"tRNS", b"tEXt", b"zTXt", b"iTXt"})


def _jpeg(data: bytes) -> PictureHeader | None:
    exif: int | None = None
    xmp: int | None = None
    for marker, start, end in segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            bits, height, width, channels = struct.unpack_from(">BHHB", data, start)
            return PictureHeader(
                "JPEG", width, height, channels, bits, orientation=exif or xmp or 1,
                by_xmp=exif is None and xmp is not None,
            )  # fmt: skip
        if marker == 0xE1:
            part = data[start:end]
            if part.startswith(b"Exif\0\0"):
                exif = orientation_of(part[6:])
            elif part.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
                xmp = orientation_of_xmp(part)
    return None


def _webp(data: bytes) -> PictureHeader | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return PictureHeader("WebP", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        packed = struct.unpack_from("<I", data, 21)[0]
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
        return PictureHeader("WebP", width, height, 4 if packed >> 28 & 1 else 3)
    if kind != b"VP8X":
        return None
    flags = data[20]
    width = int.from_bytes(data[24:27], "little") + 1
    height = int.from_bytes(data[27:30], "little") + 1
    pictures = 0
    exif: int | None = None
    xmp: int | None = None
    for name, start, length in parts_of(data):
        pictures += name == b"ANMF"
        if name == b"EXIF":
            exif = orientation_of(data[start : start + length].removeprefix(b"Exif\0\0"))
        elif name == b"XMP ":
            xmp = orientation_of_xmp(data[start : start + length])
    return PictureHeader(
        "WebP", width, height, 4 if flags & 16 else 3, pictures=max(1, pictures),
        orientation=exif or xmp or 1, by_xmp=exif is None and xmp is not None,
    )  # fmt: skip


def _bmp(data: bytes) -> PictureHeader | None:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    masks = bit_masks(data)
    space = "" if masks is None or masks else "unusual bit masks"
    channels = len(masks) if masks else 4 if bits == 32 else 3
    return PictureHeader(
        "BMP", abs(width), abs(height), channels, min(bits, 8), bits <= 8, space=space
    )


def _gif(data: bytes) -> PictureHeader | None:
    width, height = struct.unpack_from("<HH", data, 6)
    parts = list(parts_of_gif(data))
    pictures = 0
    for kind, place, _ in parts:
        if kind == PICTURE:
            pictures += 1
            left, top, across, down = struct.unpack_from("<HHHH", data, place + 1)
            width, height = max(width, left + across), max(height, top + down)
    last, _, end = parts[-1] if parts else (0, 0, 0)
    if last != END and end < len(data):
        return None
    return PictureHeader("GIF", width, height, indexed=True, pictures=max(1, pictures))


def _tiff(data: bytes) -> PictureHeader | None:
    pages = list(tiff_pages(data))
    full = [page for page in pages if not page.get(254, 0) & 5]  # no thumbnails, no masks
    if not pages:
        return None
    page = pages[0]
    kind, bits, width, height = page.get(262, 1), page.get(258, 1), page[256], page[257]
    space = "" if kind <= 6 else "Lab" if kind <= 10 else f"kind {kind}"
    if page.get(284, 1) == 2 and bits > 8 and page.get(277, 1) > 1:
        space = f"separate planes of {bits} bits"
    exif = page.get(274)
    xmp = None if exif or 700 not in page else orientation_of_xmp(data)
    return PictureHeader(
        "TIFF", width, height, page.get(277, 1), bits, kind == 3, max(1, len(full)),
        exif or xmp or 1, space, kind == 5, dark=kind == 0, by_xmp=xmp is not None,
    )  # fmt: skip


def _netpbm(data: bytes) -> PictureHeader | None:
    """PBM, PGM, PPM and PAM."""
    said = read_netpbm_head(data)
    if said is None:
        return None
    bits = 1 if said.most == 1 else 8 if said.most < 256 else 16
    form = "PAM" if data[1:2] == b"7" else "PNM"
    white = 0 if said.most in (1, 255, 65535) else said.most
    return PictureHeader(
        form, said.width, said.height, said.channels, bits, pictures=2 if said.more else 1,
        space=said.space, white=white,
    )  # fmt: skip


def _pfm(data: bytes) -> PictureHeader | None:
    numbers = re.match(rb"P[Ff]\s+(\d{1,10})\s+(\d{1,10})\s", data)
    if numbers is None:
        return None
    return PictureHeader("PFM", int(numbers[1]), int(numbers[2]), 3 if data[1:2] == b"F" else 1, 32)


def _hdr(data: bytes) -> PictureHeader | None:
    size = re.search(rb"\n[-+][XY] (\d{1,10}) [-+][XY] (\d{1,10})\n", data[:8192])
    return PictureHeader("HDR", int(size[2]), int(size[1]), 3, 32) if size else None


def _sun(data: bytes) -> PictureHeader | None:
    width, height, depth, _, _, _, table = struct.unpack_from(">7I", data, 4)
    space = "grey without a colour map" if depth == 8 and not table else ""  # OpenCV: all black
    return PictureHeader("Sun raster", width, height, indexed=depth <= 8, space=space)


def _jpeg2000(data: bytes) -> PictureHeader | None:
    place = data.find(b"\xff\x4f\xff\x51")  # the start of the code stream, and its size
    if place < 0:
        return None
    right, bottom, left, top = struct.unpack_from(">IIII", data, place + 8)
    channels, depth = struct.unpack_from(">HB", data, place + 40)
    told = re.search(rb"colr\x01..\0\0\0(.)", data[:place], re.DOTALL)
    space = _ENUMERATED.get(told[1][0], "") if told else ""
    if re.search(rb"pclr..[\1-\4]", data[:place], re.DOTALL):
        space = "numbers of a palette"  # which OpenCV gives as they are
    return PictureHeader(
        "JPEG 2000", right - left, bottom - top, channels, (depth & 0x7F) + 1, space=space
    )


_ENUMERATED = {12: "CMYK", 18: "YCbCr"}
"""Colours of JPEG 2000 (ISO/IEC 15444-1, table I.10) that OpenCV gives wrong or not at all."""


def _avif(data: bytes) -> PictureHeader | None:
    """The largest extent that any picture in the file has; animations are told by their brand."""
    sizes = [
        struct.unpack_from(">II", data, found.end() + 4) for found in re.finditer(rb"ispe", data)
    ]
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    kind = data.find(b"av1C")  # its third byte: tier, more than 8 bits, 12 bits (AV1-ISOBMFF 2.3)
    deep = data[kind + 6] if 0 <= kind < len(data) - 6 else 0
    bits = 8 if not deep & 0x40 else 12 if deep & 0x20 else 10
    brands = data[8 : int.from_bytes(data[:4], "big")]
    head = rb"\0\0\0\x09"  # the size of both boxes
    turn, mirror = (re.search(head + name + rb"(.)", data, re.DOTALL) for name in _WAYS)
    way = turn[1][0] & 3 if turn else 0, mirror[1][0] & 1 if mirror else None
    cut = re.search(rb"\0\0\0\x28clap(.{32})", data, re.DOTALL)
    window = _clean_aperture(cut[1], width, height) if cut else None
    told = re.search(rb"colrnclx...(.)", data, re.DOTALL)
    space = _HDR.get(told[1][0], "") if told else ""
    return PictureHeader(
        "AVIF", width, height, 3, bits, pictures=2 if b"avis" in brands else 1,
        orientation=_TURNED[way], window=window,
        space="a part of its pixels" if cut and window is None else space,
    )  # fmt: skip


def _clean_aperture(box: bytes, width: int, height: int) -> tuple[int, int, int, int] | None:
    """x, y, width and height of the pixels that a `clap` box leaves; None where they are no pixels.

    Source: ISO/IEC 14496-12, section 12.1.4; offsets are between the two centres.
    """
    numbers = struct.unpack(">IIIIiIiI", box)
    if not all(numbers[1::2]):
        return None
    across, down, right, below = (
        Fraction(top, under) for top, under in zip(numbers[::2], numbers[1::2], strict=True)
    )
    x, y = right + (width - across) / 2, below + (height - down) / 2
    whole = all(value.denominator == 1 for value in (x, y, across, down))
    if not whole or min(x, y) < 0 or min(across, down) < 1:
        return None
    if x + across > width or y + down > height:
        return None
    return int(x), int(y), int(across), int(down)


_WAYS = (b"irot", b"imir")
_TURNED = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6, (0, 0): 4, (1, 0): 5, (2, 0): 2,
    (3, 0): 7, (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip
"""EXIF's word for quarter turns against the clock, then up-down (0) or left-right (1) mirrored, as
HEIF's properties irot and imir say (ISO/IEC 23008-12)."""


_READERS: tuple[tuple[bytes, Callable[[bytes], PictureHeader | None]], ...] = (
    (rb"\x89PNG\r\n\x1a\n", _png),
    (rb"\xff\xd8\xff", _jpeg),
    (rb"RIFF....WEBP", _webp),
    (rb"BM", _bmp),
    (rb"GIF8[79]a", _gif),
    (rb"II[\x2a\x2b]\0|MM\0[\x2a\x2b]", _tiff),
    (rb"P[1-7]\s", _netpbm),
    (rb"P[Ff]\s", _pfm),
    (rb"#\?(RADIANCE|RGBE)", _hdr),
    (rb"\x59\xa6\x6a\x95", _sun),
    (rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", _jpeg2000),
    (rb"....ftyp", _avif),
)
"""What a file begins with, and who reads its header."""
