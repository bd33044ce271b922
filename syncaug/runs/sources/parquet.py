"""Parquet: one file or several, a row for each sample, columns as its streams."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from syncaug.errors import ManifestError, MissingExtraError
from syncaug.forks import in_child
from syncaug.io.manifest import Entry
from syncaug.io.packed import Folder
from syncaug.io.problem import FileProblem, check_regular
from syncaug.runs.sources.cells import JSON_MARK, ROW, Columns, cell_at, entry_key
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given
from syncaug.runs.sources.parts import each_once, parts_of

__all__ = ["Tables", "load_arrow"]

_EXPECTED = "a table in Parquet"


@dataclass(slots=True)
class Tables:
    """The rows of files in Parquet, in the order of the files.

    A column goes to the entry of its name, or to the one that `--map ENTRY=COLUMN` says. Cells hold
    bytes of files, structures of `bytes` and `path`, paths from the file's folder, or the values
    themselves. Columns that no entry takes are left out, and told in `notes`.
    """

    given: Given
    declared: Declared
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> Path:
        """The file or the folder."""
        return self.given.path

    def items(self) -> Iterator[Entry | ManifestError]:
        """Each sample as an entry, or what is wrong with it. Raises ManifestError."""
        load_arrow()
        yield from each_once(self._items())

    def description(self) -> Mapping[str, Any]:
        """The files, their sizes, and how they are read."""
        sizes = {part.name: part.stat().st_size for part in self._parts()}
        return {"tables": sizes, "read": self.given.as_json()}

    def types(self) -> Mapping[str, str]:
        """The types of columns, by their entries; of the first file. Raises ManifestError."""
        from syncaug.runs.sources.types import type_at

        part = self._parts()[0]
        try:
            with _opened(part) as file:
                schema = file.schema_arrow
        except FileProblem:
            return {}
        chosen = self._columns(schema, part).of
        marked = _marked(schema)
        return {name: type_at(schema, path) for name, path in chosen.items() if path not in marked}

    def _columns(self, schema: Any, part: Path) -> Columns:
        return columns_of(schema, self.declared, self.given, part)

    def _parts(self) -> list[Path]:
        return parts_of(self.given.path, ".parquet", "files in Parquet")

    def _items(self) -> Iterator[Entry | ManifestError]:
        first = self.given.first
        left: dict[str, None] = {}
        for part in self._parts():
            try:
                file = _opened(part)
            except FileProblem as problem:
                yield ManifestError(str(problem))
                continue
            with file:
                columns = self._columns(file.schema_arrow, part)
                left |= dict.fromkeys(columns.left)
                yield from self._rows(part, file, columns, first)
                first += file.metadata.num_rows
        self.notes = [f"{self.place}: {_LEFT.format(', '.join(left))}"] if left else []

    def _rows(
        self, part: Path, file: Any, columns: Columns, first: int
    ) -> Iterator[Entry | ManifestError]:
        """The rows of one file; a row group whose keys cannot be read comes as one error."""
        arrow = load_arrow()
        how = replace(self.given, first=first if columns.key == ROW else 0).as_json()
        wanted = [name for name in (columns.key, columns.epoch) if name and name != ROW]
        start = 0
        for group in range(file.metadata.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            numbers = range(start, start + count)
            start += count
            try:
                read = file.read_row_group(group, columns=wanted).to_pydict() if wanted else {}
            except (arrow.ArrowException, OSError, ValueError) as error:
                yield ManifestError(
                    f"{part}: rows {numbers[0] + 1} to {numbers[-1] + 1}: expected their keys; the "
                    f"file is damaged: {_short(error)}"
                )
                continue
            keys = read.get(columns.key) or [first + number for number in numbers]
            epochs = read.get(columns.epoch) or [0] * count
            for number, key, epoch in zip(numbers, keys, epochs, strict=True):
                yield self._entry(part, number, key, epoch, columns, how)

    def _entry(
        self,
        part: Path,
        number: int,
        key: Any,
        epoch: Any,
        columns: Columns,
        how: Mapping[str, Any],
    ) -> Entry | ManifestError:
        try:
            key, epoch = entry_key(f"{part}:{number + 1}", key, epoch)
        except ManifestError as error:
            return error
        values = cell_values(f"{part.name}/{number + 1}", columns, self.declared)
        packed = Row(part, number, columns.of, self.declared, how)
        return Entry(part, number + 1, key, values, epoch, packed=packed)


_LEFT = "columns that no entry of the policy takes are not in the results: {}"


def columns_of(schema: Any, declared: Declared, given: Given, place: Path) -> Columns:
    """The columns of a schema that a policy's entries come from. Raises ManifestError."""
    is_whole = load_arrow().types.is_integer
    whole = [field.name for field in schema if is_whole(field.type)]
    return Columns.chosen(schema.names, declared, given.streams, given.key, str(place), whole=whole)


def cell_values(row: str, columns: Columns, declared: Declared) -> dict[str, Any]:
    """What stands in a record for the cells of a row: their places, as files or as values."""
    return {
        name: {"path" if declared.in_files(name) else "cell": f"{row}/{column}"}
        for name, column in columns.of.items()
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, of which the policy's entries are read."""

    part: Path
    number: int
    columns: Mapping[str, str]
    declared: Declared
    read: Mapping[str, Any]

    def peek(self, name: str, values: Mapping[str, Any]) -> Any:
        """Nothing: a table knows its types."""
        return None

    def unpack(self, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the row; bytes become files. Raises FileProblem."""
        names = list(dict.fromkeys(path.partition(".")[0] for path in self.columns.values()))
        row, marked = _READER.row(self.part, self.number, names)
        return cells_of(row, self.columns, values, folder, self.declared, marked)


def cells_of(
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    values: Mapping[str, Any],
    folder: Folder,
    declared: Declared,
    marked: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The values of a row's entries. Raises FileProblem, which names the entry."""
    out: dict[str, Any] = {}
    for name, path in columns.items():
        (place,) = values[name].values()
        try:
            value = cell_at(row, name, path, place, folder, declared, is_json=path in marked)
        except FileProblem as problem:
            raise FileProblem(
                f"{problem.expected} in the column {path!r}", problem.came, problem.hint
            ) from problem.__cause__
        if value is None and name in declared.streams:
            if name in declared.optional:
                continue
            raise FileProblem(
                f"a value in the column {path!r} for the stream {name!r}",
                "null",
                "Declare it optional: true if samples may lack it.",
            )
        out[name] = value
    return out


class _Reader:
    """Rows of tables, read in batches: those that follow each other cost one read.

    It keeps a few places in files; a process has one of its own.
    """

    def __init__(self) -> None:
        self._cursors: OrderedDict[tuple[Path, int, tuple[str, ...]], _Cursor] = OrderedDict()
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
        for key, cursor in self._cursors.items():
            if key[0] == part and key[2] == tuple(names) and cursor.may_reach(number):
                self._cursors.move_to_end(key)
                break
        else:
            cursor = _Cursor(part, number, names)
            key = (part, cursor.start, tuple(names))
            self._cursors[key] = cursor
            self._cursors.move_to_end(key)
            while len(self._cursors) > _CURSORS:
                self._cursors.popitem(last=False)[1].close()
        try:
            return cursor.row(number), cursor.marked
        except (arrow.ArrowException, OSError, ValueError) as error:
            self._cursors.pop(key, None)
            raise FileProblem(
                _EXPECTED, f"{part}, which is damaged at row {number + 1}: {_short(error)}"
            ) from None


_ABANDONED: list[Any] = []
"""Files of a parent, never freed in a child, where the threads that read them are not."""
_CURSORS = 4
_BATCH = 16


class _Cursor:
    """A place in one row group of a file, which moves forwards."""

    def __init__(self, part: Path, number: int, names: list[str]) -> None:
        self._file = _opened(part)
        self.marked = _marked(self._file.schema_arrow)
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


_READER = _Reader()


def _marked(schema: Any) -> frozenset[str]:
    name, value = JSON_MARK
    return frozenset(field.name for field in schema if (field.metadata or {}).get(name) == value)


def _opened(part: Path) -> Any:
    arrow = load_arrow()
    import pyarrow.parquet as parquet

    check_regular(part, _EXPECTED)
    try:
        return parquet.ParquetFile(part)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise FileProblem(_EXPECTED, f"{part}, which is damaged: {_short(error)}") from None


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__


def load_arrow() -> Any:
    """The library. Raises MissingExtraError."""
    try:
        import pyarrow
    except ImportError as error:
        if error.name != "pyarrow":
            raise
        raise MissingExtraError("pyarrow", "parquet") from None
    return pyarrow
