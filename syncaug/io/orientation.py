"""Which way up a picture is, as its EXIF says, or its XMP where EXIF does not say it."""

from __future__ import annotations

import re
import struct
import zlib

from syncaug.io.tiff_pages import tiff_pages

__all__ = ["orientation_of", "orientation_of_png_text", "orientation_of_xmp"]


def orientation_of(exif: bytes) -> int | None:
    """EXIF's orientation, 1 to 8; 1 where it is nonsense, None where nothing is said."""
    try:
        found = next(tiff_pages(exif)).get(274)
    except (struct.error, StopIteration, ValueError):
        return None
    return found if found is None or 1 <= found <= 8 else 1


def orientation_of_xmp(packet: bytes) -> int | None:
    """The orientation that XMP repeats from EXIF, as an attribute or as an element."""
    found = re.search(rb"tiff:Orientation(?:\s*=\s*[\"']|\s*>\s*)([1-8])\s*[\"'<]", packet)
    return int(found[1]) if found else None


def orientation_of_png_text(name: bytes, text: bytes) -> tuple[int | None, bool]:
    """What a tEXt, zTXt or iTXt part of a PNG says, and whether XMP says it.

    EXIF stands there as ImageMagick puts it, in hexadecimal digits.
    """
    keyword, _, rest = text[:_PROFILE].partition(b"\0")
    try:
        if name == b"iTXt":
            if keyword != b"XML:com.adobe.xmp":
                return None, True
            packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
            return orientation_of_xmp(_unpacked(rest) if packed else rest), True
        if keyword.lower() not in _PROFILES:
            return None, False
        plain = _unpacked(rest[1:]) if name == b"zTXt" else rest
        digits = b"".join(plain.split()[2:])  # behind the profile's name and length
        profile = bytes.fromhex(digits.decode("ascii"))
    except (ValueError, zlib.error):  # cut off, or no digits
        return None, False
    if keyword.lower().endswith(b"xmp"):
        return orientation_of_xmp(profile), True
    return orientation_of(profile.removeprefix(b"Exif\0\0")), False


def _unpacked(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _PROFILE)


_PROFILES = (b"raw profile type exif", b"raw profile type app1", b"raw profile type xmp")
_PROFILE = 1 << 18
"""So much of a profile is looked at: EXIF holds at most 64 KiB, two digits for each byte."""
