"""What each kind of container is written with: its encoders, and what they can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DEFAULT_CODING", "FORMS", "SOUNDS", "Coding", "Form", "Sound", "form_of"]


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures and sound are encoded.

    `crf` is H.264's constant rate factor, 0 (without loss but for the colour space) to 51; VP9
    takes the same number. `preset` trades speed for size, as x264 names it. `sound` is a name of
    `SOUNDS`, or empty for the container's own. `threads` are those of the encoder of pictures, 1 to
    16: its bytes depend on them, so that they are not taken from the machine.
    """

    crf: int = 12
    preset: str = "veryfast"
    sound: str = ""
    threads: int = 4


DEFAULT_CODING = Coding()


@dataclass(frozen=True, slots=True)
class Sound:
    """An encoder of sound: its sample format, the numbers of channels whose order it keeps, and
    the only rate at which it gives sound back, if there is one."""

    encoder: str
    samples: str
    channels: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8)
    only_rate: int = 0


SOUNDS: Mapping[str, Sound] = {
    "aac": Sound("aac", "fltp", (1, 2, 3, 4, 5, 6, 8)),
    "alac": Sound("alac", "s32p", (1, 2, 3, 5, 6)),  # 24 bits
    "flac": Sound("flac", "s32"),  # 24 bits
    "pcm": Sound("pcm_f32le", "flt"),  # exact
    "opus": Sound("libopus", "flt", (1, 2, 3, 4, 6, 8), only_rate=48000),
}
"""Name -> encoder of sound."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of container: encoders of video, sound (the first by default) and text.

    `tick` is the finest step of time that it knows, in steps a second, 0 where each track has its
    own. `overlaps` says whether cues may overlap in a track.
    """

    muxer: str
    video: str
    sounds: tuple[str, ...]
    text: str
    styled: str = ""
    tick: int = 0
    overlaps: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


_INDEX_FIRST = {"movflags": "+faststart", "movie_timescale": "90000"}
"""The index before the data, and starts of tracks to 1/90000 s."""

_MP4 = Form(
    "mp4",
    "libx264",
    ("aac", "alac", "flac", "pcm"),
    "mov_text",
    overlaps=False,
    options=_INDEX_FIRST,
)

FORMS: Mapping[str, Form] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": Form(
        "mov",
        "libx264",
        ("aac", "alac", "pcm"),
        "mov_text",
        overlaps=False,
        options=_INDEX_FIRST,
    ),
    ".mkv": Form(
        "matroska", "libx264", ("flac", "pcm", "aac", "alac", "opus"), "subrip", "ass", 1000
    ),
    ".webm": Form("webm", "libvpx-vp9", ("opus",), "webvtt", tick=1000),
}
"""Suffix -> how such a container is written. Sources of any other kind give .mp4."""


def form_of(suffix: str) -> tuple[str, Form]:
    """The suffix and the form in which results of a source with `suffix` are written."""
    suffix = suffix.lower()
    return (suffix, FORMS[suffix]) if suffix in FORMS else (".mp4", FORMS[".mp4"])
