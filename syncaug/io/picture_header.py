"""What the header of a picture file says, read without decoding a pixel.

Sizes are checked before a decoder makes room for them: a file of a few kilobytes can ask for
gigabytes. Formats: those that OpenCV's codecs read.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["PictureHeader", "read_header"]


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """The size of a picture, and of what its pixels are.

    `bits` are those of one sample, `channels` those of the file (1 for numbers of a palette, whose
    pixels are then `indexed`); `pictures` counts those in the file, where more than one is said
    there. `orientation` is EXIF's, 1 for upright. `space` names colours that are none of grey, RGB,
    a palette, YCbCr and inks (CMYK). `white` is the level of white, 0 where it is all bits.
    `clear` is the level that is seen through, of a grey picture without a channel for it.
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
    pictures, orientation, place = 1, 1, 8
    clear = None
    while place + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        if name == b"IDAT":
            break
        if name == b"acTL":
            pictures = struct.unpack_from(">I", data, place + 8)[0]
        elif name == b"eXIf":
            orientation = _orientation(data[place + 8 : place + 8 + length])
        elif name in (b"zTXt", b"tEXt") and orientation == 1:
            text = data[place + 8 : place + 8 + length]
            orientation = _orientation(_raw_profile(text, packed=name == b"zTXt"))
        elif name == b"tRNS" and kind == 0:
            clear = struct.unpack_from(">H", data, place + 8)[0] & (1 << bits) - 1
        place += 12 + length
    return PictureHeader(
        "PNG", width, height, channels, bits, kind == 3, max(1, pictures), orientation, clear=clear
    )


def _raw_profile(text: bytes, *, packed: bool) -> bytes:
    """EXIF as ImageMagick puts it into a text of a PNG, in hexadecimal digits."""
    name, _, plain = text[:_PROFILE].partition(b"\0")
    if name.lower() not in (b"raw profile type exif", b"raw profile type app1"):
        return b""
    try:
        plain = zlib.decompressobj().decompress(plain[1:], _PROFILE) if packed else plain
    except zlib.error:
        return b""
    digits = b"".join(plain.split()[2:])  # behind the profile's name and length
    try:
        return bytes.fromhex(digits.decode("ascii")).removeprefix(b"Exif\0\0")
    except ValueError:  # cut off, or no digits
        return b""


_PROFILE = 1 << 18
"""So much of a profile is looked at: EXIF holds at most 64 KiB, two digits for each byte."""


def _jpeg(data: bytes) -> PictureHeader | None:
    place, orientation = 2, 1
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if 0xD0 <= marker <= 0xD8 or marker == 0x01:
            place += 2
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            bits, height, width, channels = struct.unpack_from(">BHHB", data, place + 4)
            return PictureHeader("JPEG", width, height, channels, bits, orientation=orientation)
        if marker == 0xE1 and data[place + 4 : place + 10] == b"Exif\0\0":
            orientation = _orientation(data[place + 10 : place + 2 + length])
        place += 2 + length
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
    pictures = data.count(b"ANMF") if flags & 2 else 1
    orientation = 1
    found = data.find(b"EXIF") if flags & 8 else -1
    if found >= 0:
        orientation = _orientation(data[found + 8 :].removeprefix(b"Exif\0\0"))
    channels = 4 if flags & 16 else 3
    return PictureHeader(
        "WebP", width, height, channels, pictures=max(1, pictures), orientation=orientation
    )


def _bmp(data: bytes) -> PictureHeader | None:
    space = ""
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, bits, packed = struct.unpack_from("<iiHHI", data, 18)
        masks = struct.unpack_from("<III", data, 54) if packed in (3, 6) and bits > 8 else ()
        known = struct.unpack_from("<I", data, 14)[0] >= 56 and _BYTES.issuperset(masks)
        if masks and masks not in _MASKS and not known:
            space = "unusual bit masks"
    channels = 4 if bits == 32 else 3
    indexed = bits <= 8
    return PictureHeader(
        "BMP", abs(width), abs(height), channels, min(bits, 8), indexed, space=space
    )


_MASKS = ((0xFF0000, 0xFF00, 0xFF), (0xF800, 0x7E0, 0x1F), (0x7C00, 0x3E0, 0x1F))
_BYTES = {0xFF, 0xFF00, 0xFF0000, 0xFF000000}
"""Where red, green and blue lie in pixels of a BMP that says so; any bytes in longer headers."""


def _gif(data: bytes) -> PictureHeader | None:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    place = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    pictures = 0
    while place < len(data) and data[place] != 0x3B:
        if data[place] == 0x21:
            place += 2
        elif data[place] == 0x2C:
            pictures += 1
            left, top, across, down, local = struct.unpack_from("<HHHHB", data, place + 1)
            width, height = max(width, left + across), max(height, top + down)
            place += 11 + (3 << (local & 7) + 1 if local & 0x80 else 0)
        else:
            return None
        while place < len(data) and data[place]:  # blocks, each behind its length
            place += 1 + data[place]
        place += 1
    return PictureHeader("GIF", width, height, indexed=True, pictures=max(1, pictures))


_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 16: 8}


def _tiff(data: bytes) -> PictureHeader | None:
    pages = list(_tiff_pages(data))
    full = [page for page in pages if not page.get(254, 0) & 5]  # no thumbnails, no masks
    if not pages:
        return None
    page = pages[0]
    kind, bits, width, height = page.get(262, 1), page.get(258, 1), page[256], page[257]
    space = "" if kind <= 6 else "Lab" if kind <= 10 else f"kind {kind}"
    if page.get(284, 1) == 2 and bits > 8 and page.get(277, 1) > 1:
        space = f"separate planes of {bits} bits"
    return PictureHeader(
        "TIFF", width, height, page.get(277, 1), bits, kind == 3, max(1, len(full)),
        page.get(274, 1), space, kind == 5,
    )  # fmt: skip


def _tiff_pages(data: bytes) -> Iterator[dict[int, int]]:
    """The first number of each tag of each directory; classic and big files."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    head, count, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    place = struct.unpack_from(order + head, data, 8 if big else 4)[0]
    seen: set[int] = set()
    while place and place not in seen and len(seen) < 10_000:
        seen.add(place)
        number = struct.unpack_from(order + count, data, place)[0]
        place += struct.calcsize(order + count)
        if number > 10_000:
            raise ValueError("a directory of too many entries")
        tags: dict[int, int] = {}
        for _ in range(number):
            tag, kind, values = struct.unpack_from(order + entry, data, place)
            inside = place + struct.calcsize(order + entry)
            room = struct.calcsize(order + head)
            size = _TIFF_SIZES.get(kind)
            if size and values:
                if size * values > room:
                    inside = struct.unpack_from(order + head, data, inside)[0]
                letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
                tags[tag] = struct.unpack_from(order + letter, data, inside)[0]
            place += struct.calcsize(order + entry) + room
        yield tags
        place = struct.unpack_from(order + head, data, place)[0]


def _orientation(exif: bytes) -> int:
    """EXIF's orientation, 1 to 8; 1 where nothing or nonsense is said."""
    try:
        found = next(_tiff_pages(exif)).get(274, 1)
    except (struct.error, StopIteration, ValueError):
        return 1
    return found if 1 <= found <= 8 else 1


def _pnm(data: bytes) -> PictureHeader | None:
    """PBM, PGM and PPM; comments may stand between the numbers."""
    count = 2 if data[1:2] in b"14" else 3
    numbers = re.match(rb"P\d" + rb"(?:\s|#[^\n]*\n)+(\d{1,10})" * count, data)
    if numbers is None:
        return None
    width, height = int(numbers[1]), int(numbers[2])
    most = int(numbers[3]) if count == 3 else 1
    channels = 3 if data[1:2] in b"36" else 1
    return PictureHeader("PNM", width, height, channels, _bits(most), white=_white(most))


def _pam(data: bytes) -> PictureHeader | None:
    head = data[: data.index(b"ENDHDR")]
    said = {name: int(value) for name, value in re.findall(rb"(?m)^([A-Z]+)\s+(\d{1,10})", head)}
    width, height = said[b"WIDTH"], said[b"HEIGHT"]
    most = said[b"MAXVAL"]
    channels = said.get(b"DEPTH", 1)
    return PictureHeader("PAM", width, height, channels, _bits(most), white=_white(most))


def _bits(most: int) -> int:
    return 1 if most == 1 else 8 if most < 256 else 16


def _white(most: int) -> int:
    """The level of white, where decoders, which do not stretch levels, would give a darker one."""
    return 0 if most in (1, 255, 65535) else most


def _pfm(data: bytes) -> PictureHeader | None:
    numbers = re.match(rb"P[Ff]\s+(\d{1,10})\s+(\d{1,10})\s", data)
    if numbers is None:
        return None
    return PictureHeader("PFM", int(numbers[1]), int(numbers[2]), 3 if data[1:2] == b"F" else 1, 32)


def _hdr(data: bytes) -> PictureHeader | None:
    size = re.search(rb"\n[-+][XY] (\d{1,10}) [-+][XY] (\d{1,10})\n", data[:8192])
    return PictureHeader("HDR", int(size[2]), int(size[1]), 3, 32) if size else None


def _sun(data: bytes) -> PictureHeader | None:
    width, height, depth = struct.unpack_from(">III", data, 4)
    return PictureHeader("Sun raster", width, height, indexed=depth <= 8)


def _jpeg2000(data: bytes) -> PictureHeader | None:
    place = data.find(b"\xff\x4f\xff\x51")  # the start of the code stream, and its size
    if place < 0:
        return None
    right, bottom, left, top = struct.unpack_from(">IIII", data, place + 8)
    channels, depth = struct.unpack_from(">HB", data, place + 40)
    return PictureHeader("JPEG 2000", right - left, bottom - top, channels, (depth & 0x7F) + 1)


def _avif(data: bytes) -> PictureHeader | None:
    """The largest extent that any picture in the file has; animations are told by their brand."""
    sizes = [
        struct.unpack_from(">II", data, found.end() + 4) for found in re.finditer(rb"ispe", data)
    ]
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    place = data.find(b"pixi")
    bits = data[place + 9] if 0 <= place < len(data) - 9 else 8
    brands = data[8 : int.from_bytes(data[:4], "big")]
    head = rb"\0\0\0\x09"  # the size of both boxes
    turn, mirror = (re.search(head + name + rb"(.)", data, re.DOTALL) for name in _WAYS)
    way = turn[1][0] & 3 if turn else 0, mirror[1][0] & 1 if mirror else None
    return PictureHeader(
        "AVIF", width, height, 3, bits, pictures=2 if b"avis" in brands else 1,
        orientation=_TURNED[way],
    )  # fmt: skip


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
    (rb"P[1-6]\s", _pnm),
    (rb"P7\s", _pam),
    (rb"P[Ff]\s", _pfm),
    (rb"#\?(RADIANCE|RGBE)", _hdr),
    (rb"\x59\xa6\x6a\x95", _sun),
    (rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", _jpeg2000),
    (rb"....ftyp", _avif),
)
"""What a file begins with, and who reads its header."""
