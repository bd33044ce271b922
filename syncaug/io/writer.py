"""Results on disk: a folder for each, a manifest and records that are whole at every moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line
from syncaug.io.container_writer import Progress
from syncaug.io.names import folder_name
from syncaug.io.plain import dump_json
from syncaug.io.saving import EXACT, Formats, save_sample
from syncaug.io.streams import StreamDecl

__all__ = ["MANIFEST", "RECORDS", "OneLine", "ResultWriter"]

MANIFEST = "manifest.jsonl"
RECORDS = "records.jsonl"


class OneLine(Protocol):
    """What can be told as one line of JSON, as a record can."""

    def to_json(self) -> str:
        """The line."""
        ...


class ResultWriter:
    """Writes results below one folder.

        with ResultWriter(Path("out"), streams) as writer:
            writer.write("pets/1", sample, record, epoch=3)

    A result is made in a hidden folder and moved to `OUT/<key>/<variant>/` when it is complete;
    then its record and its manifest line are appended. Whenever the program ends, the manifest
    names whole results only. The new manifest can be read like any other.
    """

    def __init__(
        self,
        out: str | Path,
        streams: Mapping[str, StreamDecl],
        *,
        overwrite: bool = False,
        formats: Formats = EXACT,
    ) -> None:
        self.out = Path(out)
        self._streams = streams
        self._overwrite = overwrite
        self._formats = formats
        self._epochs: set[tuple[str | int, int]] = set()
        self._places: set[tuple[str | int, int]] = set()
        self._partial = self.out / f".partial-{os.getpid()}"

    def __enter__(self) -> ResultWriter:
        """Make the folder. Raises ManifestError where it holds something already.

        With `overwrite`, an old manifest and old records go; results of the same keys are replaced
        and all other files stay.
        """
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            if not self._overwrite and any(self.out.iterdir()):
                raise ManifestError(
                    f"{self.out} is not empty: expected a new or an empty folder. "
                    "Choose another one, or allow overwriting."
                )
            for name in (MANIFEST, RECORDS):
                (self.out / name).unlink(missing_ok=True)
        except OSError as error:
            raise ManifestError(f"{self.out}: expected a folder to write to; {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._partial, ignore_errors=True)

    def write(
        self,
        key: str | int,
        sample: Mapping[str, Any],
        record: OneLine,
        *,
        epoch: int = 0,
        variant: int = 0,
        sources: Mapping[str, Any] | None = None,
        formats: Formats | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write one result whole and return its manifest line.

        `sources` are the values of the manifest line that the sample came from: what came from one
        container goes into one again, and kinds of files are kept. `formats` may differ from the
        writer's for one result. `progress` is told how many frames of a video are written.

        The line's paths are relative to the output folder. Several results of a key need different
        epochs, by which the new manifest tells them apart. Where an earlier one has taken the
        folder of `variant`, the next free number serves. Raises ManifestError.
        """
        _check_number("variant", variant)
        _check_number("epoch", epoch)
        if (key, epoch) in self._epochs:
            raise ManifestError(
                f"{self.out}: sample {key!r} has a result for epoch {epoch} already; "
                "expected another epoch for each result of a key"
            )
        while (key, variant) in self._places:
            variant += 1
        final = self.out / folder_name(key) / str(variant)
        try:
            shutil.rmtree(self._partial, ignore_errors=True)
            values = save_sample(
                self._partial / "new",
                sample,
                self._streams,
                prefix=f"{final.relative_to(self.out).as_posix()}/",
                formats=self._formats if formats is None else formats,
                sources=sources,
                progress=progress,
            )
            line = {"key": key, "epoch": epoch, **values}
            self._install(final)
            self.write_record(record)
            append_line(self.out / MANIFEST, dump_json(line))
        except ManifestError as error:
            raise ManifestError(f"sample {key!r}: {error}") from error.__cause__
        except OSError as error:
            raise ManifestError(f"sample {key!r}: {final} cannot be written: {error}") from error
        self._epochs.add((key, epoch))
        self._places.add((key, variant))
        return line

    def write_record(self, record: OneLine) -> None:
        """Append a record alone, where a policy dropped its sample. Raises ManifestError."""
        try:
            append_line(self.out / RECORDS, record.to_json())
        except OSError as error:
            raise ManifestError(f"{self.out / RECORDS} cannot be written: {error}") from error

    def _install(self, final: Path) -> None:
        """Move the complete folder to its place, and with `overwrite` what was there before away.

        Raises ManifestError where the place is not inside of the output folder, also by a link, or
        holds what this writer has not written.
        """
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.parent.resolve().parent != self.out.resolve():
            raise ManifestError(
                f"{final}: expected a folder inside of {self.out}; a link leads out of it"
            )
        if os.path.lexists(final) and not self._overwrite:
            raise ManifestError(f"{final}: expected nothing there; came what others wrote")
        if final.exists():
            os.replace(final, self._partial / "old")
        os.replace(self._partial / "new", final)
        shutil.rmtree(self._partial, ignore_errors=True)


def _check_number(name: str, value: Any) -> None:
    """Raise ManifestError unless a value that becomes a part of a path is a plain number."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ManifestError(f"{name}: expected a whole number from 0; came {value!r}"[:200])
