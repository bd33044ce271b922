"""Results as a folder for each, beside a manifest and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from syncaug.io.saving import EXACT, Formats
from syncaug.io.writer import ResultWriter, encode_result
from syncaug.runs.sinks.alone import without_source

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.earlier import Done
    from syncaug.io.earlier import Unit as Name
    from syncaug.io.manifest import Entry
    from syncaug.io.streams import StreamDecl
    from syncaug.runs.making import Made
    from syncaug.runs.units import Unit

__all__ = ["FolderEncoder", "FolderSink"]


@dataclass(frozen=True, slots=True)
class FolderEncoder:
    """Writes the files of a result; its value is the manifest's line of it."""

    streams: Mapping[str, StreamDecl]
    formats: Formats = EXACT

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write a result below `folder`. Raises ManifestError."""
        return encode_result(
            folder,
            unit.key,
            without_source(entry, result),
            self.streams,
            epoch=unit.epoch,
            variant=unit.variant,
            sources=entry.values,
            source_folder=entry.folder,
            formats=self.formats,
            progress=progress,
        )


class FolderSink:
    """A ResultWriter as the sink of a run."""

    def __init__(
        self,
        out: Path,
        streams: Mapping[str, StreamDecl],
        formats: Formats,
        run: Mapping[str, Any],
        *,
        overwrite: bool = False,
        resume: bool = False,
    ) -> None:
        self.out = out
        self.encoder = FolderEncoder(streams, formats)
        self._writer = ResultWriter(
            out, streams, overwrite=overwrite, resume=resume, run=run, formats=formats
        )

    @property
    def scratch(self) -> Path:
        """The hidden folder of this process in the folder of results."""
        return self._writer.scratch

    @property
    def done(self) -> Mapping[Name, Done]:
        """The results of the run that is resumed."""
        return self._writer.done

    @property
    def again(self) -> Mapping[Name, Done]:
        """Nothing: each result is whole by itself."""
        return {}

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of the run that was killed there."""
        return self._writer.left

    def __enter__(self) -> FolderSink:
        self._writer.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.__exit__(kind, error, trace)

    def go_on(self) -> None:
        """Cut off what the end of the run has torn."""
        self._writer.go_on()

    def commit(self, made: Made) -> None:
        """Move the folder of a result to its place and append its lines. Raises ManifestError."""
        unit = made.unit
        if made.folder is None:
            self._writer.write_record(made.record, unit=unit.name)
        else:
            self._writer.commit(
                unit.key,
                made.folder,
                made.value,
                made.record,
                epoch=unit.epoch,
                variant=unit.variant,
            )

    def finish(self, order: Sequence[Name]) -> None:
        """Put the lines of a resumed run into their order."""
        if self._writer.done:
            self._writer.arrange(order)
        self._writer.complete()
