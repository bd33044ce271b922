"""Pictures that a decoder would accept although a part of them is missing."""

from __future__ import annotations

import struct
import zlib

from syncaug.io.bitmaps import damage_of_bitmap
from syncaug.io.jpeg2000_damage import damage_of_jpeg2000
from syncaug.io.jpeg_damage import damage_of_jpeg
from syncaug.io.tiff_damage import damage_of_tiff
from syncaug.io.webp_damage import damage_of_webp

__all__ = ["damage_of_picture"]

_PNG = b"\x89PNG\r\n\x1a\n"


def damage_of_picture(data: bytes) -> str:
    """Why a picture is not whole, by its form; empty where it is, and where that is not known."""
    if data.startswith(_PNG):
        return _damage_of_png(data)
    if data.startswith(b"\xff\xd8"):
        return damage_of_jpeg(data)
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return damage_of_tiff(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return damage_of_webp(data)
    if data.startswith(b"BM"):
        return damage_of_bitmap(data)
    if data.startswith((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")):
        return damage_of_jpeg2000(data)
    return ""


def _damage_of_png(data: bytes) -> str:
    place = len(_PNG)
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            break
        if zlib.crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            return f"the checksum of its part {kind.decode('latin-1')} is wrong"
        if kind == b"IEND":
            return ""
        place = end + 4
    return "it ends too early"
