"""A result with each of its streams alone: a file, or a value of JSON, for shards and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.datasets.samples import SOURCE
from syncaug.errors import ManifestError
from syncaug.io.problem import FileProblem
from syncaug.io.saving import Formats, save_sample
from syncaug.io.streams import TRACKS, StreamDecl, in_files, path_of
from syncaug.io.sweeps import is_sweeps

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.manifest import Entry

__all__ = ["Alone", "without_source", "write_alone"]

_INLINE = ("timed_text", "embedding", "state", "action")
"""Modalities that stand inline in shards and tables, wherever they came from."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One entry of a result: the name of its file in the folder, or its value."""

    file: str = ""
    value: Any = None


def write_alone(
    folder: Path,
    key: str | int,
    result: Mapping[str, Any],
    streams: Mapping[str, StreamDecl],
    formats: Formats,
    entry: Entry,
    progress: Progress | None = None,
) -> dict[str, Alone]:
    """Write a result's files into `folder`, none of them shared by several streams.

    What came from one container becomes a file for each of its tracks. Raises ManifestError.
    """
    sources: dict[str, Any] = {}
    result = {
        name: _narrow(streams.get(name), value)
        for name, value in without_source(entry, result).items()
    }
    for name in result:
        kind = streams[name].modality if name in streams else ""
        path = PurePosixPath(path_of(entry.values.get(name)))
        if kind in _INLINE:
            sources[name] = None
        elif kind in TRACKS and path.name:
            sources[name] = f"{name}/{path.name}"
        else:
            sources[name] = entry.values.get(name)
        if kind == "points" and is_sweeps(result[name]):
            raise ManifestError(
                f"sample {key!r}, stream {name!r}: expected one cloud, as a shard or a table takes "
                "it; got sweeps with poses. Write a folder: --out-format folder"
            )
    try:
        values = save_sample(
            folder, result, streams, formats=formats, sources=sources, progress=progress
        )
    except ManifestError as error:
        raise ManifestError(f"sample {key!r}: {error}") from error.__cause__
    except (FileProblem, ValueError, TypeError, RecursionError) as error:
        raise ManifestError(f"sample {key!r}: it has no form in JSON: {error}") from error
    return {name: _alone(streams.get(name), value) for name, value in values.items()}


def without_source(entry: Entry, result: Mapping[str, Any]) -> Mapping[str, Any]:
    """A result less what its data set says of itself, which only data sets of its kind can hold."""
    if entry.read is None or SOURCE not in result:
        return result
    return {name: value for name, value in result.items() if name != SOURCE}


def _narrow(stream: StreamDecl | None, value: Any) -> Any:
    """A mask of wide numbers as one that a picture holds, if it can: others read pictures only."""
    if stream is None or stream.modality not in ("mask", "bev"):
        return value
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iu" or not value.size:
        return value
    low, high = value.min(), value.max()
    if low < 0 or high >= 1 << 16 or value.dtype in (np.uint8, np.uint16):
        return value
    return value.astype(np.uint8 if high < 1 << 8 else np.uint16)


def _alone(stream: StreamDecl | None, value: Any) -> Alone:
    kind = "" if stream is None else stream.modality
    written = (in_files(kind) and kind not in _INLINE) or kind == "instances"
    file = path_of(value) if written else ""
    return Alone(file=file) if file else Alone(value=value)
