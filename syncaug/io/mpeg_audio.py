"""MP3: how many frames a file really holds, where its header does not say so or says it wrongly.

libsndfile takes the number of samples from the Xing or Info header; without one it guesses by the
first frame's bit rate, and reads no further. So the file is handed to it with a header that counts
the frames that are there. Source: ISO 11172-3, section 2.4.1.3; Xing VBR header, SDK 1999.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

__all__ = ["with_true_count"]

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Version bits (MPEG 1, 2, 2.5) -> sample rates."""

_KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Whether it is MPEG 1 -> bit rates of layer III."""

_HEADERS = (b"Xing", b"Info")
_FRAMES_SAID = 1
_SEARCHED = 1 << 16
"""Bytes before the first frame that may hold something else."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The header of a frame of layer III: `side` bytes of it come before its data."""

    length: int
    form: int
    side: int


_DELAY = 529
"""Samples that libsndfile's decoder takes from the start of a file with a header."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A file whose header counts its frames; `lead` samples at its start were not in the original.
    `torn` says that it counted frames that are not there, the last one in part."""

    data: bytes
    lead: int = 0
    torn: bool = False


def with_true_count(data: bytes) -> Counted:
    """The file with a header that counts its frames.

    Files of another format, and those whose header is right, come back as they are.
    """
    first = _first_frame(data)
    if first < 0:
        return Counted(data)
    head = _frame_at(data, first)
    assert head is not None
    count, end = _count(data, first, head.form)
    place = data.find(b"VBRI", first + 36, first + 40)
    if place >= 0:  # of Fraunhofer's encoders; its count is left to libsndfile if it is right
        (said,) = struct.unpack_from(">I", data, place + 14)
        if said in (count - 1, count):
            return Counted(data)
        return _prepended(data, first + head.length, count - 1)
    place = first + 4 + head.side
    if data[place : place + 4] not in _HEADERS:
        return _prepended(data, first, count)
    (flags,) = struct.unpack_from(">I", data, place + 4)
    said = struct.unpack_from(">I", data, place + 8)[0] if flags & _FRAMES_SAID else 0
    if said in (count - 1, count):
        return Counted(data)
    if said > count and _is_torn(data, end):
        return Counted(data, torn=True)
    if not flags & _FRAMES_SAID:
        return _prepended(data, first + head.length, count - 1)
    return Counted(data[: place + 8] + struct.pack(">I", count - 1) + data[place + 12 :])


def _first_frame(data: bytes) -> int:
    """Where the first of three frames in a row begins, or of all there are; -1 where none are."""
    place = 0
    while data[place : place + 3] == b"ID3" and len(data) >= place + 10:
        size = data[place + 6 : place + 10]
        place += 10 + (
            (size[0] & 127) << 21 | (size[1] & 127) << 14 | (size[2] & 127) << 7 | size[3]
        )
    if data[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM", b".snd"):
        return -1
    stop = place + _SEARCHED
    while (place := data.find(b"\xff", place, stop)) >= 0:
        at, form = place, -1
        for _ in range(3):
            if at == len(data) > place and form >= 0:  # a file of one or two
                return place
            frame = _frame_at(data, at)
            if frame is None or form not in (-1, frame.form):
                break
            at, form = at + frame.length, frame.form
        else:
            return place
        place += 1
    return -1


def _frame_at(data: bytes, place: int) -> _Frame | None:
    head = data[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # the sync word, layer III
        return None
    version, rate, level = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate == 3 or level in (0, 15):
        return None
    one, mono = version == 3, head[3] >> 6 == 3
    per_frame = 144_000 if one else 72_000
    length = per_frame * _KILOBITS[one][level] // _RATES[version][rate] + (head[2] >> 1 & 1)
    side = (17 if mono else 32) if one else (9 if mono else 17)
    return _Frame(length, version << 4 | rate << 2 | mono, side)


def _count(data: bytes, place: int, form: int) -> tuple[int, int]:
    """How many whole frames there are, and where the last of them ends."""
    count = 0
    while (frame := _frame_at(data, place)) is not None and frame.form == form:
        if place + frame.length > len(data):
            break
        count, place = count + 1, place + frame.length
    return count, place


def _is_torn(data: bytes, end: int) -> bool:
    """Whether the file ends inside a frame; tags may stand behind the last one."""
    return len(data) - end > 0 and _frame_at(data, end) is not None


def _prepended(data: bytes, first: int, count: int) -> Counted:
    """The frames behind a header of our own and a frame of silence, for the decoder's delay."""
    head = bytearray(data[first : first + 4])
    head[1] |= 1  # no checksum
    head[2] = (head[2] & 0x0C) | 0xC0  # a bit rate that has room for it, no padding
    frame = _frame_at(bytes(head), 0)
    assert frame is not None
    silence = bytes(head) + bytes(frame.length - 4)
    said = b"Info" + struct.pack(">II", _FRAMES_SAID, count + 1)
    place = 4 + frame.side
    counting = silence[:place] + said + silence[place + len(said) :]
    samples = 1152 if frame.form >> 4 == 3 else 576
    return Counted(counting + silence + data[first:], lead=samples - _DELAY)
