"""Results of a run as a data set of a kind, and their records beside its folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from syncaug.datasets.folder import DatasetFolder, Layout
from syncaug.datasets.samples import SOURCE
from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, write_bytes
from syncaug.io.earlier import RECORDS, whole_lines
from syncaug.io.problem import FileProblem
from syncaug.io.result_folders import scratch_of

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.earlier import Done
    from syncaug.io.earlier import Unit as Name
    from syncaug.io.manifest import Entry
    from syncaug.io.writer import OneLine
    from syncaug.runs.making import Made
    from syncaug.runs.units import Unit

__all__ = ["DatasetEncoder", "DatasetSink", "named_otherwise"]


@dataclass(frozen=True, slots=True)
class DatasetEncoder:
    """Writes the files of a result as they lie in its data set; its value is the tables' row.

    A result is named after its sample and the number of the variant; `otherwise` says which number
    serves where another sample has that name.
    """

    layout: Layout
    variants: int = 1
    otherwise: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Write a result below `folder`. Raises ManifestError."""
        source = result.get(SOURCE)
        told = self.layout.told(source) if isinstance(source, Mapping) else ""
        number = unit.index * self.variants + unit.variant
        again = self.otherwise.get((unit.index, unit.variant), unit.variant)
        name = self.layout.named(told, number, again)
        with _blaming(f"sample {unit.key!r}"):
            return self.layout.encode(folder, result, name, number)


def named_otherwise(
    layout: Layout, told: Sequence[str], variants: int
) -> dict[tuple[int, int], int]:
    """Where the name of a result is that of an earlier one: the number with which it is free.

    `told` are the names of all samples of a data set, in order.
    """
    otherwise = {}
    taken: set[str] = set()
    for index, name in enumerate(told):
        for variant in range(variants):
            again = variant
            number = index * variants + variant
            while (own := layout.named(name, number, again)) in taken:
                again += 1
            taken.add(own)
            if again != variant:
                otherwise[index, variant] = again
    return otherwise


class DatasetSink:
    """Writes a data set of one kind into a folder; it has `write` for records that replay."""

    replaces = False
    """Nothing that was there before is ever written over."""

    def __init__(
        self,
        out: Path,
        encoder: DatasetEncoder,
        *,
        run: Mapping[str, Any] | None = None,
        order: Sequence[Name] = (),
        resume: bool = False,
    ) -> None:
        """`order` are the names of all units of the run."""
        self.out, self.encoder = out, encoder
        self._folder = DatasetFolder(out, encoder.layout, run=run, resume=resume)
        self._order = order
        self._new: set[Name] = set()

    @property
    def scratch(self) -> Path:
        """The hidden folder of this process in that of the data set."""
        folder = scratch_of(self.out)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @property
    def done(self) -> Mapping[Name, Done]:
        """The results of the run that is resumed."""
        return self._folder.journal.done

    @property
    def again(self) -> Mapping[Name, Done]:
        """Nothing: each result is whole by itself."""
        return {}

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of the run that was killed there."""
        return self._folder.left

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
        """Write the tables of all that is whole."""
        if self._order:
            settled = self._new | set(self.done)
            self._folder.close(self._order, whole=all(name in settled for name in self._order))
        self._folder.__exit__(kind, error, trace)

    def go_on(self) -> None:
        """Cut off what the end of the run has torn. Raises ManifestError."""
        if self._folder.finished and any(name not in self.done for name in self._order):
            raise ManifestError(
                f"{self.out}: cannot be resumed: expected a data set that is not finished; it has "
                "been finished, with fewer results than there would be now. Start anew in another "
                "folder."
            )
        self._folder.go_on()

    def commit(self, made: Made) -> None:
        """Move the files of a result to their places and append its record. Raises ManifestError.

        The record of a dropped sample is all that there is of it.
        """
        if made.folder is not None:
            with _blaming(f"sample {made.unit.key!r}"):
                self._folder.commit(made.unit.name, made.folder, made.value)
        self._tell(made.record)
        self._new.add(made.unit.name)

    def finish(self, order: Sequence[Name]) -> None:
        """Put the records of a resumed run into their order. Raises ManifestError."""
        if not self.done or self._folder.finished:
            return
        with _blaming(str(self.out / RECORDS)):
            lines = {}
            for _, record, line, _ in whole_lines(self.out / RECORDS):
                lines[record["draw"]["key"], record["draw"]["epoch"]] = line
            wanted = [name for name in order if name in lines]
            if wanted != list(lines):
                content = b"".join(lines[name] + b"\n" for name in wanted)
                write_bytes(self.out / RECORDS, content)

    def write(
        self,
        key: str | int,
        sample: Mapping[str, Any],
        record: OneLine,
        *,
        variant: int = 0,
        **details: Any,
    ) -> None:
        """Write one result, and its record. Raises ManifestError."""
        self._folder.add(sample, again=variant)
        self.write_record(record)

    def write_record(self, record: OneLine) -> None:
        """Append a record. Raises ManifestError."""
        self._tell(record.to_json())

    def _tell(self, line: str) -> None:
        try:
            append_line(self.out / RECORDS, line)
        except OSError as error:
            raise ManifestError(f"{self.out / RECORDS} cannot be written: {error}") from error


@contextmanager
def _blaming(what: str) -> Iterator[None]:
    """Say what it was that could not be written."""
    try:
        yield
    except FileProblem as problem:
        raise ManifestError(f"{what}: {problem}") from None
    except OSError as error:
        raise ManifestError(f"{what}: it cannot be written: {error}") from error
