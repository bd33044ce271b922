"""How long a WAV, RF64 or W64 is: what its writer did not know, and what fills its last block."""

from __future__ import annotations

from syncaug.io.riff import parts_of

__all__ = [
    "LARGE",
    "damage_of_wave",
    "is_mistaken",
    "samples_of_blocks",
    "w64_samples",
    "with_true_length",
]

_ENDLESS = 0x7FFF0000
"""Lengths of a WAV file's samples from which on they are what writers to a pipe leave, as is 0."""

LARGE = 1 << 62
"""Such lengths where they have 8 bytes."""

_IN_BLOCKS = (0x02, 0x11, 0x31)
"""Numbers of codings in blocks (ADPCM of two kinds, GSM), behind which the samples of one stand."""


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
    """A WAV, RF64 or W64 whose writer did not know its length, with the length of what is there."""
    if data[:4] == b"RF64":
        return _rf64(data)
    if data[:4] == b"riff":
        return _w64(data)
    place = _samples_of_wave(data) if _is_wave(data) else -1
    length = int.from_bytes(data[place - 4 : place], "little") if place >= 0 else 1
    if 0 < length < _ENDLESS or not 0 < len(data) - place < _ENDLESS:
        return data
    return _with(data, {4: len(data) - 8, place - 4: len(data) - place}, 4)


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


def is_mistaken(data: bytes) -> bool:
    """Whether libsndfile takes floats for whole numbers: in W64 whose format is the long one."""
    return data[:4] == b"riff" and data[40:44] == b"fmt " and data[64:66] == b"\xfe\xff"


def w64_samples(data: bytes) -> int:
    """Where the samples of a W64 begin, whose parts have names of 16 bytes and lengths of 8 that
    count these heads, all at places of 8 bytes; -1 where there are none."""
    place = 40
    while place + 24 <= len(data):
        if data[place : place + 4] == b"data":
            return place + 24
        length = int.from_bytes(data[place + 16 : place + 24], "little")
        place += max(24, length + -length % 8)
    return -1


def _rf64(data: bytes) -> bytes:
    """EBU Tech 3306: a part `ds64` holds the lengths that do not fit into 4 bytes."""
    place = next((start for name, start, _ in parts_of(data) if name == b"data"), -1)
    if place < 0 or data[12:16] != b"ds64" or data[place - 4 : place] != b"\xff" * 4:
        return data
    if 0 < int.from_bytes(data[28:36], "little") < LARGE:
        return data
    return _with(data, {20: len(data) - 8, 28: len(data) - place}, 8)


def _w64(data: bytes) -> bytes:
    place = w64_samples(data)
    said = int.from_bytes(data[place - 8 : place], "little") if place >= 0 else 1
    if 24 < said < LARGE or not said:
        return data
    if is_mistaken(data):  # FFmpeg, which would read it, knows no such lengths
        data = data[:64] + data[88:90] + data[66:]
    return _with(data, {16: len(data), place - 8: len(data) - place + 24}, 8)


def _with(data: bytes, lengths: dict[int, int], size: int) -> bytes:
    """The file with numbers of so many bytes, the lowest first, at their places."""
    changed = bytearray(data)
    for place, length in lengths.items():
        changed[place : place + size] = length.to_bytes(size, "little")
    return bytes(changed)


def _is_wave(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def _samples_of_wave(data: bytes) -> int:
    """Where the samples of a WAV file begin; -1 where there are none."""
    return next((start for name, start, _ in parts_of(data) if name == b"data"), -1)
