"""The check: a policy and samples under every configuration of a loader, and after a resume."""

from __future__ import annotations

import copy
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.augmenter import Augmenter
from syncaug.determinism.compared import Compared, Seen
from syncaug.determinism.differing import first_difference
from syncaug.determinism.matrix import Cell, Loader, Resume, cells, loaders, resumes
from syncaug.determinism.references import References
from syncaug.determinism.samples import DROPPED_WORD, OUTCOME, Samples
from syncaug.determinism.steps import Origin, origins
from syncaug.errors import ManifestError, MissingExtraError

if TYPE_CHECKING:
    from syncaug.loaders.trials import Order

__all__ = ["AGAIN", "Extent", "Fault", "Report", "Row", "check"]

AGAIN = "direct calls again, in reverse order"

Advance = Callable[[int, int, str], None]
"""Told how many of how many configurations are done, and which was the last."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What is tried: numbers of workers, ways to start them, sizes of batches, epochs."""

    workers: tuple[int, ...] = (0, 1, 2, 4)
    starts: tuple[str, ...] = ()
    batches: tuple[int, ...] = (1, 4)
    epochs: tuple[int, ...] = (0, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first difference of one stream in one configuration."""

    where: str
    key: str | int
    epoch: int
    stream: str
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one configuration gave: how many results, how many others than expected, what failed."""

    where: Cell | Resume | str
    results: int
    differing: int = 0
    failed: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        return not self.differing and not self.failed


@dataclass(frozen=True, slots=True)
class Report:
    """All rows; where streams differ first; outcomes that are no samples, the same everywhere."""

    rows: tuple[Row, ...]
    origins: dict[str, Origin] = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return all(row.good for row in self.rows)

    def faults(self) -> list[Fault]:
        """The first difference of each stream."""
        found: dict[str, Fault] = {}
        for row in self.rows:
            for fault in row.faults:
                found.setdefault(fault.stream, fault)
        return list(found.values())


def check(
    policy: Augmenter,
    samples: Samples,
    extent: Extent | None = None,
    advance: Advance = lambda done, total, last: None,
) -> Report:
    """Hold a policy on samples against every configuration.

    The reference are direct calls in this process. Raises MissingExtraError without PyTorch, and
    ManifestError where these calls give no sample at all.
    """
    try:
        from syncaug.loaders import trials
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "torch":
            raise
        raise MissingExtraError("PyTorch", "torch") from None
    extent = extent or Extent()
    starts = extent.starts or trials.STARTS
    with tempfile.TemporaryDirectory(prefix="syncaug-") as folder:
        run = _Run(policy, samples, extent, References(Path(folder)))
        plan = list(loaders(extent.workers, starts))
        stops = resumes(extent.workers, starts, stateful=trials.stateful_installed())
        total = 2 + len(plan) * 2 * len(extent.batches) + len(stops)
        rows = []
        run.refer()
        if run.fruitless:
            raise ManifestError(f"no sample gave a result: {run.refused()[0]}")
        advance(1, total, "direct calls")
        for row in run.rows(plan, stops):
            rows.append(row)
            advance(1 + len(rows), total, str(row.where))
        found = Report(tuple(rows), refused=run.refused())
        if found.good:
            return found
        faults = found.faults()
        epoch = faults[0].epoch if faults else extent.epochs[0]
        where = origins(policy, samples, epoch, [fault.stream for fault in faults])
        return Report(found.rows, where, found.refused)


class _Run:
    """One check on its way."""

    def __init__(
        self, policy: Augmenter, samples: Samples, extent: Extent, references: References
    ) -> None:
        from syncaug.loaders.torch import AugmentedDataset

        self._policy, self._samples, self._extent = policy, samples, extent
        self._references = references
        self._data = AugmentedDataset(samples, policy, key=samples.key_of)

    def refer(self) -> None:
        """Compute what is expected."""
        for epoch in self._extent.epochs:
            for place in range(len(self._samples)):
                self._references.add(self._policy, self._samples, place, epoch)

    @property
    def fruitless(self) -> bool:
        """Whether all direct calls ended with an error."""
        found = self._references.digests.values()
        return all(OUTCOME in one for one in found) and self.refused() != (DROPPED_WORD,)

    def refused(self) -> tuple[str, ...]:
        """What direct calls ended with that gave no sample."""
        return tuple(
            dict.fromkeys(
                self._references.value(epoch, place, OUTCOME)
                for (epoch, place), digests in self._references.digests.items()
                if OUTCOME in digests
            )
        )

    def rows(self, plan: Iterable[Loader], stops: Iterable[Resume]) -> Iterator[Row]:
        """All rows, each when it is done."""
        yield self._again()
        number = 0
        for loader in plan:
            trial = None
            for cell in cells(loader, self._extent.batches):
                trial = trial if loader.persistent and trial is not None else self._trial(loader)
                row = self._row(cell, trial, number)
                if row.failed:
                    trial = None
                yield row
                number += 1
        for stop in stops:
            yield self._resumed(stop)

    def _again(self) -> Row:
        compared, faults, count = self._compared(), [], 0
        for epoch in reversed(self._extent.epochs):
            self._data.set_epoch(epoch)
            seen = [compared[place] for place in reversed(range(len(self._samples)))]
            faults += self._faults(AGAIN, epoch, seen)
            count += len(seen)
        return _row_of(AGAIN, count, faults)

    def _row(self, cell: Cell, trial: Any, number: int) -> Row:
        """One configuration. Spawned workers that end with an epoch cost most: they see one."""
        epochs = self._extent.epochs
        if cell.loader.start == "spawn" and not cell.loader.persistent:
            epochs = (epochs[number % len(epochs)],)
        faults: list[tuple[int, Fault]] = []
        count = 0
        for epoch in epochs:
            order = self._order(cell.shuffled, cell.batch, seed=number)
            self._data.set_epoch(epoch)
            try:
                seen = trial.rows(order)
            except RuntimeError as error:
                return Row(cell, count, failed=_first_line(error))
            faults += self._faults(str(cell), epoch, seen)
            count += len(seen)
        return _row_of(cell, count, faults)

    def _resumed(self, stop: Resume) -> Row:
        """A run that stops half-way and goes on in another loader, whose data set is a copy."""
        from syncaug.loaders import trials

        epoch, batch = self._extent.epochs[-1], min(self._extent.batches)
        self._data.set_epoch(epoch)
        try:
            if stop.kept:
                seen = trials.kept(self._compared(), stop.before.workers, stop.before.start, batch)
            else:
                order = self._order(shuffled=True, batch=batch, seed=7)
                half = len(order.places) // 2
                first, rest = trials.cut(order, half)
                seen = self._trial(stop.before).rows(first)
                seen += self._trial(stop.after).rows(rest)
        except RuntimeError as error:
            return Row(stop, 0, failed=_first_line(error))
        lost = _lost(seen, len(self._samples))
        faults = self._faults(str(stop), epoch, seen)
        row = _row_of(stop, len(seen), faults)
        return Row(stop, row.results, row.differing, lost, row.faults)

    def _trial(self, loader: Loader) -> Any:
        from syncaug.loaders.trials import Trial

        return Trial(self._compared(), loader.workers, loader.start, persistent=loader.persistent)

    def _compared(self) -> Compared:
        return Compared(copy.copy(self._data), self._references.digests)

    def _order(self, shuffled: bool, batch: int, seed: int) -> Order:
        from syncaug.loaders.trials import order_of

        return order_of(len(self._samples), shuffled=shuffled, batch=batch, seed=seed)

    def _faults(self, where: str, epoch: int, seen: Sequence[Seen]) -> list[tuple[int, Fault]]:
        found = []
        for one in seen:
            expected = self._references.digests[epoch, one.place]
            for stream in {**expected, **one.digests}:
                came = one.digests.get(stream)
                if came == expected.get(stream):
                    continue
                key = self._samples.entries[one.place].key
                what = self._what(one, stream, epoch)
                found.append((one.place, Fault(where, key, epoch, stream, what)))
        return found

    def _what(self, one: Seen, stream: str, epoch: int) -> str:
        """The first difference in words."""
        digest = one.digests.get(stream)
        if digest is None:
            ended = one.values.get(OUTCOME, "no such stream")
            return f"expected a result; came {ended}"
        others = [
            other
            for other in self._references.epochs_of(one.place, stream, digest)
            if other != epoch
        ]
        if others:
            return f"it is the result of epoch {others[0]}"
        if stream not in self._references.digests[epoch, one.place]:
            return f"expected no such result; came {one.values.get(stream, '')!r:.200}"
        if stream not in one.values:
            return "other bytes"
        expected = self._references.value(epoch, one.place, stream)
        return first_difference(expected, one.values[stream]) or "other bytes"


def _row_of(where: Cell | Resume | str, count: int, faults: list[tuple[int, Fault]]) -> Row:
    """The row with the first fault of each stream."""
    first: dict[str, Fault] = {}
    for _, fault in faults:
        kept = first.setdefault(fault.stream, fault)
        if kept.what == "other bytes":
            first[fault.stream] = fault
    places = {(place, fault.epoch) for place, fault in faults}
    return Row(where, count, len(places), faults=tuple(first.values()))


def _lost(seen: Sequence[Seen], count: int) -> str:
    """What is missing or there twice after a resume."""
    times = Counter(one.place for one in seen)
    missing = count - len(times)
    twice = sum(1 for number in times.values() if number > 1)
    told = [f"{missing} of {count} samples missing"] if missing else []
    told += [f"{twice} of {count} samples twice"] if twice else []
    return ", ".join(told)


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:300]
