"""A data set that is being written: files of one sample after the other, its tables at the end."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from syncaug.datasets.samples import SOURCE
from syncaug.dropped import DROPPED
from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line
from syncaug.io.locking import LOCK, FolderLock
from syncaug.io.plain import dump_json
from syncaug.io.problem import FileProblem
from syncaug.io.result_folders import remove

__all__ = ["DatasetFolder", "Layout", "write_all"]

ROWS = ".syncaug-rows.jsonl"
"""What the tables will say of the samples whose files are whole, while a data set is written."""


class Layout(Protocol):
    """How one kind of data set lies in a folder."""

    def encode(self, root: Path, sample: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Write the files of one sample; what the tables have to say of it, as plain data.

        `number` counts the samples from 0. Raises ManifestError, FileProblem.
        """
        ...

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the tables of all samples."""
        ...


class DatasetFolder:
    """Writes a data set of one kind into a new folder.

    Each sample is whole or absent: its files are written first, then a line in a journal; the
    tables are made of the journal when the folder is closed, also after an error, so that what is
    there is a data set of all samples that were whole. One writer at a time has the folder.
    """

    def __init__(self, root: str | Path, layout: Layout) -> None:
        self.root, self._layout = Path(root), layout
        self._lock = FolderLock(self.root)
        self._count = 0

    def __enter__(self) -> DatasetFolder:
        """Make the folder and lock it. Raises ManifestError where it holds something already."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            if any(path.name != LOCK for path in self.root.iterdir()):
                self._lock.release()
                stopped = (self.root / ROWS).exists()
                raise ManifestError(
                    f"{self.root} holds a data set that was never finished, because its writer was "
                    "killed: expected a new or an empty folder. Delete it, and write it again."
                    if stopped
                    else f"{self.root} is not empty: expected a new or an empty folder. Choose "
                    "another."
                )
            self._lock.write({})
        except OSError as error:
            raise ManifestError(f"{self.root}: expected a folder to write to; {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None or issubclass(kind, Exception | KeyboardInterrupt):
                self._finish()
        finally:
            self._lock.release()

    def add(self, sample: Mapping[str, Any]) -> None:
        """Write one sample. Raises ManifestError, and leaves no row of it."""
        key = sample[SOURCE].get("key") if isinstance(sample.get(SOURCE), Mapping) else self._count
        try:
            row = self._layout.encode(self.root, sample, self._count)
            append_line(self.root / ROWS, dump_json(row))
        except FileProblem as problem:
            raise ManifestError(f"sample {key!r}: {problem}") from None
        except OSError as error:
            raise ManifestError(f"sample {key!r}: it cannot be written: {error}") from error
        self._count += 1

    def commit(self, folder: Path, row: Mapping[str, Any]) -> None:
        """Put the files of one sample, which lie in `folder` as they shall here, into their places.

        `row` is what the layout has returned for them. Raises OSError, FileProblem.
        """
        for path in sorted(folder.rglob("*")):
            place = self.root / path.relative_to(folder)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            else:
                os.replace(path, place)
        append_line(self.root / ROWS, dump_json(row))
        remove(folder)

    def _finish(self) -> None:
        journal = self.root / ROWS
        rows = []
        if journal.exists():
            with journal.open(encoding="utf-8", newline="\n") as file:
                rows = [json.loads(line) for line in file]
        try:
            self._layout.finish(self.root, rows)
            if journal.exists():
                os.unlink(journal)
        except OSError as error:
            raise ManifestError(f"{self.root}: its tables cannot be written: {error}") from error


def write_all(samples: Iterable[Any], root: str | Path, layout: Layout) -> None:
    """Write samples as a data set; those that a policy dropped are left out.

    Raises ManifestError.
    """
    with DatasetFolder(root, layout) as folder:
        for sample in samples:
            if sample is DROPPED:
                continue
            if not isinstance(sample, Mapping):
                raise ManifestError(
                    f"{folder.root}: expected samples as mappings of streams; got "
                    f"{type(sample).__name__}"
                )
            folder.add(sample)
