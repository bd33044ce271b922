"""What a run asks of the samples it reads, of the place it writes to, and of what does the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from syncaug.errors import ManifestError
    from syncaug.io.container_writer import Progress
    from syncaug.io.earlier import Done
    from syncaug.io.earlier import Unit as Name
    from syncaug.io.manifest import Entry
    from syncaug.runs.making import Failed, Job, Made
    from syncaug.runs.units import Task, Unit

__all__ = ["Encoder", "Engine", "Sink", "Source"]


class Source(Protocol):
    """Samples in their order, none of them read yet."""

    @property
    def place(self) -> Path:
        """The file or folder that messages name."""
        ...

    def items(self) -> Iterable[Entry | ManifestError]:
        """Each sample as an entry, or what is wrong with it.

        Entries are small and can be pickled; `Entry.read` gives the streams of those that no
        manifest names. Raises ManifestError where there is no such source.
        """
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is to be told of it once all items were taken: what it holds and results do not."""
        ...

    def description(self) -> Mapping[str, Any]:
        """What decides the samples, as plain data: another one is another run.

        Empty where a run over the source cannot be resumed.
        """
        ...


class Encoder(Protocol):
    """Writes one result in any process; it can be pickled and keeps nothing between results."""

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> Any:
        """Write the files of a result into `folder`, which is new, empty and this unit's alone.

        What is returned can be pickled and is small; the sink's `commit` gets it as `Made.value`.
        `progress` is told how many frames of a video are written. Raises ManifestError, whose cause
        is the OSError where a file could not be written.
        """
        ...


class Sink(Protocol):
    """Takes results in order, in one process, each whole or not at all."""

    @property
    def out(self) -> Path:
        """The folder, or the folder of the file, that is written."""
        ...

    @property
    def scratch(self) -> Path:
        """An existing folder for what is made and not yet committed, on the file system of `out`.

        It is this run's alone and goes with it; what a killed run has left in its own goes, too.
        """
        ...

    @property
    def encoder(self) -> Encoder:
        """What writes results that `commit` takes."""
        ...

    @property
    def done(self) -> Mapping[Name, Done]:
        """What an earlier run has written here, by key and epoch; empty unless it is resumed."""
        ...

    @property
    def again(self) -> Mapping[Name, Done]:
        """What an earlier run has written here that is half and will be made again."""
        ...

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of an earlier run that did not end by itself; None where none is known.

        It is what the sink was given as `run`, for `syncaug.runs.resuming`.
        """
        ...

    def __enter__(self) -> Sink:
        """Lock the place. Raises ManifestError where another process writes there."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let it go, also after an error: what is there is whole."""
        ...

    def go_on(self) -> None:
        """Take up the run that is resumed: it is the same one. Raises ManifestError."""
        ...

    def commit(self, made: Made) -> None:
        """Put one result, or the record of a dropped sample, into its place: whole, or not at all.

        Raises ManifestError, whose cause is the OSError where a file could not be written.
        """
        ...

    def finish(self, order: Sequence[Name]) -> None:
        """Bring what is there into the order of an undisturbed run, once all units are settled."""
        ...


class Engine(Protocol):
    """Makes units, in one process or in many."""

    def __call__(self, job: Job, tasks: Iterable[Task]) -> Iterator[Made | Failed]:
        """What each task became, in the order of the tasks, which are taken a bounded number ahead.

        Each is `Maker(job).make(task)`, whichever process makes it. Closing the iterator ends the
        engine's processes.
        """
        ...
