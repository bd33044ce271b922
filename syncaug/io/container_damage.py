"""Containers of which a part is missing, although a demuxer would open them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from syncaug.io.gif_parts import damage_of_gif
from syncaug.io.ogg_pages import damage_of_ogg

__all__ = ["damage_of_container"]

_BOXES = frozenset(
    [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"sidx", b"styp", b"uuid"]
)
"""The boxes that stand at the outermost level of an MP4 or QuickTime file."""

_ENCRYPTED = re.compile(rb"enc[va]\0{6}")
"""What a sample entry is called whose packets are encrypted (ISO/IEC 23001-7), and what follows."""
_INDEX = 8 << 20
"""So much of an index is looked at; entries stand before the tables of each track."""

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"


_UNKNOWN = 0x7FFF0000
"""Lengths in AVI from which on they say nothing, as 0 does."""
_PAGE = 27 + 255 + 255 * 255
"""The bytes of the largest page of Ogg."""


def damage_of_container(path: Path, size: int) -> str:
    """Why a container of `size` bytes is not whole; empty where it is, and for other formats.

    Only lengths and the index are read, so a large file takes hardly longer than a small one. One
    that is encrypted is told, too: decoders make noise of it. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[4:8] in _BOXES:
            return _damage_of_boxes(file, size)
        if head.startswith(_EBML):
            return _damage_of_matroska(file, size)
        if head[:4] == b"RIFF" and head[8:] == b"AVI ":
            return _damage_of_avi(file, size)
        if head[:4] == b"OggS":
            return _damage_of_ogg(file, size)
        if head[:4] == b"GIF8" and size <= _INDEX:
            file.seek(0)
            return damage_of_gif(file.read())
    return ""


def _damage_of_boxes(file: BinaryIO, size: int) -> str:
    place, found = 0, set()
    while place + 8 <= size:
        file.seek(place)
        head = file.read(16)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:  # up to the end of the file
            length = size - place
        if length < 8:
            return "the length of one of its parts is wrong"
        if place + length > size:
            missing = place + length - size
            return f"it ends too early; the last {missing} bytes of its part {_text(name)} are gone"
        if name == b"moov":
            file.seek(place)
            if _ENCRYPTED.search(file.read(min(length, _INDEX))):
                return "its tracks are encrypted; decrypt it first"
        found.add(name)
        place += length
    if not found & {b"moov", b"meta"}:  # pictures (HEIF) have no moov
        return "it ends too early, or its index (moov) is missing"
    return ""


def _damage_of_matroska(file: BinaryIO, size: int) -> str:
    place = 0
    while place + 12 <= size:
        file.seek(place)
        head = file.read(12)
        identity = head[: 9 - head[0].bit_length()] if head[0] else b""
        if not identity:
            return "the length of one of its parts is wrong"
        width = 9 - head[len(identity)].bit_length() if head[len(identity)] else 0
        if not width:
            return "the length of one of its parts is wrong"
        raw = head[len(identity) : len(identity) + width]
        length = int.from_bytes(raw, "big") & ((1 << 7 * width) - 1)
        if length == (1 << 7 * width) - 1:  # written to a pipe: the length is not known
            return ""
        end = place + len(identity) + width + length
        if end > size:
            return f"it ends too early; its last {end - size} bytes are gone"
        if identity == _SEGMENT:
            return ""
        place = end
    return "it ends too early"


def _damage_of_avi(file: BinaryIO, size: int) -> str:
    """OpenDML: parts of a gigabyte or so, each with its length; none where a writer was stopped."""
    place = 0
    while place + 12 <= size:
        file.seek(place)
        head = file.read(12)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] != b"RIFF" or not 0 < length < _UNKNOWN:
            return ""
        place += 8 + length
        if place > size:
            return f"it ends too early; its last {place - size} bytes are gone"
        place += length % 2
    return ""


def _damage_of_ogg(file: BinaryIO, size: int) -> str:
    """Whether the last page is whole; all others would have to be read."""
    file.seek(max(0, size - 2 * _PAGE))
    end = file.read()
    return damage_of_ogg(end[max(0, end.rfind(b"OggS")) :])


def _text(name: bytes) -> str:
    return name.decode("latin-1")
