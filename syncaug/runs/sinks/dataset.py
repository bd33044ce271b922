"""Results of a run as a data set of a kind, and their records beside its folders."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from syncaug.datasets.folder import DatasetFolder, Layout
from syncaug.datasets.samples import SOURCE
from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line
from syncaug.io.earlier import RECORDS
from syncaug.io.problem import FileProblem
from syncaug.io.result_folders import remove

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.earlier import Done
    from syncaug.io.earlier import Unit as Name
    from syncaug.io.manifest import Entry
    from syncaug.io.writer import OneLine
    from syncaug.runs.making import Made
    from syncaug.runs.units import Unit

__all__ = ["DatasetEncoder", "DatasetSink"]


class DatasetEncoder:
    """Writes the files of a result as they lie in its data set; its value is the tables' row."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._count = layout, 0

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write a result below `folder`. Raises ManifestError."""
        return self.encoded(folder, result)

    def encoded(self, folder: Path, result: Mapping[str, Any]) -> dict[str, Any]:
        """As `encode`, of a result alone."""
        told = result.get(SOURCE)
        key = told.get("key") if isinstance(told, Mapping) else self._count
        try:
            row = self._layout.encode(folder, result, self._count)
        except FileProblem as problem:
            raise ManifestError(f"sample {key!r}: {problem}") from None
        except OSError as error:
            raise ManifestError(f"sample {key!r}: it cannot be written: {error}") from error
        self._count += 1
        return row


class DatasetSink:
    """Writes a data set of one kind into a new folder; it has `write` for records that replay."""

    def __init__(self, out: Path, layout: Layout) -> None:
        self.out, self._folder = out, DatasetFolder(out, layout)
        self.encoder = DatasetEncoder(layout)
        self._partial = out / f".partial-{os.getpid()}"
        self.done: Mapping[Name, Done] = {}
        self.left: Mapping[str, Any] | None = None

    @property
    def scratch(self) -> Path:
        """The hidden folder of this process in that of the data set."""
        self._partial.mkdir(mode=0o700, exist_ok=True)
        return self._partial

    def __enter__(self) -> DatasetSink:
        """Make the folder and lock it. Raises ManifestError where it holds something already."""
        self._folder.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        remove(self._partial)
        self._folder.__exit__(kind, error, trace)

    def go_on(self) -> None:
        """Nothing was begun before."""

    def commit(self, made: Made) -> None:
        """Move the files of a result to their places and append its record. Raises ManifestError.

        The record of a dropped sample is all that there is of it.
        """
        if made.folder is not None:
            self._place(made.unit.key, made.folder, made.value)
        self._tell(made.record)

    def write(
        self, key: str | int, sample: Mapping[str, Any], record: OneLine, **details: Any
    ) -> None:
        """Write one result, and its record. Raises ManifestError."""
        folder = self.scratch / "one"
        remove(folder)
        folder.mkdir()
        self._place(key, folder, self.encoder.encoded(folder, sample))
        self.write_record(record)

    def write_record(self, record: OneLine) -> None:
        """Append a record. Raises ManifestError."""
        self._tell(record.to_json())

    def _place(self, key: str | int, folder: Path, row: Mapping[str, Any]) -> None:
        try:
            self._folder.commit(folder, row)
        except FileProblem as problem:
            raise ManifestError(f"sample {key!r}: {problem}") from None
        except OSError as error:
            raise ManifestError(f"sample {key!r}: it cannot be written: {error}") from error

    def _tell(self, line: str) -> None:
        try:
            append_line(self.out / RECORDS, line)
        except OSError as error:
            raise ManifestError(f"{self.out / RECORDS} cannot be written: {error}") from error

    def finish(self, order: Sequence[Name]) -> None:
        """Rows are in order already."""
