"""A data set that is being written: files of one sample after the other, its tables at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from syncaug.datasets.journal import MOVING, Journal, place_in
from syncaug.datasets.samples import SOURCE
from syncaug.dropped import DROPPED
from syncaug.errors import ManifestError
from syncaug.io.atomic import remove_begun
from syncaug.io.earlier import RECORDS, Unit
from syncaug.io.locking import LOCK, FolderLock
from syncaug.io.problem import FileProblem
from syncaug.io.result_folders import remove, remove_dead

__all__ = ["UNNUMBERED", "DatasetFolder", "Layout", "numbered", "write_all"]

UNNUMBERED = ".syncaug-unnumbered"
"""Where files lie whose numbers are known at the end alone; it goes when all are there."""


class Layout(Protocol):
    """How one kind of data set lies in a folder.

    What it writes of a sample depends on nothing but the sample, the name and the number.
    """

    def told(self, source: Mapping[str, Any]) -> str:
        """What the files of a sample are named after; empty where its source does not say it."""
        ...

    def named(self, told: str, number: int, again: int) -> str:
        """The name of a result's files: of the first of its sample with `again` 0, else another.

        `number` counts the results of the data set from 0.
        """
        ...

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the files of one sample; what the tables have to say of it, as plain data.

        Raises ManifestError, FileProblem.
        """
        ...

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the tables of all samples; it may be called again when there are more of them."""
        ...


def numbered(name: str, again: int, mark: str) -> str:
    """The name of the first result of a sample, and of further ones: cats, cats-1, cats-2."""
    return f"{name}{mark}{again}" if again else name


class DatasetFolder:
    """Writes a data set of one kind into a new folder.

    Each sample is whole or absent: its files are written first, then a line in a journal; the
    tables are made of the journal when the folder is closed, also after an error, so that what is
    there is a data set of all samples that were whole. One writer at a time has the folder.
    """

    def __init__(
        self,
        root: str | Path,
        layout: Layout,
        *,
        run: Mapping[str, Any] | None = None,
        resume: bool = False,
    ) -> None:
        """`resume` goes on where an earlier run of the same description `run` has ended."""
        self.root, self._layout = Path(root), layout
        self.journal = Journal(self.root)
        self.finished = False
        """Whether an earlier run has written all that it had to."""
        self._lock = FolderLock(self.root)
        self._run, self._resume = dict(run or {}), resume
        self._taken: set[str] = set()
        self._count = 0
        self._order: Sequence[Unit] | None = None
        self._begun = self._whole = False

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of a run that was killed here; None where none is known."""
        return self._lock.run

    def __enter__(self) -> DatasetFolder:
        """Make the folder and lock it. Raises ManifestError where it holds something already.

        With `resume` it may hold what an earlier run has written: call `go_on` when that is known
        to be the same one.
        """
        self._lock.enter(self._prepare)
        return self

    def _prepare(self) -> None:
        remove_dead(self.root)
        if self._resume and (self.journal.exists or (self.root / RECORDS).is_file()):
            self.journal.read()
            self.finished = not self.journal.exists
        else:
            self._require_empty()
            self._begin()

    def _require_empty(self) -> None:
        if all(path.name == LOCK for path in self.root.iterdir()):
            return
        if not self.journal.exists:
            raise ManifestError(
                f"{self.root} is not empty: expected a new or an empty folder. Choose another."
            )
        raise ManifestError(
            f"{self.root} holds a data set that was never finished, because its writer was killed "
            "or stopped: expected a new or an empty folder. "
            + (
                "Go on with --resume, or choose another."
                if self._run and (self.root / RECORDS).is_file()
                else "Delete it, and write it again."
            )
        )

    def _begin(self) -> None:
        self._lock.write({"run": self._run})
        self.journal.begin()
        self._begun = True

    def go_on(self) -> None:
        """Take up a run where it ended; what its end has torn goes. Raises ManifestError."""
        if self._begun or self.finished:
            return
        try:
            remove_begun(self.root)
            self.journal.mend()
            self._begin()
        except OSError as error:
            raise ManifestError(f"{self.root}: expected a folder to go on in; {error}") from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._begun and (kind is None or issubclass(kind, Exception | KeyboardInterrupt)):
                if error is not None and not self._resume and self._has_nothing():
                    self.journal.close()
                    return
                try:
                    self._finish(whole=self._whole or not self._run)
                except ManifestError:
                    if error is None:
                        raise
        finally:
            with suppress(OSError):
                remove_dead(self.root)
            self._lock.release(keep=not self._begun and self._lock.left is not None)

    def _has_nothing(self) -> bool:
        """Whether no sample came to be whole, so that there is nothing to keep or to go on with."""
        if any((self.root / name).exists() for name in (RECORDS, MOVING)):
            return False
        return next(self.journal.rows(), None) is None

    def add(self, sample: Mapping[str, Any], *, again: int = 0) -> None:
        """Write one sample. Raises ManifestError, and leaves no row of it.

        Its files get the first name that is free, from that of the result number `again` on.
        """
        source = sample.get(SOURCE)
        told = self._layout.told(source) if isinstance(source, Mapping) else ""
        key = source.get("key") if isinstance(source, Mapping) else self._count
        while (name := self._layout.named(told, self._count, again)) in self._taken:
            again += 1
        try:
            row = self._layout.encode(self.root, sample, name, self._count)
            self.journal.add(None, row)
        except FileProblem as problem:
            raise ManifestError(f"sample {key!r}: {problem}") from None
        except OSError as error:
            raise ManifestError(f"sample {key!r}: it cannot be written: {error}") from error
        except (TypeError, ValueError, LookupError) as error:
            raise ManifestError(
                f"sample {key!r}: expected streams in the forms that `samples` gives; {error}"
            ) from error
        self._taken.add(name)
        self._count += 1

    def commit(self, unit: Unit, folder: Path, row: Mapping[str, Any]) -> None:
        """Put the files of one sample, which lie in `folder` as they shall here, into their places.

        `row` is what the layout has returned for them. Raises OSError, FileProblem.
        """
        paths = sorted(path for path in folder.rglob("*") if not path.is_dir())
        self.journal.moving(unit, [path.relative_to(folder).as_posix() for path in paths])
        for path in paths:
            try:
                place = place_in(self.root, path.relative_to(folder).as_posix())
            except ValueError as error:
                raise FileProblem(f"a folder of its own at {self.root}", str(error)) from None
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)
        self.journal.add(unit, row)
        remove(folder)

    def close(self, order: Sequence[Unit], *, whole: bool) -> None:
        """Say in which order the samples stand in the tables, and whether all of them are there."""
        self._order, self._whole = order, whole

    def _finish(self, *, whole: bool) -> None:
        try:
            rows = list(self.journal.rows())
            if self._order is not None:
                by_unit = dict(rows)
                rows = [(unit, by_unit[unit]) for unit in self._order if unit in by_unit]
            self._layout.finish(self.root, [row for _, row in rows])
            if whole:
                shutil.rmtree(self.root / UNNUMBERED, ignore_errors=True)
                self.journal.close()
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
