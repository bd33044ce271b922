"""One unit made, in any process: its sample loaded, augmented and written into a folder apart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from syncaug.errors import ManifestError, SampleError, SyncaugError
from syncaug.io.atomic import is_full
from syncaug.io.manifest import Entry
from syncaug.io.packed import unpacked
from syncaug.suspicions import Suspicions

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.limits import Limits
    from syncaug.record import Record
    from syncaug.report.result import Result
    from syncaug.runs.protocols import Encoder
    from syncaug.runs.units import Task, Unit

__all__ = ["Failed", "Job", "Made", "Maker", "Warned", "source_of"]


@dataclass(frozen=True, slots=True)
class Job:
    """What all units of a run share; it can be pickled.

    `scratch` is the folder in which each unit gets one of its own; `how` says how files are
    written, for records.
    """

    augmenter: Any
    encoder: Encoder
    out: Path
    scratch: Path
    how: Mapping[str, Any]
    limits: Limits


class Warned(NamedTuple):
    """A warning of another process, as `warnings.warn_explicit` takes it."""

    category: type[Warning]
    text: str
    filename: str
    line: int


@dataclass(frozen=True, slots=True)
class Made:
    """A unit that was made: what the sink needs to commit it.

    `record` is a line of JSON. `folder` holds the files, and `value` is what the encoder returned;
    both are None where the policy dropped the sample. `warnings` are those that another process
    has raised. `shown` is the result itself, where it was asked for.
    """

    unit: Unit
    outcome: str
    record: str
    value: Any = None
    folder: Path | None = None
    warnings: tuple[Warned, ...] = ()
    shown: Result | None = None

    @property
    def dropped(self) -> bool:
        """Whether there is a record and no result."""
        return self.folder is None


@dataclass(frozen=True, slots=True)
class Failed:
    """A unit that could not be made, and why.

    `full` says that the disk takes no more, which is the fault of no sample. `unforeseen` is an
    error that no check has named; `error` tells of it, too.
    """

    unit: Unit
    error: SyncaugError
    full: bool = False
    unforeseen: Exception | None = None
    warnings: tuple[Warned, ...] = ()


class _PartnerError(ManifestError):
    """The sample to mix with cannot be loaded."""


class Maker:
    """Makes the units of a job in this process."""

    def __init__(self, job: Job) -> None:
        from syncaug.io.streams import load_sample

        self._job = job
        self._load = partial(
            load_sample,
            streams={stream.name: stream for stream in job.augmenter.plan.streams},
            lazy_above=job.how["lazy_above"],
            limits=job.limits,
            suspicions=Suspicions(),
        )

    def make(
        self, task: Task, *, progress: Progress | None = None, show: bool = False
    ) -> Made | Failed:
        """One unit, or why it could not be made; nothing of it is left in the latter case."""
        try:
            return self._made(task, progress, show)
        except Exception as error:
            return failed(task, error)

    def _made(self, task: Task, progress: Progress | None, show: bool) -> Made:
        from syncaug.augmenter import DROPPED
        from syncaug.io.shared_container import sharing

        unit, other = task.unit, task.partner
        if isinstance(other, SampleError):
            raise ManifestError(
                f"{task.entry.place}: sample {unit.key!r}: expected another sample, with which "
                "its draw mixes it; the source has none. Add samples, or drop the steps that mix."
            ) from other
        with ExitStack() as files:  # what is in a container lies in files until the end
            files.enter_context(sharing())
            entry = files.enter_context(unpacked(task.entry, self._job.scratch))
            sample = self._load(entry)
            result, record = self._job.augmenter.apply(
                sample,
                key=unit.key,
                epoch=unit.epoch,
                partner=None if other is None else partial(self._other, other, files),
                partner_key=None if other is None else other.key,
            )
            mixed = None if record.partner is None else other
            record = replace(record, source=source_of(self._job, task, mixed))
            shown = self._shown(sample, result, record, mixed, files) if show else None
            outcome, line = str(record.outcome), _line(record)
            if result is DROPPED:
                return Made(unit, outcome, line, shown=shown)
            folder = self._job.scratch / f"{unit.index}-{unit.variant}"
            value = self._encoded(folder, replace(task, entry=entry), result, progress)
        return Made(unit, outcome, line, value, folder, shown=shown)

    def _other(self, entry: Entry, files: ExitStack) -> dict[str, Any]:
        """The sample to mix with, whose files stay as long as those of the sample itself."""
        try:
            return self._load(files.enter_context(unpacked(entry, self._job.scratch)))
        except ManifestError as error:
            raise _PartnerError(str(error)) from error.__cause__

    def _encoded(self, folder: Path, task: Task, result: Any, progress: Progress | None) -> Any:
        from syncaug.io.result_folders import make_new, remove

        try:
            make_new(folder)
        except OSError as error:
            raise ManifestError(
                f"sample {task.unit.key!r}: {folder} cannot be written: {error}"
            ) from error
        try:
            return self._job.encoder.encode(folder, task.unit, task.entry, result, progress)
        except BaseException:
            remove(folder)
            raise

    def _shown(
        self, sample: Any, result: Any, record: Record, partner: Entry | None, files: ExitStack
    ) -> Result:
        from syncaug.report.result import Result

        plan = self._job.augmenter.plan
        mixed = None if partner is None else self._other(partner, files)
        return Result(plan.name or "policy", sample, result, record, plan, partner=mixed)


def source_of(job: Job, task: Task, partner: Entry | None) -> dict[str, Any]:
    """Where a result comes from, as its record tells it."""
    entry = task.entry
    source = {
        **_place(job, entry),
        "values": dict(entry.values),
        "variant": task.unit.variant,
        **job.how,
    }
    if entry.packed is not None:
        source["read"] = dict(entry.packed.read)
    if partner is not None:
        source["partner"] = dict(partner.values)
        if partner.packed is not None and partner.manifest != entry.manifest:
            source["partner_in"] = {**_place(job, partner), "read": dict(partner.packed.read)}
    return source


def _place(job: Job, entry: Entry) -> dict[str, Any]:
    folder = Path(os.path.relpath(entry.folder, job.out)).as_posix()
    return {"folder": folder, "manifest": entry.manifest.name}


def failed(task: Task, error: Exception) -> Failed:
    """What went wrong with a unit, as an error that names the place of its sample."""
    place = task.entry.place
    if isinstance(error, SampleError):
        return Failed(task.unit, ManifestError(f"{place}: {error}"))
    if isinstance(error, SyncaugError):
        full = is_full(error.__cause__)
        if isinstance(error, _PartnerError) or _tells_of_partner(error, task):
            told = "its draw mixes it with a sample that cannot be read"
            error = ManifestError(f"{place}: sample {task.unit.key!r}: {told}: {error}")
        return Failed(task.unit, error, full=full)
    if is_full(error):
        told = f"sample {task.unit.key!r}: it cannot be written: {error}"
        return Failed(task.unit, ManifestError(f"{place}: {told}"), full=True)
    if isinstance(error, UserWarning):  # where the user makes warnings errors
        return Failed(task.unit, ManifestError(f"{place}: {error}"))
    told = (
        f"{place}: sample {task.unit.key!r}: {type(error).__name__}: "
        f"{str(error)[:200]}; this is a bug of ours, please report it"
    )
    return Failed(task.unit, ManifestError(told), unforeseen=error)


def _tells_of_partner(error: SyncaugError, task: Task) -> bool:
    """Whether a file of the partner is what cannot be read: it is read when the mix needs it."""
    entry, other = task.entry, task.partner
    if not isinstance(other, Entry) or other.place == entry.place:
        return False
    return str(error).startswith(f"{other.place}: ")


def _line(record: Record) -> str:
    """A record as a line. Raises ManifestError where it cannot be written."""
    try:
        line = record.to_json()
        line.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise ManifestError(
            f"sample {record.draw.key!r}: it has no form in JSON: {error}"
        ) from error
    return line
