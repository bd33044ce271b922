"""Rows of files in Parquet, read in batches as they follow each other."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

from syncaug.forks import in_child
from syncaug.io.problem import FileProblem, check_regular
from syncaug.runs.sources.arrow import load_arrow
from syncaug.runs.sources.cells import JSON_MARK

__all__ = ["READER", "marked_json", "opened_table", "short"]

_EXPECTED = "a table in Parquet"


class _Reader:
    """Rows of tables, read in batches: those that follow each other cost one read.

    It keeps a few places in files; a process has one of its own.
    """

    def __init__(self) -> None:
        self._cursors: OrderedDict[_Key, _Cursor] = OrderedDict()
        self._lock = Lock()
        in_child(self._forget)

    def _forget(self) -> None:
        _ABANDONED.append(self._cursors)
        self._cursors, self._lock = OrderedDict(), Lock()

    def row(self, part: Path, number: int, names: list[str]) -> tuple[Any, frozenset[str]]:
        """One row as Python values, and the columns that hold JSON. Raises FileProblem."""
        with self._lock:
            return self._row(part, number, names)

    def _row(self, part: Path, number: int, names: list[str]) -> tuple[Any, frozenset[str]]:
        arrow = load_arrow()
        state = _state_of(part)
        for key, cursor in self._cursors.items():
            if key[0] == state and key[2] == tuple(names) and cursor.may_reach(number):
                self._cursors.move_to_end(key)
                break
        else:
            cursor = _Cursor(part, number, names)
            key = (state, cursor.start, tuple(names))
            self._cursors[key] = cursor
            self._cursors.move_to_end(key)
            while len(self._cursors) > _CURSORS:
                self._cursors.popitem(last=False)[1].close()
        try:
            return cursor.row(number), cursor.marked
        except (arrow.ArrowException, OSError, ValueError) as error:
            self._cursors.pop(key, None)
            raise FileProblem(
                _EXPECTED, f"{part}, which is damaged at row {number + 1}: {short(error)}"
            ) from None


_Key = tuple[tuple[Path, int, int, int], int, tuple[str, ...]]
"""A file as it is, the first row of a row group, and the names of columns."""


def _state_of(part: Path) -> tuple[Path, int, int, int]:
    """What changes where a file is written anew: rows of the old one are not those of the new."""
    try:
        told = part.stat()
    except OSError:  # opening it says what is wrong
        return part, 0, 0, 0
    return part, told.st_ino, told.st_mtime_ns, told.st_size


_ABANDONED: list[Any] = []
"""Files of a parent, never freed in a child, where the threads that read them are not."""
_CURSORS = 4
_BATCH = 16


class _Cursor:
    """A place in one row group of a file, which moves forwards."""

    def __init__(self, part: Path, number: int, names: list[str]) -> None:
        self._file = opened_table(part)
        self.marked = marked_json(self._file.schema_arrow)
        group = self.start = 0
        for group in range(self._file.metadata.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if number < self.start + rows:
                break
            self.start += rows
        self._end = self.start + rows
        self._batches = self._file.iter_batches(_BATCH, row_groups=[group], columns=names)
        self._at = self.start
        self._batch: Any = None

    def may_reach(self, number: int) -> bool:
        """Whether a row lies in this row group, and not before this place."""
        return bool(self._at <= number < self._end)

    def row(self, number: int) -> Any:
        """One row as Python values."""
        while self._batch is None or number >= self._at + self._batch.num_rows:
            self._at += 0 if self._batch is None else self._batch.num_rows
            self._batch = next(self._batches)
        return self._batch.slice(number - self._at, 1).to_pylist()[0]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


READER = _Reader()
"""That of this process."""


def marked_json(schema: Any) -> frozenset[str]:
    """The columns of a schema whose texts are JSON."""
    name, value = JSON_MARK
    return frozenset(field.name for field in schema if (field.metadata or {}).get(name) == value)


def opened_table(part: Path) -> Any:
    """A file in Parquet. Raises FileProblem."""
    arrow = load_arrow()
    import pyarrow.parquet as parquet

    check_regular(part, _EXPECTED)
    try:
        return parquet.ParquetFile(part)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise FileProblem(_EXPECTED, f"{part}, which is damaged: {short(error)}") from None


def short(error: Exception) -> str:
    """What an error of the library says, in a few words."""
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
