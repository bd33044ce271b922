"""Files that a decoder would accept although a part of them is missing."""

from __future__ import annotations

import struct
import zlib

from syncaug.io.tiff_pages import deflated_parts

__all__ = ["damage_of_picture", "damage_of_wave", "with_true_length"]

_PNG = b"\x89PNG\r\n\x1a\n"
_ENDLESS = 0x7FFF0000
"""Lengths of a WAV file's samples from which on they are what writers to a pipe leave, as is 0."""


def damage_of_picture(data: bytes) -> str:
    """Why a PNG, JPEG, WebP or TIFF is not whole; empty where it is, and for all other formats."""
    if data.startswith(_PNG):
        return _damage_of_png(data)
    if data.startswith(b"\xff\xd8"):
        return _damage_of_jpeg(data)
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return _damage_of_tiff(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        if len(data) < 8 + int.from_bytes(data[4:8], "little"):
            return "it ends too early"
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


def _is_wave(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def _samples_of_wave(data: bytes) -> int:
    """Where the samples of a WAV file begin; -1 where there are none."""
    place = 12
    while place + 8 <= len(data):
        if data[place : place + 4] == b"data":
            return place + 8
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return -1


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


def _damage_of_tiff(data: bytes) -> str:
    """libtiff leaves black what it cannot unpack, where it gives colours of 8 bits."""
    try:
        for part in deflated_parts(data):
            unpacking, left, done = zlib.decompressobj(), part, 0
            while left and not unpacking.eof and done < _UNPACKED:
                done += len(unpacking.decompress(left, 1 << 20))
                left = unpacking.unconsumed_tail
    except zlib.error:
        return "a part of its pixels cannot be unpacked"
    except (struct.error, ValueError):
        return "its directory is damaged"
    return ""


_UNPACKED = 1 << 30
"""So many bytes of one part are looked at."""


def _damage_of_jpeg(data: bytes) -> str:
    """A JPEG is whole where the end marker follows the first scan; thumbnails stand before it.

    In Huffman's code (ITU-T T.81) each block of 8x8 pixels takes a bit or more.
    """
    place, blocks, sequential = 2, 0, False
    first: dict[int, int] = {}
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return "its header is damaged"
        marker = data[place + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:  # padding, or no content
            place += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9", place)
            if end >= 0 and 8 * (end - place) < blocks:
                return f"{end - place} bytes cannot hold the pixels that its header announces"
            if end >= 0 and sequential and _has_hole(data, place, first):
                return f"{_HOLE} bytes or more in its pixels are zeros"
            return "" if end >= 0 else "it ends too early"
        if marker == 0xC4:
            first |= _first_symbols(data, place)
        sequential |= marker in (0xC0, 0xC1)
        if 0xC0 <= marker <= 0xC2 and place + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, place + 5)
            blocks = -(-height // 8) * -(-width // 8)
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return "it ends too early"


_HOLE = 256
"""So many zeros in a row are no picture, unless they are what flat blocks are coded as."""


def _first_symbols(data: bytes, place: int) -> dict[int, int]:
    """What bits of zeros mean in each table of a DHT segment, by the byte that names the table."""
    end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    at, first = place + 4, {}
    while at + 18 <= min(end, len(data)):
        first[data[at]] = data[at + 17]
        at += 17 + sum(data[at + 1 : at + 17])
    return first


def _has_hole(data: bytes, place: int, first: dict[int, int]) -> bool:
    """Whether the first scan, from its SOS segment on, holds zeros that no coder writes.

    Each bit of zero is then the same coefficient again, in block after block; where it is the end
    of a block (symbol 0), the blocks are flat and may well be meant.
    """
    count = data[place + 4]
    tables = data[place + 6 : place + 5 + 2 * count : 2]
    if all(first.get(0x10 | table & 0x0F, 0) == 0 for table in tables):
        return False
    hole = data.find(bytes(_HOLE), place)
    if hole < 0:
        return False
    ends = (data.find(mark, place + 2) for mark in (b"\xff\xd9", b"\xff\xda"))
    return all(end < 0 or hole < end for end in ends)
