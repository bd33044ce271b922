"""Parquet: one file or several, a row for each sample, columns as its streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.io.problem import FileProblem
from syncaug.runs.sources.arrow import load_arrow
from syncaug.runs.sources.cells import ROW, Columns
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given
from syncaug.runs.sources.parts import each_once, parts_of
from syncaug.runs.sources.rows import Row, columns_of, notes_of
from syncaug.runs.sources.table_reader import READER, marked_json, opened_table, short

__all__ = ["Tables"]


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
            with opened_table(part) as file:
                schema = file.schema_arrow
        except FileProblem:
            return {}
        chosen = self._columns(schema, part).of
        marked = marked_json(schema)
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
                file = opened_table(part)
            except FileProblem as problem:
                yield ManifestError(str(problem))
                continue
            with file:
                columns = self._columns(file.schema_arrow, part)
                left |= dict.fromkeys(columns.left)
                yield from self._rows(part, file, columns, first)
                first += file.metadata.num_rows
        self.notes = notes_of(self.place, left)

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
                    f"file is damaged: {short(error)}"
                )
                continue
            keys = read.get(columns.key) or [first + number for number in numbers]
            epochs = read.get(columns.epoch) or [0] * count
            for number, key, epoch in zip(numbers, keys, epochs, strict=True):
                yield TableRow(part, number, columns.of, self.declared, how).entry(key, epoch)


@dataclass(frozen=True, slots=True)
class TableRow(Row):
    """A row of a file in Parquet."""

    def _row(self, names: list[str]) -> tuple[Mapping[str, Any], frozenset[str]]:
        return READER.row(self.place, self.number, names)
