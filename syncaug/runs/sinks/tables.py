"""Parquet: files of many results, a row for each, with the schema that the policy decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError
from syncaug.io.plain import dump_json
from syncaug.io.saving import Formats
from syncaug.io.streams import StreamDecl
from syncaug.runs.sinks.alone import Alone, write_alone
from syncaug.runs.sources.arrow import load_arrow
from syncaug.runs.sources.cells import JSON_MARK

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.manifest import Entry
    from syncaug.runs.units import Unit

__all__ = ["Row", "TableEncoder", "TableForm"]

_GROUP_ROWS, _GROUP_BYTES = 64, 32 << 20
"""A row group ends at so many rows, or bytes of their files: one is read whole by many readers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One result: its entries, each a file in its folder or a value, and the bytes of all."""

    entries: Mapping[str, Alone]
    size: int


@dataclass(frozen=True, slots=True)
class TableEncoder:
    """Writes the files of a result; what stands inline is its value."""

    streams: Mapping[str, StreamDecl]
    formats: Formats

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> Row:
        """Write a result below `folder`. Raises ManifestError."""
        alone = write_alone(folder, unit.key, result, self.streams, self.formats, entry, progress)
        sizes = [(folder / one.file).stat().st_size for one in alone.values() if one.file]
        return Row(alone, sum(sizes))


class TableForm:
    """Parts that are files in Parquet, all of one schema."""

    suffix = ".parquet"

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def begin(self, path: Path) -> TablePart:
        """A new file. Raises OSError."""
        return TablePart(path, self._schema)

    def size(self, value: Row) -> int:
        """The bytes of the files of a row."""
        return value.size


class TablePart:
    """One file while it is written, row group by row group."""

    def __init__(self, path: Path, schema: Any) -> None:
        import pyarrow.parquet as parquet

        self._path, self._schema = path, schema
        files = {field.name for field in schema if _is_file(field)}
        inline = [field.name for field in schema if field.name not in files]
        self._writer = parquet.ParquetWriter(path, schema, use_dictionary=inline)
        self._rows: list[Any] = []
        self._bytes = 0
        self.intact = True

    def add(self, unit: Unit, folder: Path, value: Row) -> None:
        """Append a row. Raises ManifestError where it does not fit the schema; OSError."""
        arrow = load_arrow()
        key: Any = unit.key
        if arrow.types.is_string(self._schema.field("key").type):
            key = str(key)
        cells: dict[str, Any] = {"key": key, "epoch": unit.epoch, "variant": unit.variant}
        extra = sorted(set(value.entries) - set(self._schema.names))
        if extra:
            raise ManifestError(
                f"sample {unit.key!r}: expected the entries that the policy declares, which are "
                f"the table's columns; got {extra[0]!r}, too. List it under untouched:."
            )
        for field in self._schema:
            if field.name in cells:
                continue
            one = value.entries.get(field.name)
            try:
                cells[field.name] = _cell(field, one, folder)
                row = arrow.array([cells[field.name]], field.type)
                if not _is_file(field) and one is not None and not _same(row, cells[field.name]):
                    raise ValueError("a number that the column cannot hold exactly")
            except (arrow.ArrowException, TypeError, ValueError, OverflowError) as error:
                raise ManifestError(
                    f"sample {unit.key!r}, stream {field.name!r}: expected {field.type}, as the "
                    f"table's column is; got {_shown(one)}: {str(error)[:120]}"
                ) from None
        self._rows.append(arrow.RecordBatch.from_pylist([cells], self._schema))
        self._bytes += value.size
        if len(self._rows) >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        arrow = load_arrow()
        if self._rows:
            table = arrow.Table.from_batches(self._rows, self._schema).combine_chunks()
            self.intact = False  # until they are written
            self._writer.write_table(table, row_group_size=len(table))
            self.intact = True
        self._rows, self._bytes = [], 0

    def close(self) -> None:
        """Write what is left, and the end of the file. Raises OSError."""
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """Let go of the file, and remove it."""
        try:
            self._writer.close()
        except (OSError, load_arrow().ArrowException):
            pass
        self._path.unlink(missing_ok=True)


def _cell(field: Any, one: Alone | None, folder: Path) -> Any:
    if one is None:
        return None
    if _is_file(field):
        if one.file:
            return {"bytes": (folder / one.file).read_bytes(), "path": one.file}
        return {"bytes": dump_json(one.value).encode(), "path": f"{field.name}.json"}
    if (field.metadata or {}).get(JSON_MARK[0]) == JSON_MARK[1]:
        return dump_json(one.value)
    return one.value


def _same(row: Any, value: Any) -> bool:
    """Whether an array of one cell gives the value back; numbers may change their type."""
    back = row.to_pylist()[0]
    return bool(back == value) or "float" in str(row.type)


def _is_file(field: Any) -> bool:
    return str(field.type).startswith("struct<bytes: binary")


def _shown(one: Alone | None) -> str:
    text = repr(None if one is None else one.value)
    return text if len(text) <= 60 else text[:57] + "..."
