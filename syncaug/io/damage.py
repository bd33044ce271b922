"""Files that a decoder would accept although a part of them is missing."""

from __future__ import annotations

import struct
import zlib

__all__ = ["damage_of_picture", "damage_of_wave"]

_PNG = b"\x89PNG\r\n\x1a\n"
_UNKNOWN_LENGTH = (0, 0xFFFFFFFF)
"""What writers to a pipe leave as the length of a WAV file's samples."""


def damage_of_picture(data: bytes) -> str:
    """Why a PNG, JPEG or WebP file is not whole; empty where it is, and for all other formats."""
    if data.startswith(_PNG):
        return _damage_of_png(data)
    if data.startswith(b"\xff\xd8"):
        return _damage_of_jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        if len(data) < 8 + int.from_bytes(data[4:8], "little"):
            return "it ends too early"
    return ""


def damage_of_wave(data: bytes) -> str:
    """Why a WAV file is not whole; empty where it is, and for all other formats."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return ""
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"data":
            missing = place + 8 + length - len(data)
            if length not in _UNKNOWN_LENGTH and missing > 0:
                return f"its last {missing} of {length} bytes of samples are missing"
            return ""
        place += 8 + length + length % 2
    return "it holds no samples"


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


def _damage_of_jpeg(data: bytes) -> str:
    """A JPEG is whole where the end marker follows the first scan; thumbnails stand before it."""
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return "its header is damaged"
        marker = data[place + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:  # padding, or no content
            place += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:
            return "" if data.find(b"\xff\xd9", place) >= 0 else "it ends too early"
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return "it ends too early"
