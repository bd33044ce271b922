"""Files of records: JSON Lines as `apply` writes them, or one record as JSON."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from syncaug.errors import RecordError
from syncaug.missing import remedy
from syncaug.record.model import Record
from syncaug.record.plain import MAX_BYTES
from syncaug.regular import NotRegular, open_regular

__all__ = ["file_of", "read_records"]

_NAME = "records.jsonl"
_WAY = f" `syncaug apply --out FOLDER` writes one, FOLDER/{_NAME}."


def file_of(path: Path) -> Path:
    """The file of records that a path names: a folder stands for the records.jsonl in it."""
    inside = path / _NAME
    return inside if os.path.isfile(inside) else path


def read_records(
    path: Path, *, torn: Callable[[str], None] | None = None
) -> Iterator[tuple[str, Record]]:
    """The records of a file, each with its place, `file:line`.

    A .jsonl file holds one on each line, divided at line feeds only; any other file holds one. Only
    regular files are opened. Where `torn` is given, a last line that breaks off without a line
    feed, as after a kill, is told to it and left out. Raises RecordError, which names file, line
    and field.
    """
    for number, line in _lines(path):
        if line.strip():
            where = f"{path}:{number}"
            try:
                record = Record.from_json(line)
            except RecordError as error:
                if torn is not None and path.suffix == ".jsonl" and not line.endswith(b"\n"):
                    torn(f"{where}: the last line breaks off, as where a run was killed; left out")
                    return
                raise RecordError(f"{where}: {error}") from error
            yield where, record


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with open_regular(path) as file:
            if path.suffix != ".jsonl":
                yield 1, file.read(MAX_BYTES + 1)
                return
            number = 0
            while line := file.readline(MAX_BYTES + 1):
                number += 1
                yield number, line
    except NotRegular as error:
        lacks = f" without {_NAME}" if os.path.isdir(path) else ""
        raise RecordError(
            f"{path}: expected a regular file of records; got {error}{lacks}.{_WAY}"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = " ".join(filter(None, (f"{reason}.", remedy(path, error))))
        raise RecordError(f"{path}: expected a file of records; {hint}{_WAY}") from error
