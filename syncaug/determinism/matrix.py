"""The configurations of a loader under which results must be the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

__all__ = ["Cell", "Loader", "Resume", "cells", "loaders", "resumes"]


@dataclass(frozen=True, slots=True)
class Loader:
    """How a loader works: workers, started by `fork` or `spawn`, who stay or end with an epoch."""

    workers: int
    start: str = ""
    persistent: bool = False

    def __str__(self) -> str:
        if not self.workers:
            return "no workers"
        count = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{count}, {self.start}" + (", persistent" if self.persistent else "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One configuration: a loader, an order and a size of batches."""

    loader: Loader
    shuffled: bool
    batch: int

    def __str__(self) -> str:
        order = "shuffled" if self.shuffled else "in order"
        return f"{self.loader}, {order}, batches of {self.batch}"


@dataclass(frozen=True, slots=True)
class Resume:
    """A run that stops half-way, and goes on with new workers, perhaps another number of them.

    `kept` says whether a StatefulDataLoader's own state tells where it stood; else the rest of the
    order is given to a new loader. The same loader goes on then, for torchdata takes a state of no
    other number of workers.
    """

    before: Loader
    after: Loader
    kept: bool = False

    def __str__(self) -> str:
        if self.kept:
            return f"resumed from its state: {self.before}"
        return f"resumed: {self.before}, then {self.after}"


def loaders(workers: Sequence[int], starts: Sequence[str]) -> Iterator[Loader]:
    """Every number of workers with every way to start them, staying or not; 0 has no such way."""
    for count in workers:
        if not count:
            yield Loader(0)
            continue
        for start, persistent in product(starts, (False, True)):
            yield Loader(count, start, persistent)


def cells(loader: Loader, batches: Sequence[int]) -> list[Cell]:
    """Every order and size of batches under one loader."""
    return [Cell(loader, shuffled, batch) for shuffled, batch in product((False, True), batches)]


def resumes(workers: Sequence[int], starts: Sequence[str], *, stateful: bool) -> list[Resume]:
    """Runs that stop and go on: under the same number of workers, and under another one."""
    some = [Loader(count, starts[0] if count else "") for count in sorted(set(workers))]
    fresh = [Loader(count, starts[-1] if count else "") for count in sorted(set(workers))]
    last = len(some) - 1
    pairs = [(some[last], fresh[last]), (some[0], fresh[last]), (some[last], fresh[0])]
    found = [Resume(before, after) for before, after in dict.fromkeys(pairs)]
    if stateful:
        found += [Resume(one, one, kept=True) for one in (some[0], some[last])]
    return list(dict.fromkeys(found))
