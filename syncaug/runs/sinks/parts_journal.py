"""The journal of a folder of parts: a line for each that has begun, and one when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.plain import parse_json
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["JOURNAL", "bytes_of", "read_journal"]

JOURNAL = ".syncaug-parts.jsonl"
"""What says of each part that it is whole, how long the records are with its own, and more."""
_SUFFIXES = (".tar", ".parquet")
"""Of the files that a journal may name, and a run may remove."""


def bytes_of(path: Path) -> bytes:
    """What a file of a folder holds; nothing where there is none. Raises ManifestError."""
    if not os.path.lexists(path) or (path.is_file() and not path.stat().st_size):
        return b""
    if path.is_symlink():
        raise ManifestError(f"{path}: expected a file of this folder; got a link. Remove it.")
    try:
        return read_bytes(path, "JSON Lines")
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal with where each ends; half a line at the end is left out.

    Raises ManifestError for a line that no run has written.
    """
    end = 0
    for line in bytes_of(path).split(b"\n")[:-1]:
        end += len(line) + 1
        try:
            data = parse_json(line.decode())
            name = data["begun"] if "begun" in data else data.get("file", "")
            if Path(name).name != name or (name and not name.endswith(_SUFFIXES)):
                raise ValueError(f"a part {name!r}")
            if "file" in data:
                sizes = data["size"], data["records"], *data["last"]
                if len(sizes) != 4 or not all(type(size) is int for size in sizes):
                    raise ValueError(f"sizes {sizes}")
                data = {"full": data["full"], **data, "end": end}
        except (ValueError, TypeError, KeyError) as error:
            raise ManifestError(f"{path}: expected a journal of parts; got {error!r}") from None
        yield data
