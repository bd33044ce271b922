"""Containers: files that hold several tracks on one time line, opened by PyAV.

The clock of a container starts where its own time line does: at 0, or at the first packet where
the format counts from anywhere (MPEG transport streams). Tracks may start later.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from syncaug.errors import MissingExtraError
from syncaug.io.channel_layouts import name_as_usual
from syncaug.io.container_damage import damage_of_container
from syncaug.io.problem import FileProblem, check_regular

__all__ = [
    "DEFAULT_EXPECTED",
    "SUFFIXES",
    "Track",
    "counts_from_anywhere",
    "decoding",
    "is_container",
    "list_tracks",
    "load_av",
    "open_container",
    "origin",
    "pick",
    "tracks_of",
]

_LISTS = frozenset({"concat", "hls", "dash", "imf", "sdp", "rtsp", "vobsub", "image2"})
"""FFmpeg's formats that read other files than the one that is opened."""

SUFFIXES = (
    ".mp4", ".m4v", ".m4a", ".mov", ".3gp", ".mkv", ".mka", ".webm",
    ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".vob", ".flv", ".f4v", ".wmv", ".asf",
    ".ogv", ".ogm", ".3g2", ".mxf", ".nut", ".qt", ".mk3d", ".rm", ".rmvb", ".wtv", ".dv", ".swf",
    ".m4b", ".aac", ".ac3", ".eac3", ".amr", ".wma", ".wv", ".ape", ".tta", ".dts", ".spx", ".ra",
    ".mlp", ".thd",
)  # fmt: skip
"""The suffixes by which a container is known, and sounds that only PyAV decodes."""

_KINDS = {"video": "a video track", "audio": "a sound track", "subtitle": "a subtitle track"}
_FROM_ANYWHERE = frozenset({"mpegts", "mpeg", "mpegvideo", "flv", "asf", "ogg"})
"""Formats whose time line has no zero of its own."""

_FROM_FIRST = _FROM_ANYWHERE | {"flac"}
"""Formats whose clock is 0 at the first packet: pieces of FLAC keep the numbers of the whole."""

_SQUARE = 0.01
"""By how much the sides of pixels may differ that are called square."""

DEFAULT_EXPECTED = "a video or another container (MP4, MOV, Matroska, WebM ...)"


@dataclass(frozen=True, slots=True)
class Track:
    """What a container says of one track; times in seconds, 0 where nothing is said."""

    kind: str
    number: int
    codec: str
    start: float
    duration: float
    width: int = 0
    height: int = 0
    rate: float = 0.0
    channels: int = 0
    language: str = ""
    aspect: str = ""
    """Width to height of a pixel, as in 4:3; empty where pixels are square."""


def is_container(path: str | Path) -> bool:
    """Whether a file goes by a container's suffix."""
    return Path(path).suffix.lower() in SUFFIXES


def list_tracks(path: Path) -> tuple[Track, ...]:
    """The tracks of a file: each kind counted from 0. Raises FileProblem, MissingExtraError."""
    with open_container(path, DEFAULT_EXPECTED) as container:
        return tracks_of(container)


def tracks_of(container: Any) -> tuple[Track, ...]:
    """What `list_tracks` tells, of a container that is open."""
    zero = origin(container)
    return tuple(
        _described(stream, kind, number, zero)
        for kind in _KINDS
        for number, stream in enumerate(_streams(container, kind))
    )


@contextmanager
def open_container(path: Path, expected: str = DEFAULT_EXPECTED) -> Iterator[Any]:
    """The container of a file, closed at the end.

    Raises FileProblem where there is none, where a part of it is missing, and where it is a list of
    other files.
    """
    av = load_av()
    try:
        damage = damage_of_container(path, check_regular(path, expected))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileProblem(expected, f"{path}, which cannot be read: {reason}") from None
    if damage:
        raise FileProblem(expected, f"{path}, which is damaged: {damage}")
    try:
        container = av.open(os.path.abspath(path), metadata_errors="replace")  # "a:b" is no URL
    except (av.error.FFmpegError, ValueError) as error:
        raise FileProblem(
            expected, f"{path}, which is damaged or of another format: {_reason(error)}"
        ) from None
    with container:
        name_as_usual(container)
        if _LISTS.intersection(container.format.name.split(",")):
            raise FileProblem(
                expected,
                f"{path}, a list that names other files ({container.format.name})",
                "Name the files themselves.",
            )
        if container.format.name.endswith("_pipe"):  # FFmpeg's name for files of one picture
            raise _not_a_film(path, expected)
        yield container


def _not_a_film(path: Path, expected: str) -> FileProblem:
    """The error of a picture; one WebP may hold several, which FFmpeg does not tell apart."""
    with path.open("rb") as file:
        if b"ANMF" in file.read(1 << 16):
            return FileProblem(
                expected,
                f"{path}, an animated WebP",
                "Save it as PNG, which holds its frames as they are: Pillow's "
                "Image.open('x.webp').save('x.png', save_all=True).",
            )
    return FileProblem(expected, f"{path}, a picture", "Declare it as modality: image.")


@contextmanager
def decoding(path: Path, expected: str) -> Iterator[None]:
    """Turn a decoder's complaint into a FileProblem."""
    av = load_av()
    try:
        yield
    except (av.error.FFmpegError, EOFError) as error:
        raise FileProblem(
            expected, f"{path}, which is damaged or cannot be decoded: {_reason(error)}"
        ) from None


def pick(path: Path, container: Any, kind: str, number: int) -> Any:
    """Track `number` of its kind. Raises FileProblem where there is none that can be decoded."""
    streams = _streams(container, kind)
    what = _KINDS[kind]
    if not streams and kind == "video" and any(map(_is_item, container.streams)):
        raise _not_a_film(path, what)
    if not streams:
        others = sorted({s.type for s in container.streams if s.type in _KINDS})
        has = " and ".join(others) if others else "nothing that can be played"
        raise FileProblem(what, f"{path}, which holds {has} only")
    if number >= len(streams):
        count = f"{len(streams)} such track" + ("s" if len(streams) > 1 else "")
        raise FileProblem(
            f"{what} with the number {number}",
            f"{path} with {count}, counted from 0",
            "Change `track:` in the declaration.",
        )
    stream = streams[number]
    if stream.codec_context is None:
        raise FileProblem(f"{what} that can be decoded", f"{path}, whose codec is unknown")
    return stream


def counts_from_anywhere(container: Any) -> bool:
    """Whether the format is that of recordings: its time line and its file may begin anywhere."""
    return bool(_FROM_ANYWHERE & set(container.format.name.split(",")))


def origin(container: Any) -> Fraction:
    """The second of the container's own time line at which its clock is 0."""
    if not _FROM_FIRST & set(container.format.name.split(",")):
        return Fraction(0)
    return Fraction(container.start_time or 0, 1_000_000)


def load_av() -> Any:
    """PyAV. Raises MissingExtraError."""
    try:
        import av
        import av.error
        import av.subtitles.subtitle
    except ImportError:
        raise MissingExtraError("av", "video") from None
    return av


def _streams(container: Any, kind: str) -> Sequence[Any]:
    """The streams of a kind, less the pictures on covers and before animations (AVIF)."""
    av = load_av()
    cover = av.stream.Disposition.attached_pic
    return [
        s
        for s in container.streams
        if s.type == kind and not s.disposition & cover and not _is_item(s)
    ]


def _is_item(stream: Any) -> bool:
    """Whether a stream is a picture of a HEIF file, which stands beside its tracks, with no time of
    its own: FFmpeg counts it in whole seconds."""
    timeless = stream.duration is None and stream.time_base == 1 and stream.frames == 1
    return bool(timeless and "mp4" in stream.container.format.name.split(","))


def _described(stream: Any, kind: str, number: int, zero: Fraction) -> Track:
    base = stream.time_base or Fraction(0)
    context = stream.codec_context
    start = float((stream.start_time or 0) * base - zero)
    duration = float((stream.duration or 0) * base)
    language = str(stream.metadata.get("language", ""))
    codec = context.name if context is not None else "unknown"
    known = Track(kind, number, codec, start, duration, language=language)
    if context is None or kind == "subtitle":
        return known
    if kind == "video":
        rate = float(stream.average_rate or 0)
        aspect = stream.sample_aspect_ratio
        shape = ""
        if aspect and abs(float(aspect) - 1.0) > _SQUARE:
            shape = f"{aspect.numerator}:{aspect.denominator}"
        size = context.width, context.height
        return Track(kind, number, codec, start, duration, *size, rate, 0, language, shape)
    rate, channels = float(context.sample_rate), int(context.layout.nb_channels)
    return Track(kind, number, codec, start, duration, 0, 0, rate, channels, language)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")
