"""Files inside of samples, as Hugging Face's data sets hold them: {"bytes", "path"}.

A sound comes back decoded, {"array", "sampling_rate", "path"}, a film {"frames", "fps" or
"timestamps", "path"} and a picture as its array: to encode them again would lose more than the
steps do. Of a film only the frames that a result shows are decoded.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.clips.frames import in_memory
from syncaug.forks import when_gone
from syncaug.forms.came import Came, same
from syncaug.forms.places import Place
from syncaug.io.containers import is_container
from syncaug.io.problem import FileProblem
from syncaug.maps.plane import Size

__all__ = ["encoded"]

_DECODED: Mapping[str, str] = {"audio": "array", "video": "frames"}
"""Modality -> the key of its mapping under which the decoded data are."""


def encoded(value: Mapping[str, Any], place: Place) -> Came | None:
    """A file and what is decoded of it; None for mappings that hold no file.

    Raises SampleError where it cannot be read.
    """
    if place.modality not in _READERS or _DECODED.get(place.modality) in value:
        return None
    data, path = value.get("bytes"), value.get("path")
    if not isinstance(data, bytes) and not (data is None and isinstance(path, str)):
        return None
    read, back = _READERS[place.modality]
    file = Path(path) if isinstance(path, str) and path else Path("file")
    try:
        seen = read(file) if data is None else _from_bytes(data, file.suffix, read)
    except FileProblem as problem:
        raise place.fail(problem.expected, problem.came, problem.hint) from None
    if isinstance(seen, Mapping):
        seen = {**seen, "path": path}
    return Came(value, seen, back, other=True)


def _from_bytes(data: bytes, suffix: str, read: Callable[[Path], Any]) -> Any:
    """What is read of the bytes of a file, which lie in a temporary one as long as it is asked."""
    handle, name = tempfile.mkstemp(suffix=suffix)
    held = None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        seen = read(Path(name))
        held = seen["frames"] if isinstance(seen, Mapping) and "frames" in seen else None
    except FileProblem as problem:
        told = problem.came.replace(name, f"{len(data)} bytes")
        raise FileProblem(problem.expected, told, problem.hint) from None
    finally:
        if held is None:
            os.unlink(name)
        else:
            when_gone(held, _removed, name, os.getpid())
    return seen


def _removed(name: str, process: int) -> None:
    """Remove a temporary file, in the process that made it."""
    if os.getpid() == process:
        with suppress(OSError):  # such as a system that keeps what somebody has open
            os.unlink(name)


def _sound(path: Path) -> Any:
    if is_container(path):
        from syncaug.io.soundtrack import read_soundtrack

        return read_soundtrack(path, {})
    from syncaug.io.audio import read_audio

    return read_audio(path, {})


def _film(path: Path) -> Any:
    from syncaug.io.video import open_clip

    return {"frames": open_clip(path)}


def _picture(path: Path) -> Any:
    from syncaug.io.limits import LIMITS
    from syncaug.io.pictures import read_image

    return read_image(path, {}, LIMITS)


def _film_back(out: Any, size: Size | None) -> Any:
    """A film with its frames in memory."""
    held = out["frames"]
    if isinstance(held, np.ndarray):
        return out
    clip = in_memory(held)
    film = {**out, "frames": clip.frames}
    if clip.fps:
        return {**film, "fps": clip.fps}
    return {**film, "timestamps": clip.times, "duration": clip.duration}


_READERS: Mapping[str, tuple[Callable[[Path], Any], Any]] = {
    "audio": (_sound, same),
    "video": (_film, _film_back),
    "image": (_picture, same),
}
"""Modality -> what reads its files, and how a result comes back."""
