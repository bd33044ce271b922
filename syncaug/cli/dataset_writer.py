"""Results of `apply` as a data set of a kind, in the place of a folder with a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError

if TYPE_CHECKING:
    from syncaug.datasets.folder import Layout
    from syncaug.io.writer import OneLine

__all__ = ["DatasetWriter"]

RECORDS = "records.jsonl"


class DatasetWriter:
    """Writes results into a data set of one kind, and their records beside its folders.

    It offers to `apply` and `replay` what a ResultWriter does. A run is made anew: there is nothing
    done before.
    """

    def __init__(self, out: Path, layout: Layout) -> None:
        from syncaug.datasets.folder import DatasetFolder

        self.out, self._folder = out, DatasetFolder(out, layout)
        self.done: Mapping[Any, Any] = {}
        self.left: Mapping[str, Any] | None = None

    def __enter__(self) -> DatasetWriter:
        """Make the folder and lock it. Raises ManifestError where it holds something already."""
        self._folder.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.__exit__(kind, error, trace)

    def write(
        self, key: str | int, sample: Mapping[str, Any], record: OneLine, **details: Any
    ) -> None:
        """Write one result, and its record. Raises ManifestError."""
        self._folder.add(sample)
        self.write_record(record)

    def write_record(self, record: OneLine, *, unit: Any = None) -> None:
        """Append a record. Raises ManifestError."""
        from syncaug.io.atomic import append_line

        try:
            append_line(self.out / RECORDS, record.to_json())
        except OSError as error:
            raise ManifestError(f"{self.out / RECORDS} cannot be written: {error}") from error

    def go_on(self) -> None:
        """Nothing was begun before."""

    def arrange(self, order: Iterable[Any]) -> None:
        """Rows are in order already."""
