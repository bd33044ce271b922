"""Samples from files and into files: which kind of stream is read and written how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from syncaug.errors import ManifestError
from syncaug.io import audio, pictures, points
from syncaug.io.arrays import write_npy
from syncaug.io.containers import is_container
from syncaug.io.manifest import Entry
from syncaug.io.names import folder_name
from syncaug.io.plain import plain, read_json, read_text
from syncaug.io.problem import FileProblem
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.subtitle_track import read_subtitle_track
from syncaug.io.subtitles import read_subtitles
from syncaug.io.video import LAZY_ABOVE, read_video

__all__ = ["FILE_MODALITIES", "Formats", "StreamDecl", "load_sample", "save_sample"]


class StreamDecl(Protocol):
    """A declared stream, as plans have them."""

    @property
    def name(self) -> str:
        """The stream's name."""
        ...

    @property
    def modality(self) -> str:
        """Its kind."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The rest of its declaration."""
        ...


@dataclass(frozen=True, slots=True)
class Formats:
    """How results are written; everything is exact by default.

    `image` is png or jpg (of `jpeg_quality`), `audio` is float, pcm16 or pcm24.
    """

    image: str = "png"
    jpeg_quality: int = 95
    audio: str = "float"


EXACT = Formats()

_Read = Callable[[Path, Mapping[str, Any]], Any]
_Write = Callable[[Path, str, Any, Mapping[str, Any], Formats], str]


def load_sample(
    entry: Entry, streams: Mapping[str, StreamDecl], *, lazy_above: int = LAZY_ABOVE
) -> dict[str, Any]:
    """The sample of one manifest line: declared streams read, all other values as they stand.

    Videos of more than `lazy_above` bytes of frames are not read whole: they come as clips that
    decode what is asked for. Raises ManifestError, which names file, line, key and stream;
    MissingExtraError.
    """
    sample: dict[str, Any] = {}
    for name, raw in entry.values.items():
        stream = streams.get(name)
        try:
            if stream is not None:
                raw = _load(entry.folder, raw, stream, lazy_above)
            sample[name] = raw
        except FileProblem as problem:
            raise entry.error(name, problem) from None
    return sample


def save_sample(
    folder: Path,
    sample: Mapping[str, Any],
    streams: Mapping[str, StreamDecl],
    *,
    prefix: str = "",
    formats: Formats = EXACT,
) -> dict[str, Any]:
    """Write a sample's streams into `folder` and return what a manifest says of them.

    Pictures, sounds and clouds become files, named by `prefix` and the file's name; all else stands
    inline. Raises ManifestError, which names the stream.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {}
    for name, value in sample.items():
        stream = streams.get(name)
        write = _WRITERS.get(stream.modality) if stream else None
        try:
            if stream is None or write is None:
                values[name] = plain(value)
            else:
                file = write(folder, folder_name(name), value, stream.options, formats)
                values[name] = prefix + file
        except FileProblem as problem:
            raise ManifestError(f"{folder}: stream {name!r}: {problem}") from None
        except OSError as error:
            raise ManifestError(f"{folder}: stream {name!r} cannot be written: {error}") from error
    return values


def _load(folder: Path, raw: Any, stream: StreamDecl, lazy_above: int) -> Any:
    kind, options = stream.modality, stream.options
    path = raw["path"] if isinstance(raw, dict) and set(raw) in _PATH_FORMS else None
    if path is not None and (not isinstance(path, str) or not path):
        raise FileProblem("a text as 'path'", f"{path!r}")
    if kind in _TRACKS:
        if kind == "timed_text" and isinstance(raw, list):
            return raw
        track = raw.get("track", options.get("track", 0)) if path else options.get("track", 0)
        if isinstance(track, bool) or not isinstance(track, int) or track < 0:
            raise FileProblem("a whole number from 0 as 'track'", f"{track!r}"[:60])
        path = raw if path is None else path
        if not isinstance(path, str) or not path:
            raise FileProblem(f"the path of {_TRACKS[kind]}", _shown(raw))
        return _load_track(folder / path, kind, options, track, lazy_above)
    if kind in _FILES:
        if kind == "points" and isinstance(raw, list):
            return _inline_points(raw, options)
        path = raw if path is None else path
        if not isinstance(path, str) or not path:
            raise FileProblem(f"the path of {_FILES[kind][0]}", _shown(raw))
        return _FILES[kind][1](folder / path, options)
    if kind == "text":
        return raw if path is None else read_text(folder / path)
    if kind in _DATA:
        if path is None and isinstance(raw, str) and kind != "label":
            path = raw
        return raw if path is None else read_json(folder / path)
    raise FileProblem(f"one of {', '.join(FILE_MODALITIES)}", f"modality {kind!r}, not read yet")


def _load_track(
    path: Path, kind: str, options: Mapping[str, Any], track: int, lazy_above: int
) -> Any:
    """A stream that may be a track of a container, beside others."""
    if kind == "video":
        return read_video(path, options, track=track, lazy_above=lazy_above)
    if kind == "audio":
        if is_container(path):
            return read_soundtrack(path, options, track=track)
        return audio.read_audio(path, options)
    if is_container(path):
        return read_subtitle_track(path, options, track=track)
    return read_subtitles(path, options)


def _inline_points(raw: list[Any], options: Mapping[str, Any]) -> Any:
    columns = tuple(options.get("columns") or points.PLACE)
    expected = f"rows of {len(columns)} numbers: {', '.join(columns)}"
    try:
        cloud = np.array(raw, dtype=np.float32)
    except (TypeError, ValueError):
        raise FileProblem(expected, "rows of other lengths or contents") from None
    if cloud.ndim != 2 or cloud.shape[1] != len(columns):
        raise FileProblem(expected, f"shape {cloud.shape}")
    return cloud


def _shown(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _read_points(path: Path, options: Mapping[str, Any]) -> Any:
    return points.read_points(path, tuple(options.get("columns") or points.PLACE))


def _write_image(
    folder: Path, stem: str, value: Any, options: Mapping[str, Any], formats: Formats
) -> str:
    quality = formats.jpeg_quality if formats.image == "jpg" else 0
    return pictures.write_image(folder, stem, value, options, jpeg_quality=quality)


def _write_audio(
    folder: Path, stem: str, value: Any, options: Mapping[str, Any], formats: Formats
) -> str:
    return audio.write_audio(folder, stem, value, options, subtype=formats.audio)


def _write_points(
    folder: Path, stem: str, value: Any, options: Mapping[str, Any], formats: Formats
) -> str:
    write_npy(folder / f"{stem}.npy", value)
    return f"{stem}.npy"


_FILES: Mapping[str, tuple[str, _Read]] = {
    "image": ("an image", pictures.read_image),
    "mask": ("a mask", pictures.read_mask),
    "depth": ("a depth image", pictures.read_depth),
    "points": ("a point cloud", _read_points),
}
"""Modalities that live in files: what to call one, and how to read it."""

_TRACKS = {"video": "a video", "audio": "a sound", "timed_text": "a file of subtitles"}
"""Modalities that live in files of their own, or as one of the tracks of a container."""

_PATH_FORMS = ({"path"}, {"path", "track"})
"""The keys of a value that names a file."""

_DATA = ("boxes", "keypoints", "phrases", "boxes3d", "camera", "label")
"""Modalities that stand inline, or in a JSON file that a path names."""

FILE_MODALITIES = (*_FILES, *_TRACKS, "text", *_DATA)
"""All modalities that a manifest can name."""

_WRITERS: Mapping[str, _Write] = {
    "image": _write_image,
    "mask": lambda folder, stem, value, options, _: pictures.write_mask(
        folder, stem, value, options
    ),
    "depth": lambda folder, stem, value, options, _: pictures.write_depth(
        folder, stem, value, options
    ),
    "audio": _write_audio,
    "points": _write_points,
}
