"""Results on disk: a folder for each, a manifest and records that are whole at every moment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, shorten, unshare, write_bytes
from syncaug.io.container_writer import Progress
from syncaug.io.earlier import (
    MANIFEST,
    RECORDS,
    Done,
    Earlier,
    Unit,
    owned_folders,
    read_earlier,
    require_files,
)
from syncaug.io.locking import LOCK, FolderLock
from syncaug.io.names import folder_name
from syncaug.io.plain import dump_json
from syncaug.io.problem import FileProblem
from syncaug.io.result_folders import (
    install,
    is_scratch,
    make_new,
    remove_dead,
    require_result,
    scratch_of,
)
from syncaug.io.saving import EXACT, Formats, save_sample
from syncaug.io.streams import StreamDecl

__all__ = ["MANIFEST", "RECORDS", "OneLine", "ResultWriter", "encode_result"]


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

    Nothing is written or removed through a link inside of the folder, and a result replaces only
    what a writer wrote. One writer at a time has the folder.
    """

    def __init__(
        self,
        out: str | Path,
        streams: Mapping[str, StreamDecl],
        *,
        overwrite: bool = False,
        resume: bool = False,
        run: Mapping[str, Any] | None = None,
        formats: Formats = EXACT,
    ) -> None:
        """`resume` goes on in a folder that an earlier run of the same description has left.

        `run` describes the run in plain data, for whoever resumes it after a kill.
        """
        self.out = Path(out)
        self._streams = streams
        self._mode: Literal["new", "overwrite", "resume"] = (
            "resume" if resume else "overwrite" if overwrite else "new"
        )
        self._run = dict(run or {})
        self._formats = formats
        self._units: set[Unit] = set()
        self._places: set[tuple[str | int, int]] = set()
        self._owned: set[str] = set()
        self._partial = scratch_of(self.out)
        self._lock = FolderLock(self.out)
        self._begun = False
        self._earlier = Earlier()

    @property
    def done(self) -> Mapping[Unit, Done]:
        """What was there when a run was resumed, by key and epoch; empty for all other runs."""
        return self._earlier.done

    @property
    def scratch(self) -> Path:
        """A folder for what is half-made, for this writer alone; it goes when the writer does."""
        self._partial.mkdir(mode=0o700, exist_ok=True)
        return self._partial

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of a run that was killed here; None where none is known."""
        return self._lock.run

    def __enter__(self) -> ResultWriter:
        """Make the folder and lock it. Raises ManifestError where it holds something already.

        With `overwrite`, an old manifest and old records go; results of the same keys are replaced
        and all other files stay. With `resume` all of them stay: call `go_on` when they are known
        to be those of the same run. What killed runs have left half-made goes.
        """
        self._lock.enter(self._prepare)
        return self

    def _prepare(self) -> None:
        remove_dead(self.out)
        owned = (self._lock.left or {}).get("owned", ())
        self._owned = {name for name in owned if isinstance(name, str)}
        if self._mode == "resume":
            self._earlier = read_earlier(self.out)
            require_files(self.out, self._earlier)
            if self._earlier.done or self._lock.left is not None:
                self._owned |= owned_folders(self.out)
                return
        strangers = [
            path for path in self.out.iterdir() if path.name != LOCK and not is_scratch(path)
        ]
        if self._mode != "overwrite" and strangers:
            resumable = (self.out / RECORDS).is_file() and self._mode == "new" and self._run
            raise ManifestError(
                f"{self.out} is not empty: expected a new or an empty folder. Choose another one, "
                + ("go on with --resume, " if resumable else "")
                + "or allow overwriting (--overwrite)."
            )
        if self._mode == "overwrite":
            self._owned |= owned_folders(self.out)
            self._begin()
            for name in (MANIFEST, RECORDS):
                (self.out / name).unlink(missing_ok=True)
        else:
            self._begin()

    def go_on(self) -> None:
        """Take up a run where it ended; what its end has torn is cut off. Raises ManifestError."""
        try:
            for name, length in self._earlier.lengths.items():
                unshare(self.out / name)
                shorten(self.out / name, length)
            if not self._begun:
                self._begin()
        except OSError as error:
            raise ManifestError(f"{self.out}: expected a folder to go on in; {error}") from error
        for (key, epoch), done in self._earlier.done.items():
            self._units.add((key, epoch))
            if done.manifest_line:
                variant = done.record.get("source", {}).get("variant", 0)
                self._places.add((key, self._free(key, variant)))

    def _begin(self) -> None:
        self._lock.write({"run": self._run, "owned": sorted(self._owned)})
        self._begun = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            remove_dead(self.out)  # what a process that is just dead was still writing, too
        self._lock.release(keep=not self._begun and self._lock.left is not None)

    def write(
        self,
        key: str | int,
        sample: Mapping[str, Any],
        record: OneLine,
        *,
        epoch: int = 0,
        variant: int = 0,
        sources: Mapping[str, Any] | None = None,
        source_folder: Path | None = None,
        formats: Formats | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write one result whole and return its manifest line.

        `sources` are the values of the manifest line that the sample came from: what came from one
        container goes into one again, and kinds of files are kept; `source_folder` is
        where that manifest lies, for the languages of tracks. `formats` may differ from the
        writer's for one result. `progress` is told how many frames of a video are written.

        The line's paths are relative to the output folder. Several results of a key need different
        epochs, by which the new manifest tells them apart. Where an earlier one has taken the
        folder of `variant`, the next free number serves. Raises ManifestError.
        """
        self._claim(key, epoch, variant)
        variant = self._free(key, variant)
        with _blaming(key, self.out / folder_name(key) / str(variant)):
            folder = self.scratch / "one"
            make_new(folder)
            line = encode_result(
                folder,
                key,
                sample,
                self._streams,
                epoch=epoch,
                variant=variant,
                sources=sources,
                source_folder=source_folder,
                formats=self._formats if formats is None else formats,
                progress=progress,
            )
            told = record.to_json()
        self.commit(key, folder, line, told, epoch=epoch, variant=variant)
        return line

    def commit(
        self,
        key: str | int,
        folder: Path,
        line: Mapping[str, Any],
        record: str,
        *,
        epoch: int = 0,
        variant: int = 0,
    ) -> None:
        """Put what `encode_result` has made in `folder` into its place, and append its lines.

        `line` is what it returned, `record` the record as a line. Raises ManifestError.
        """
        self._claim(key, epoch, variant)
        final = self.out / folder_name(key) / str(variant)
        with _blaming(key, final):
            lines = {RECORDS: record, MANIFEST: dump_json(line)}
            for text in lines.values():
                text.encode()  # what cannot be written is known before anything is moved
            told = {self.out / name: line for name, line in lines.items()}
            install(folder, final, told, self._require_replaceable)
        self._units.add((key, epoch))
        self._places.add((key, variant))

    def write_record(self, record: OneLine | str, *, unit: Unit | None = None) -> None:
        """Append a record alone, where a policy dropped its sample. Raises ManifestError."""
        if unit is not None:
            self._claim(*unit, 0)
        try:
            append_line(self.out / RECORDS, record if isinstance(record, str) else record.to_json())
        except OSError as error:
            raise ManifestError(f"{self.out / RECORDS} cannot be written: {error}") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise ManifestError(f"a record has no form in JSON: {error}") from error
        if unit is not None:
            self._units.add(unit)

    def arrange(self, order: Sequence[Unit]) -> None:
        """Put the lines of a resumed run into an order, as one run would have written them."""
        earlier = read_earlier(self.out)
        wanted = [unit for unit in order if unit in earlier.done]
        if wanted == list(earlier.done):
            return
        done = [earlier.done[unit] for unit in wanted]
        for name, lines in (
            (RECORDS, [one.record_line for one in done]),
            (MANIFEST, [one.manifest_line for one in done if one.manifest_line]),
        ):
            write_bytes(self.scratch / name, b"".join(line + b"\n" for line in lines))
            os.replace(self.scratch / name, self.out / name)

    def complete(self) -> None:
        """Leave an empty manifest beside records of dropped samples alone. Raises ManifestError.

        Without records there is nothing to complete: a folder that stays empty can be used again.
        """
        manifest = self.out / MANIFEST
        try:
            if (self.out / RECORDS).is_file() and not os.path.lexists(manifest):
                write_bytes(manifest, b"")
        except OSError as error:
            raise ManifestError(f"{manifest} cannot be written: {error}") from error

    def _claim(self, key: str | int, epoch: int, variant: int) -> None:
        numbers: dict[str, Any] = {"variant": variant, "epoch": epoch}
        for name, value in numbers.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ManifestError(f"{name}: expected a whole number from 0; got {value!r}"[:200])
        if (key, epoch) in self._units:
            raise ManifestError(
                f"{self.out}: sample {key!r} has a result for epoch {epoch} already; "
                "expected another epoch for each result of a key"
            )

    def _free(self, key: str | int, variant: int) -> int:
        while (key, variant) in self._places:
            variant += 1
        return variant

    def _require_replaceable(self, final: Path) -> None:
        """Raise ManifestError unless what a writer wrote is there, or a link, which goes itself."""
        if self._mode == "new":
            raise ManifestError(f"{final}: expected nothing there; got what others wrote")
        owned = final.relative_to(self.out).as_posix() in self._owned and final.is_dir()
        if not owned and not final.is_symlink():
            require_result(final, {folder_name(name) for name in self._streams})


def encode_result(
    folder: Path,
    key: str | int,
    sample: Mapping[str, Any],
    streams: Mapping[str, StreamDecl],
    *,
    epoch: int = 0,
    variant: int = 0,
    sources: Mapping[str, Any] | None = None,
    source_folder: Path | None = None,
    formats: Formats = EXACT,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write one result into a folder of its own, for `ResultWriter.commit`; its manifest line.

    This needs no writer and no lock: any process may do it. Raises ManifestError.
    """
    with _blaming(key, folder):
        values = save_sample(
            folder / "new",
            sample,
            streams,
            prefix=f"{folder_name(key)}/{variant}/",
            formats=formats,
            sources=sources,
            source_folder=source_folder,
            progress=progress,
        )
        line = {"key": key, "epoch": epoch, **values}
        dump_json(line)  # what has no form in JSON is told here
    return line


@contextmanager
def _blaming(key: str | int, place: Path) -> Iterator[None]:
    """Say which sample it was that could not be written, and where."""
    try:
        yield
    except ManifestError as error:
        if str(error).startswith(f"sample {key!r}: "):
            raise
        raise ManifestError(f"sample {key!r}: {error}") from error.__cause__
    except OSError as error:
        raise ManifestError(f"sample {key!r}: {place} cannot be written: {error}") from error
    except (FileProblem, ValueError, TypeError, RecursionError) as error:
        raise ManifestError(f"sample {key!r}: it has no form in JSON: {error}") from error
