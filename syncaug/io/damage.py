"""Files that a decoder would accept although a part of them is missing."""

from __future__ import annotations

import struct
import zlib

from syncaug.io.jpeg2000_damage import damage_of_jpeg2000
from syncaug.io.jpeg_damage import damage_of_jpeg
from syncaug.io.riff import parts_of
from syncaug.io.tiff_damage import damage_of_tiff
from syncaug.io.webp_damage import damage_of_webp

__all__ = ["damage_of_picture", "damage_of_wave", "samples_of_blocks", "with_true_length"]

_PNG = b"\x89PNG\r\n\x1a\n"
_ENDLESS = 0x7FFF0000
"""Lengths of a WAV file's samples from which on they are what writers to a pipe leave, as is 0."""


def damage_of_picture(data: bytes) -> str:
    """Why a PNG, JPEG, WebP, TIFF or JPEG 2000 is not whole; empty where it is, and for others."""
    if data.startswith(_PNG):
        return _damage_of_png(data)
    if data.startswith(b"\xff\xd8"):
        return damage_of_jpeg(data)
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return damage_of_tiff(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return damage_of_webp(data)
    if data.startswith((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")):
        return damage_of_jpeg2000(data)
    return ""


def damage_of_wave(data: bytes) -> str:
    """Why a WAV file is not whole; empty where it is, and for all other formats."""
    if not _is_wave(data):
        return ""
    place = _samples_of_wave(data)
    if place < 0:
        return "it holds no samples"
    length = int.from_bytes(data[place - 4 : place], "little")
    missing = place + length - len(data)
    if length < _ENDLESS and missing > 0:
        return f"its last {missing} of {length} bytes of samples are missing"
    return ""


def with_true_length(data: bytes) -> bytes:
    """A WAV file whose writer did not know its length, with the length of what is there."""
    place = _samples_of_wave(data) if _is_wave(data) else -1
    length = int.from_bytes(data[place - 4 : place], "little") if place >= 0 else 1
    if 0 < length < _ENDLESS or not 0 < len(data) - place < _ENDLESS:
        return data
    sizes = [(size).to_bytes(4, "little") for size in (len(data) - 8, len(data) - place)]
    return data[:4] + sizes[0] + data[8 : place - 4] + sizes[1] + data[place:]


def samples_of_blocks(data: bytes, length: int) -> int:
    """How many of the samples that the blocks of a WAV file hold are sound: the last is filled up.

    Its `fact` part says so; all, where it does not, and where samples are not packed in blocks.
    """
    counted, block = length, 0
    for name, start, size in parts_of(data) if _is_wave(data) else ():
        if name == b"fmt " and size >= 20:
            block = int.from_bytes(data[start + 18 : start + 20], "little")
            block *= int.from_bytes(data[start : start + 2], "little") in _IN_BLOCKS
        elif name == b"fact":
            counted = int.from_bytes(data[start : start + 4], "little")
    return counted if length - block < counted < length else length


_IN_BLOCKS = (0x02, 0x11, 0x31)
"""Numbers of codings in blocks (ADPCM of two kinds, GSM), behind which the samples of one stand."""


def _is_wave(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def _samples_of_wave(data: bytes) -> int:
    """Where the samples of a WAV file begin; -1 where there are none."""
    return next((start for name, start, _ in parts_of(data) if name == b"data"), -1)


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
