"""A run: units are made by an engine, and committed here, one after the other, in their order."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Container, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from syncaug.errors import ManifestError
from syncaug.io.result_folders import remove
from syncaug.io.shared_container import sharing
from syncaug.runs.making import Failed, Made, failed
from syncaug.runs.stopping import Stopping
from syncaug.runs.units import Task

if TYPE_CHECKING:
    from syncaug.io.manifest import Entry
    from syncaug.runs.making import Job
    from syncaug.runs.protocols import Engine, Sink
    from syncaug.runs.tally import Tally
    from syncaug.runs.units import Unit, Units

__all__ = ["run"]


def run(
    units: Units,
    sink: Sink,
    job: Job,
    engine: Engine,
    tally: Tally,
    *,
    begun: Callable[[Entry], None] = lambda entry: None,
    committed: Callable[[Made], None] = lambda made: None,
    settled: Callable[[], None] = lambda: None,
    stopping: Stopping | None = None,
) -> None:
    """Make and commit every unit that the sink has not got yet, and count what became of each.

    The first unit of a sample that fails is the last of it. `begun` and `settled` are called for
    each sample, `committed` for each result. Raises ManifestError where `tally` does not skip what
    fails, and where the disk is full; Stopped, where `stopping` is entered, between two results.
    """
    lost: set[int] = set()
    said: set[tuple[type[Warning], str]] = set()
    stopping = stopping or Stopping()
    with closing(_Results(engine(job, _tasks(units, sink, lost)))) as results:
        for sample in units.samples():
            if isinstance(sample, ManifestError):
                tally.failed(sample)
                settled()
                continue
            entry, own = sample
            with sharing():  # what `begun` has opened is open for an engine of this process
                begun(entry)
                for unit in own:
                    if (done := sink.done.get(unit.name)) is not None:
                        tally.done(done.outcome, before=True)
                        continue
                    with stopping.allowed():
                        made = results.of(unit)
                    if made is not None:
                        _warn(made, said)
                    if isinstance(made, Made) and unit.index not in lost:
                        made = _commit(sink, made, entry)
                    if isinstance(made, Failed):
                        if unit.index not in lost:
                            _fail(made, tally)
                        lost.add(unit.index)
                    elif made is not None and unit.index in lost:
                        _discard(made)
                    elif made is not None:
                        tally.done(made.outcome)
                        committed(made)
            settled()
    sink.finish(units.order())


def _tasks(units: Units, sink: Sink, lost: Container[int]) -> Iterator[Task]:
    """What is to be made; nothing more of samples that are lost."""
    for sample in units.samples():
        if not isinstance(sample, ManifestError):
            entry, own = sample
            for unit in own:
                if unit.name not in sink.done and unit.index not in lost:
                    yield units.task(entry, unit)


class _Results:
    """What an engine makes, unit by unit."""

    def __init__(self, made: Iterator[Made | Failed]) -> None:
        self._made = made
        self._next: Made | Failed | None = None

    def of(self, unit: Unit) -> Made | Failed | None:
        """What the next unit became; None where it was not made, since its sample was lost."""
        if self._next is None:
            self._next = next(self._made, None)
        if self._next is None or self._next.unit != unit:
            return None
        made, self._next = self._next, None
        return made

    def close(self) -> None:
        """End the engine."""
        close = getattr(self._made, "close", None)
        if close is not None:
            close()


def _warn(made: Made | Failed, said: set[tuple[type[Warning], str]]) -> None:
    """Raise the warnings of another process; what each process says once is said once."""
    for one in made.warnings:
        told = one.category, one.text.replace(f"sample {made.unit.key!r}, ", "")
        if told not in said:
            said.add(told)
            warnings.warn_explicit(one.text, one.category, one.filename, one.line)


def _commit(sink: Sink, made: Made, entry: Entry) -> Made | Failed:
    try:
        sink.commit(made)
    except Exception as error:
        _discard(made)
        lost = failed(Task(made.unit, entry), error)
        return replace(lost, full=lost.full or bool(getattr(sink, "lost", "")))
    return made


def _discard(made: Made) -> None:
    if made.folder is not None:
        remove(made.folder)


def _fail(lost: Failed, tally: Tally) -> None:
    """Count what failed. Raises it where the run stops there, and where the disk is full."""
    if lost.full:
        raise ManifestError(
            f"{lost.error}. No other sample can be written either: make room, then go on with "
            "--resume."
        ) from lost.error
    if lost.unforeseen is not None and not tally.skips:
        raise lost.unforeseen
    tally.failed(lost.error)
