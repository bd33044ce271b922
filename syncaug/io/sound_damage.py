"""Sounds of which the end is missing, although a decoder would read what is there."""

from __future__ import annotations

import struct
from collections.abc import Callable

from syncaug.io.ogg_pages import damage_of_ogg
from syncaug.io.riff import parts_of
from syncaug.io.wave_lengths import LARGE, damage_of_wave, w64_samples

__all__ = ["damage_of_sound"]

_Span = tuple[int, int]
"""Where samples begin, and how many bytes of them a header announces."""


def damage_of_sound(data: bytes) -> str:
    """Why a WAV, RF64, W64, AIFF, CAF, AU or Ogg is not whole; empty where it is, and for others.

    Where a writer did not know the length, the file is as long as it is.
    """
    if data[:4] == b"OggS":
        return damage_of_ogg(data)
    find = _FINDERS.get(data[:4])
    if find is None:
        return damage_of_wave(data)
    if data[:4] == b"FORM" and data[8:12] not in _AIFF:
        return ""
    try:
        start, length = find(data)
    except (struct.error, StopIteration):
        return "it holds no samples"
    missing = start + length - len(data)
    if 0 < length < _UNKNOWN[data[:4]] and missing > 0:
        return f"its last {missing} of {length} bytes of samples are missing"
    return ""


def _rf64(data: bytes) -> _Span:
    """EBU Tech 3306: a part `ds64` holds the lengths that do not fit."""
    said = struct.unpack_from("<Q", data, 28)[0] if data[12:16] == b"ds64" else 0
    start, length = _part(data, b"data", "<I")
    return start, said if length == 0xFFFFFFFF else length


def _aiff(data: bytes) -> _Span:
    return _part(data, b"SSND", ">I")


def _w64(data: bytes) -> _Span:
    place = w64_samples(data)
    if place < 0:
        raise StopIteration
    return place, struct.unpack_from("<Q", data, place - 8)[0] - 24


def _caf(data: bytes) -> _Span:
    """Apple's: lengths of 8 bytes, and of -1 where the samples go on to the end."""
    place = 8
    while data[place : place + 4] != b"data":
        place += 12 + max(0, struct.unpack_from(">q", data, place + 4)[0])
    return place + 12, max(0, struct.unpack_from(">q", data, place + 4)[0])


def _au(data: bytes) -> _Span:
    start, length = struct.unpack_from(">II", data, 4)
    return start, length


def _part(data: bytes, wanted: bytes, form: str) -> _Span:
    return next((at, size) for name, at, size in parts_of(data, form) if name == wanted)


_FINDERS: dict[bytes, Callable[[bytes], _Span]] = {
    b"RF64": _rf64,
    b"FORM": _aiff,
    b"riff": _w64,
    b".snd": _au,
    b"caff": _caf,
}
_AIFF = (b"AIFF", b"AIFC")
"""What a FORM holds that is looked at; Amiga's sounds (8SVX, 16SV) are others."""
_UNKNOWN = {
    **dict.fromkeys((b"RF64", b"caff", b"riff"), LARGE),
    b"FORM": 0x7F000000,  # by SoX
    b".snd": 0xFFFFFFFF,
}
"""Lengths from which on they are what writers to a pipe leave, as is 0."""
