"""Rows of tables, in Parquet or in a data set of Hugging Face, as entries of a run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.io.packed import Folder
from syncaug.io.problem import FileProblem
from syncaug.runs.sources.arrow import load_arrow
from syncaug.runs.sources.cells import Columns, cell_at, entry_key
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given

__all__ = ["Row", "columns_of", "notes_of"]


def columns_of(schema: Any, declared: Declared, given: Given, place: Path) -> Columns:
    """The columns of a schema that a policy's entries come from. Raises ManifestError."""
    twice = next((name for name in schema.names if schema.names.count(name) > 1), None)
    if twice is not None:
        raise ManifestError(
            f"{place}: expected columns of different names; got {twice!r} twice. Rename one."
        )
    is_whole = load_arrow().types.is_integer
    whole = [field.name for field in schema if is_whole(field.type)]
    return Columns.chosen(schema.names, declared, given.streams, given.key, str(place), whole=whole)


def notes_of(place: Path, left: Iterable[str]) -> list[str]:
    """What is told of columns that no entry of the policy takes."""
    names = ", ".join(left)
    told = f"{place}: columns that no entry of the policy takes are not in the results: {names}"
    return [told] if names else []


@dataclass(frozen=True, slots=True)
class Row(ABC):
    """One row of a table, of which the policy's entries are read.

    A kind of table reads it in `_row`.
    """

    place: Path
    number: int
    columns: Mapping[str, str]
    declared: Declared
    read: Mapping[str, Any]

    def entry(self, key: Any, epoch: Any) -> Entry | ManifestError:
        """The row as an entry of that key and epoch, or what is wrong with them.

        Its values are the places of its cells, as files or as values, as they stand in a record.
        """
        line = self.number + 1
        try:
            key, epoch = entry_key(f"{self.place}:{line}", key, epoch)
        except ManifestError as error:
            return error
        values = {
            name: {
                "path" if self.declared.in_files(name) else "cell": (
                    f"{self.place.name}/{line}/{column}"
                )
            }
            for name, column in self.columns.items()
        }
        return Entry(self.place, line, key, values, epoch, packed=self)

    def peek(self, name: str, values: Mapping[str, Any]) -> Any:
        """Nothing: a table knows its types."""
        return None

    def unpack(self, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the row; bytes become files. Raises FileProblem, ManifestError."""
        names = list(dict.fromkeys(path.partition(".")[0] for path in self.columns.values()))
        row, marked = self._row(names)
        return _cells(row, self.columns, values, folder, self.declared, marked)

    @abstractmethod
    def _row(self, names: list[str]) -> tuple[Mapping[str, Any], frozenset[str]]:
        """Those columns of the row, and which of them hold JSON. Raises FileProblem."""


def _cells(
    row: Mapping[str, Any],
    columns: Mapping[str, str],
    values: Mapping[str, Any],
    folder: Folder,
    declared: Declared,
    marked: frozenset[str],
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
