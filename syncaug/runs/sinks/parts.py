"""Results in parts: files that hold many samples each, every one of them whole or not there.

A part is written in a hidden folder. When it is full it gets its name, its records are appended to
`records.jsonl`, and a line in a journal says so: then its samples are done. A run that is resumed
goes on behind the last part that was full, and makes what was half again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, shorten, unshare
from syncaug.io.earlier import RECORDS, Done
from syncaug.io.locking import LOCK, FolderLock
from syncaug.io.plain import parse_json
from syncaug.io.result_folders import is_scratch, remove, remove_dead, scratch_of
from syncaug.runs.sinks.parts_journal import JOURNAL, bytes_of, read_journal

if TYPE_CHECKING:
    from syncaug.io.earlier import Unit as Name
    from syncaug.runs.making import Made
    from syncaug.runs.protocols import Encoder
    from syncaug.runs.units import Unit

__all__ = ["Form", "Part", "PartSize", "PartsSink"]


@dataclass(frozen=True, slots=True)
class PartSize:
    """How much goes into one part: so many samples, and so many bytes of their files, at most."""

    samples: int = 1000
    bytes: int = 1 << 30


class Part(Protocol):
    """One file of many samples while it is written; `intact` unless a failure has cost samples."""

    intact: bool

    def add(self, unit: Unit, folder: Path, value: Any) -> None:
        """Append a sample, or leave the part as it was. Raises ManifestError, OSError."""
        ...

    def close(self) -> None:
        """End the file. Raises OSError."""
        ...

    def abandon(self) -> None:
        """Let go of the file, which is removed."""
        ...


class Form(Protocol):
    """One kind of parts."""

    @property
    def suffix(self) -> str:
        """The suffix of their files."""
        ...

    def begin(self, path: Path) -> Part:
        """A new part, at a path at which there is nothing. Raises OSError."""
        ...

    def size(self, value: Any) -> int:
        """The bytes of a sample, by what its encoder returned."""
        ...


class PartsSink:
    """Takes results in order into parts of a folder, and their records beside them."""

    def __init__(
        self,
        out: Path,
        form: Form,
        encoder: Encoder,
        run: Mapping[str, Any],
        *,
        size: PartSize,
        overwrite: bool = False,
        resume: bool = False,
        prefix: str = "",
        beside: bool = False,
    ) -> None:
        """`prefix` begins the names of all parts, as where several runs share the samples.

        With `beside` the folder may hold what others wrote, if its names are none of this run's.
        """
        self.out, self.encoder = out, encoder
        self._form, self._run, self._size, self._prefix = form, dict(run), size, prefix
        self._overwrites, self._resumes, self._beside = overwrite, resume, beside
        self._partial = scratch_of(out)
        self._lock = FolderLock(out)
        self._part: Part | None = None
        self._samples = self._bytes = self._count = 0
        self._records: list[str] = []
        self._position: tuple[int, int] | None = None
        self._journal: list[dict[str, Any]] = []
        self._done: dict[Name, Done] = {}
        self._again: dict[Name, Done] = {}
        self._keys: dict[str, type] = {}
        self._finished = self._begun = False
        self.lost = ""
        """Why samples that were taken are not in any part; then no more are taken."""

    @property
    def scratch(self) -> Path:
        """The hidden folder of this process in the folder of parts."""
        self._partial.mkdir(mode=0o700, exist_ok=True)
        return self._partial

    @property
    def done(self) -> Mapping[Name, Done]:
        """What the whole parts of the resumed run hold."""
        return self._done

    @property
    def again(self) -> Mapping[Name, Done]:
        """What the half part behind them holds."""
        return self._again

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of the run that was killed there."""
        return self._lock.run

    def __enter__(self) -> PartsSink:
        """Make the folder and lock it. Raises ManifestError where it holds something already."""
        self._lock.enter(self._prepare)
        return self

    def _prepare(self) -> None:
        remove_dead(self.out)
        journal = list(read_journal(self.out / JOURNAL))
        if self._resumes and (journal or self._lock.left is not None):
            self._finished = bool(journal and journal[-1].get("finished"))
            self._journal = [line for line in journal if "file" in line]
            half = 0
            if self._journal and not self._journal[-1]["full"] and not self._finished:
                half = self._journal.pop()["records"]
            self._done = dict(self._earlier())
            whole = self._journal[-1]["records"] if self._journal else 0
            records = bytes_of(self.out / RECORDS)
            self._again = dict(self._told(records[whole:half], len(self._done)))
            return
        names = {path.name for path in self.out.iterdir() if not is_scratch(path)} - {LOCK}
        ours = {RECORDS, JOURNAL, *(line["begun"] for line in journal if "begun" in line)}
        if self._beside:
            names = {name for name in names if name in ours or self._may_be_part(name)}
        if names and not (self._overwrites and journal):
            way = "go on with --resume, or allow overwriting (--overwrite)" if journal else ""
            came = f"holds {min(names)}" if self._beside else "is not empty"
            wanted = f"a folder without {RECORDS} and parts of this name"
            wanted = wanted if self._beside else "a new or an empty folder"
            if self._resumes and RECORDS in names:
                raise ManifestError(
                    f"{self.out}: cannot be resumed: expected {JOURNAL}, which tells the parts "
                    "that are whole, beside the records; got none. Start anew in another folder."
                )
            raise ManifestError(
                f"{self.out} {came}: expected {wanted}. Choose another one"
                + (f", {way}." if way else ".")
            )
        self._begin()
        for name in sorted(names & ours):
            (self.out / name).unlink()

    def _may_be_part(self, name: str) -> bool:
        return name.startswith(self._prefix) and name.endswith(self._form.suffix)

    def go_on(self) -> None:
        """Cut off what stands behind the last whole part. Raises ManifestError."""
        whole = {line["file"] for line in self._journal}
        try:
            self._begin()
            if not self._finished:
                for line in read_journal(self.out / JOURNAL):
                    if "begun" in line and line["begun"] not in whole:
                        (self.out / line["begun"]).unlink(missing_ok=True)
                length = self._journal[-1]["records"] if self._journal else 0
                for name in (RECORDS, JOURNAL):
                    unshare(self.out / name)
                shorten(self.out / RECORDS, length)
                ends = [line["end"] for line in self._journal]
                shorten(self.out / JOURNAL, ends[-1] if ends else 0)
        except OSError as error:
            raise ManifestError(f"{self.out}: expected a folder to go on in; {error}") from error
        self._count = sum(1 for line in self._journal if line["file"])
        if self._journal:
            index, variant = self._journal[-1]["last"]
            self._position = index, variant

    def _begin(self) -> None:
        self._lock.write({"run": self._run})
        self._begun = True

    def _earlier(self) -> Iterator[tuple[Name, Done]]:
        """The results of whole parts. Raises ManifestError where a part is not as it was."""
        for line in self._journal:
            path = self.out / line["file"]
            if line["file"] and (not path.is_file() or path.stat().st_size != line["size"]):
                raise ManifestError(
                    f"{path}: expected the part of {line['size']:,} bytes that the run had "
                    "finished; it was changed or removed. Start anew with --overwrite."
                )
        length = self._journal[-1]["records"] if self._journal else 0
        data = bytes_of(self.out / RECORDS)[:length]
        if len(data) < length:
            raise ManifestError(
                f"{self.out / RECORDS}: expected the records of all whole parts; some are missing. "
                "Start anew with --overwrite."
            )
        yield from self._told(data, 0)

    def _told(self, data: bytes, before: int) -> Iterator[tuple[Name, Done]]:
        """The results of some lines of the records, behind so many. Raises ManifestError."""
        for number, text in enumerate(data.split(b"\n")[:-1], start=before + 1):
            try:
                record = parse_json(text.decode())
                name = record["draw"]["key"], record["draw"]["epoch"]
                yield name, Done(name, record, text)
            except (ValueError, TypeError, KeyError) as error:
                raise ManifestError(
                    f"{self.out / RECORDS}:{number}: expected a record; got {error!r}"[:300]
                ) from None

    def commit(self, made: Made) -> None:
        """Append one result to the part that is written now. Raises ManifestError."""
        unit = made.unit
        self._require_later(unit)
        self._require_key(unit.key)
        try:
            if made.folder is not None:
                self._add(made)
            self._records.append(made.record)
            self._position = unit.index, unit.variant
            if self._samples >= self._size.samples:
                self._end_part(full=True)
        except OSError as error:
            if self._part is not None and not self._part.intact:
                self.lost = self.lost or str(error)
            raise ManifestError(
                f"sample {unit.key!r}: {self.out} cannot be written: {error}"
            ) from error

    def _add(self, made: Made) -> None:
        size = self._form.size(made.value)
        if self._samples and self._bytes + size > self._size.bytes:
            self._end_part(full=True)
        if self._part is None:
            self._part = self._form.begin(self._path())
        assert made.folder is not None
        self._part.add(made.unit, made.folder, made.value)
        self._samples, self._bytes = self._samples + 1, self._bytes + size
        remove(made.folder)

    def _path(self) -> Path:
        return self.scratch / f"part.partial{self._form.suffix}"

    def _end_part(self, *, full: bool) -> None:
        """Give the part its name, with its records. Raises ManifestError, OSError."""
        name = f"{self._prefix}{self._count:06d}{self._form.suffix}" if self._part else ""
        final, records = self.out / name, self.out / RECORDS
        before = records.stat().st_size if records.exists() else 0
        journal = self.out / JOURNAL
        part, self._part = self._part, None
        try:
            if part is not None:
                part.close()
                if os.path.lexists(final):
                    raise ManifestError(
                        f"{final}: expected nothing there; got what others wrote. Move it."
                    )
            _append(records, self._records)
            line = {
                "file": name,
                "samples": self._samples,
                "size": self._path().stat().st_size if name else 0,
                "records": records.stat().st_size if records.exists() else 0,
                "last": list(self._position or (0, 0)),
                "full": full,
            }
            if name:
                append_line(journal, json.dumps({"begun": name}))  # it is ours from now on
                os.replace(self._path(), final)
            append_line(journal, json.dumps(line))
        except BaseException as error:
            self.lost = str(error) or type(error).__name__
            if part is not None:
                part.abandon()
            shorten(records, before)
            raise
        self._count += bool(name)
        self._samples = self._bytes = 0
        self._records = []

    def _require_later(self, unit: Unit) -> None:
        self._require_parts()
        if self._finished:
            raise ManifestError(
                f"{self.out}: sample {unit.key!r}: expected the samples that the finished run had; "
                "its last part is closed. Write further samples into another folder."
            )
        if self._position is not None and (unit.index, unit.variant) <= self._position:
            raise ManifestError(
                f"{self.out}: sample {unit.key!r} was skipped before, and its place lies in a part "
                "that is whole. Start anew with --overwrite, or write it into another folder."
            )

    def _require_parts(self) -> None:
        if self.lost:
            raise ManifestError(
                f"{self.out}: a part could not be written: {self.lost}. Mend that, then go on with "
                "--resume."
            )

    def _require_key(self, key: str | int) -> None:
        """Raise ManifestError where 3 and "3" are two keys, which are one in a part."""
        if not self._keys:
            self._keys = {str(one): type(one) for one, _ in self._done}
        if self._keys.setdefault(str(key), type(key)) is not type(key):
            raise ManifestError(
                f"sample {key!r}: expected keys that differ as texts, as parts have them; got "
                f"another sample whose key is the {'text' if type(key) is int else 'number'} "
                f"{key}. Rename one of them, or write a folder: --out-format folder"
            )

    def finish(self, order: Sequence[Name]) -> None:
        """End the last part. Raises ManifestError."""
        self._require_parts()
        if self._finished:
            return
        try:
            if self._part is not None or self._records:
                self._end_part(full=False)
            append_line(self.out / JOURNAL, json.dumps({"finished": True}))
        except OSError as error:
            raise ManifestError(f"{self.out} cannot be written: {error}") from error
        self._finished = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the part that is written, unless that is what failed; then let the folder go."""
        try:
            orderly = kind is not None and issubclass(kind, Exception | KeyboardInterrupt)
            if orderly and not self.lost and (self._part is not None or self._records):
                self._end_part(full=False)
        except (ManifestError, OSError):
            pass  # what was half is made again by --resume
        finally:
            if self._part is not None:
                self._part.abandon()
            remove(self._partial)
            self._lock.release(keep=not self._begun and self._lock.left is not None)


def _append(path: Path, lines: Sequence[str]) -> None:
    """Append lines; where the disk fills up, the caller shortens the file."""
    for line in lines:
        append_line(path, line)
