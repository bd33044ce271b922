"""Sweeps of points with poses in manifests: mappings whose points are files, or lists of them.

{"points": "sweep.bin", "pose": [[1, 0, 0, 0.9], [0, 1, 0, 0], [0, 0, 1, 1.8], [0, 0, 0, 1]]}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.io.problem import FileProblem

__all__ = ["is_sweeps", "points_paths", "read_sweeps", "written_sweeps"]

_POINTS = "points"


def is_sweeps(raw: Any) -> bool:
    """Whether a value of a manifest is a sweep with its pose, or a list of such."""
    return (isinstance(raw, Mapping) and _POINTS in raw) or (
        isinstance(raw, list) and bool(raw) and all(isinstance(each, Mapping) for each in raw)
    )


def read_sweeps(raw: Any, read: Callable[[Any], Any]) -> Any:
    """The sweeps with their points read from files; all else as it stands. Raises FileProblem."""
    entries = raw if isinstance(raw, list) else [raw]
    for entry in entries:
        if _POINTS not in entry:
            raise FileProblem('sweeps with "points" and "pose"', f"a mapping with {sorted(entry)}")
    read_ones = [{**entry, _POINTS: read(entry[_POINTS])} for entry in entries]
    return read_ones if isinstance(raw, list) else read_ones[0]


def points_paths(raw: Any) -> list[str]:
    """The files of a manifest's sweeps, in their order; empty texts where points stand inline."""
    entries = raw if isinstance(raw, list) else [raw]
    inner = [entry.get(_POINTS) for entry in entries if isinstance(entry, Mapping)]
    return [path if isinstance(path, str) else "" for path in inner]


def written_sweeps(
    value: Any, write: Callable[[int, Any], str], plain: Callable[[Any], Any]
) -> Any:
    """What a manifest says of sweeps: `write` stores the points of the one of a number."""
    entries = [value] if isinstance(value, Mapping) else list(value)
    told = [
        {key: write(number, part) if key == _POINTS else plain(part) for key, part in entry.items()}
        for number, entry in enumerate(entries)
    ]
    return told[0] if isinstance(value, Mapping) else told
