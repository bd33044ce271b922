"""Samples from files: which kind of stream is read how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.io import audio, fields, las, pictures, points, webvtt
from syncaug.io.arrays import narrowed, read_npy, read_npz
from syncaug.io.containers import is_container
from syncaug.io.handles import PATH_FORMS, handle_of, path_of
from syncaug.io.imu import read_imu
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.manifest import Entry
from syncaug.io.plain import check_text, read_json, read_json_lines, read_text
from syncaug.io.problem import FileProblem
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.subtitle_track import read_subtitle_track
from syncaug.io.subtitles import read_subtitles
from syncaug.io.sweeps import is_sweeps, read_sweeps
from syncaug.io.video import LAZY_ABOVE, read_video
from syncaug.suspicions import Suspicions
from syncaug.unread import LoadedSample

__all__ = ["FILE_MODALITIES", "TRACKS", "StreamDecl", "in_files", "load_sample", "path_of"]


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


_Read = Callable[[Path, Mapping[str, Any], Limits], Any]


def load_sample(
    entry: Entry,
    streams: Mapping[str, StreamDecl],
    *,
    lazy_above: int = LAZY_ABOVE,
    limits: Limits = LIMITS,
    suspicions: Suspicions | None = None,
) -> dict[str, Any]:
    """The sample of one manifest line: declared streams read, all other values as they stand.

    Pictures, films and sounds are read when they are looked at; a policy reads of them what its
    draw shows. Videos of more than `lazy_above` bytes of frames are never read whole: they come as
    clips that decode what is asked for. `limits` say how large a picture or an array may be, and
    only regular files are opened. What files make likely wrong is told by `suspicions`, once for
    each stream. Raises ManifestError, which names file, line, key and stream; MissingExtraError.
    """
    if entry.read is not None:
        return entry.read()
    sample: dict[str, Any] = {}
    try:
        check_text(entry.key)
    except FileProblem as problem:
        raise entry.error("key", problem) from None
    for name, raw in entry.values.items():
        stream = streams.get(name)
        try:
            if stream is not None:
                check_text(raw)
                read = partial(_load, entry.folder, raw, stream, lazy_above, limits)
                placed = partial(entry.error, name)
                raw = handle_of(entry.folder, raw, stream, read, placed, lazy_above, limits)
                if raw is None:
                    raw = read()
                _doubt(entry, stream, raw, suspicions)
            check_text(name)
            check_text(raw)
            sample[name] = raw
        except FileProblem as problem:
            raise entry.error(name, problem) from None
    return LoadedSample(sample)


def _load(folder: Path, raw: Any, stream: StreamDecl, lazy_above: int, limits: Limits) -> Any:
    kind, options = stream.modality, stream.options
    path = raw["path"] if isinstance(raw, dict) and set(raw) in PATH_FORMS else None
    if path is not None and (not isinstance(path, str) or not path):
        raise FileProblem("a text as 'path'", f"{path!r}")
    if kind in TRACKS:
        if kind == "timed_text" and isinstance(raw, list):
            return raw
        track = raw.get("track", options.get("track", 0)) if path else options.get("track", 0)
        if isinstance(track, bool) or not isinstance(track, int) or track < 0:
            raise FileProblem("a whole number from 0 as 'track'", f"{track!r}"[:60])
        path = raw if path is None else path
        if not isinstance(path, str) or not path:
            raise FileProblem(f"the path of {TRACKS[kind]}", _shown(raw))
        return _load_track(folder / path, kind, options, track, lazy_above, limits)
    if kind in _FILES:
        if kind == "points" and is_sweeps(raw):
            return read_sweeps(raw, lambda inner: _load(folder, inner, stream, lazy_above, limits))
        if kind == "points" and isinstance(raw, list):
            return _inline_points(raw, options)
        path = raw if path is None else path
        if not isinstance(path, str) or not path:
            raise FileProblem(f"the path of {_FILES[kind][0]}", _shown(raw))
        return _FILES[kind][1](folder / path, options, limits)
    if kind == "text":
        return raw if path is None else read_text(folder / path)
    if kind in _DATA:
        if path is None and isinstance(raw, str) and kind != "label":
            path = raw
        if path is not None and path.lower().endswith(".npy"):
            return read_npy(folder / path, f"rows of {kind} (.npy)", limits)
        if kind == "messages" and path is not None and path.lower().endswith(".jsonl"):
            return read_json_lines(folder / path)
        return raw if path is None else read_json(folder / path)
    if kind in _ARRAYS:
        path = raw if isinstance(raw, str) else path
        if path is None:
            return _inline_rows(raw) if isinstance(raw, Mapping) else _inline_vectors(raw)
        return _read_rows(folder / path, limits)
    raise FileProblem(f"one of {', '.join(FILE_MODALITIES)}", f"modality {kind!r}, not read yet")


def _doubt(entry: Entry, stream: StreamDecl, loaded: Any, suspicions: Suspicions | None) -> None:
    """Warn of a cloud of raw numbers that are probably not rows of the declared columns, of colours
    in fewer bits than their file's, of a mask whose numbers its file does not keep, and of cues on
    the clock of a stream."""
    path, doubt, code = path_of(entry.values[stream.name]).lower(), "", ""
    if stream.modality == "points" and path.endswith(".bin"):
        doubt = points.doubt_of_rows(loaded, stream.options.get("columns") or points.PLACE)
        code = "raw-columns"
    elif stream.modality == "points" and path.endswith(las.SUFFIXES):
        columns = stream.options.get("columns") or points.PLACE
        doubt, code = points.doubt_of_colours(loaded, columns), "dark-colours"
    elif stream.modality == "mask" and path.endswith((".jpg", ".jpeg")):
        doubt, code = _BLURRED, "jpeg"
    elif stream.modality == "timed_text" and path.endswith(".vtt"):
        before = webvtt.seconds_before_stream(loaded)
        doubt, code = (_SEGMENT.format(before) if before else ""), "segment"
    if doubt:
        said = Suspicions() if suspicions is None else suspicions
        said.warn_once(stream.name, code, doubt, f"sample {entry.key!r}, ")


_BLURRED = (
    "its file is a JPEG, which blurs class numbers where two of them meet. Save masks as PNG, from "
    "what the JPEG was made of"
)


_SEGMENT = (
    "its X-TIMESTAMP-MAP says that its times are {:g} s before those of the stream that it is a "
    "segment of; they are taken as they stand, and results do not say so. Declare that number as "
    "the stream's offset if the film beside it counts from the stream's 0"
)


def _load_track(
    path: Path,
    kind: str,
    options: Mapping[str, Any],
    track: int,
    lazy_above: int,
    limits: Limits,
) -> Any:
    """A stream that may be a track of a container, beside others."""
    if kind == "video":
        if path.suffix.lower() == ".npy":
            return read_npy(path, "a video", limits)
        return read_video(path, options, track=track, lazy_above=lazy_above, limits=limits)
    if kind == "audio":
        if is_container(path):
            return read_soundtrack(path, options, track=track, limits=limits)
        return audio.read_audio(path, options, limits)
    if is_container(path):
        return read_subtitle_track(path, options, track=track)
    return read_subtitles(path, options)


def _inline_points(raw: list[Any], options: Mapping[str, Any]) -> Any:
    columns = tuple(options.get("columns") or points.PLACE)
    expected = f"rows of {len(columns)} numbers: {', '.join(columns)}"
    cloud = _numbers(raw, expected, "rows of other lengths or contents")
    if cloud.ndim != 2 or cloud.shape[1] != len(columns):
        raise FileProblem(expected, f"shape {cloud.shape}")
    return cloud


def _inline_vectors(raw: Any) -> Any:
    expected = "a vector of numbers, or one for each moment"
    vectors = _numbers(raw, expected, _shown(raw))
    if vectors.ndim not in (1, 2):
        raise FileProblem(expected, f"shape {vectors.shape}")
    return vectors


def _inline_rows(raw: Mapping[str, Any]) -> Any:
    """Rows beside their timestamps."""
    if not {"array", "timestamps"} <= set(raw):
        raise FileProblem('rows as "array", beside "timestamps"', _shown(raw))
    return {**raw, "array": _inline_vectors(raw["array"])}


def _read_rows(path: Path, limits: Limits) -> Any:
    """The vectors of an .npy file, or the array and the timestamps of an .npz file."""
    if path.suffix.lower() != ".npz":
        return read_npy(path, "vectors (.npy)", limits)
    arrays = read_npz(path, "array and timestamps (.npz)", limits)
    if set(arrays) == {"array"}:
        return arrays["array"]
    if set(arrays) != {"array", "timestamps"}:
        raise FileProblem("array and timestamps (.npz)", ", ".join(sorted(arrays)) or "no arrays")
    return arrays


def _numbers(raw: Any, expected: str, shown: str) -> NDArray[Any]:
    """Nested lists of numbers as float32, or as float64 where that would move them, as coordinates
    of a map. Raises FileProblem, also for what float32 cannot hold."""
    try:
        array = np.array(raw)
    except (TypeError, ValueError, OverflowError):
        raise FileProblem(expected, shown) from None
    if array.dtype.kind not in "iuf":
        raise FileProblem(expected, shown)
    with np.errstate(over="ignore"):
        finite = np.isfinite(array.astype(np.float32)).all()
    if not finite:
        raise FileProblem(expected, f"a number beyond {np.finfo(np.float32).max:.3g}")
    return narrowed(array)


def in_files(modality: str) -> bool:
    """Whether values of a modality are files, as pictures and sounds are, and not inline."""
    return modality in _FILES or modality in TRACKS


def _shown(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def _read_points(path: Path, options: Mapping[str, Any], limits: Limits) -> Any:
    return points.read_points(path, tuple(options.get("columns") or points.PLACE), limits)


def _read_imu(path: Path, options: Mapping[str, Any], limits: Limits) -> Any:
    return read_imu(path, options)


_FILES: Mapping[str, tuple[str, _Read]] = {
    "image": ("an image", pictures.read_image),
    "mask": ("a mask", pictures.read_mask),
    "depth": ("a depth image", pictures.read_depth),
    "heatmap": ("a heat map", fields.read_heatmap),
    "flow": ("a flow", fields.read_flow),
    "normals": ("normals", fields.read_normals),
    "disparity": ("a disparity", fields.read_disparity),
    "points": ("a point cloud", _read_points),
    "bev": ("a map of the ground", pictures.read_mask),
    "imu": ("inertial measurements", _read_imu),
}
"""Modalities that live in files: what to call one, and how to read it."""

TRACKS = {"video": "a video", "audio": "a sound", "timed_text": "a file of subtitles"}
"""Modalities that live in files of their own, or as one of the tracks of a container."""

_DATA = (
    "boxes",
    "keypoints",
    "polygons",
    "oriented_boxes",
    "instances",
    "phrases",
    "messages",
    "boxes3d",
    "joints",
    "camera",
    "label",
    "tabular",
)
"""Modalities that stand inline, or in a JSON file that a path names."""

_ARRAYS = ("embedding", "state", "action")
"""Modalities that stand inline, or as an array in a file that a path names."""

FILE_MODALITIES = (*_FILES, *TRACKS, "text", *_DATA, *_ARRAYS)
"""All modalities that a manifest can name."""
