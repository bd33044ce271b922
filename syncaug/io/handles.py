"""Which streams of a manifest are left in their files until somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.clips.clip import constant_rate, regular_times
from syncaug.errors import ManifestError
from syncaug.io.containers import is_container
from syncaug.io.limits import Limits
from syncaug.io.picture_form import empty_like
from syncaug.io.problem import FileProblem, check_regular
from syncaug.io.sound_file import sound_file_reader
from syncaug.io.track_reader import track_reader
from syncaug.io.unread import FilmInFile, SoundInFile, WholeFile
from syncaug.io.video import checked_clip

if TYPE_CHECKING:
    from syncaug.io.streams import StreamDecl

__all__ = ["PATH_FORMS", "handle_of", "path_of"]

PATH_FORMS = ({"path"}, {"path", "track"})
"""The keys of a value that names a file."""

_PICTURES = {"image": "an image", "mask": "a mask", "depth": "a depth image"}
_TRACKS = {"video": "a video", "audio": "a sound"}
"""Modalities that are left in their files, and what to call one."""

Placed = Callable[[FileProblem], ManifestError]


def path_of(raw: Any) -> str:
    """The path that a manifest's value names; empty where the value stands inline."""
    if isinstance(raw, Mapping):
        raw = raw.get("path") if set(raw) in PATH_FORMS else None
    return raw if isinstance(raw, str) else ""


def handle_of(
    folder: Path,
    raw: Any,
    stream: StreamDecl,
    read: Callable[[], Any],
    placed: Placed,
    lazy_above: int,
    limits: Limits,
) -> Any:
    """What reads a stream when it is asked for, by `read` where it does so whole.

    None of what is read at once. A film of more than `lazy_above` bytes comes as its clip. Raises
    FileProblem where there is no such file or track.
    """
    kind, options, path = stream.modality, stream.options, path_of(raw)
    if not path or path.lower().endswith(".npy"):
        return None
    file = folder / path
    if kind in _PICTURES:
        check_regular(file, _PICTURES[kind])
        return WholeFile(file, read, placed, partial(empty_like, file, kind, options, limits))
    if kind not in _TRACKS:
        return None
    said = raw if isinstance(raw, Mapping) else {}
    track = said.get("track", options.get("track", 0))
    if isinstance(track, bool) or not isinstance(track, int) or track < 0:
        return None  # as the reader will tell
    if kind == "video":
        return _film(file, options, track, lazy_above, limits, placed)
    reader: Any = (
        track_reader(file, track, limits) if is_container(file) else sound_file_reader(file, limits)
    )
    declared = options.get("sample_rate")
    if reader is not None and declared in (None, 0, reader.rate):
        return SoundInFile(file, track, reader, not declared, placed)
    check_regular(file, _TRACKS[kind])
    return WholeFile(file, read, placed, number=track)


def _film(
    path: Path,
    options: Mapping[str, Any],
    track: int,
    lazy_above: int,
    limits: Limits,
    placed: Placed,
) -> Any:
    """A film of which frames are read when they are shown. Raises FileProblem."""
    clip = checked_clip(path, options, track, limits)
    if int(np.prod(clip.shape)) > lazy_above:
        return clip
    if options.get("channels", "").startswith("bgr"):
        return None
    declared = float(options.get("fps") or 0.0)
    rate = declared or clip.fps
    if rate:
        times, duration = regular_times(len(clip), rate), len(clip) / rate
    else:
        times, duration = clip.times, clip.duration
    form: dict[str, Any] | None = None
    if not declared:
        form = {"fps": rate} if rate else {"timestamps": times, "duration": duration}
    fps = rate or constant_rate(times, duration)
    first = options.get("layout") == "chw"
    return FilmInFile(clip, times, duration, fps, form, first, placed)
