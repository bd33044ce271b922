"""A soak: many small samples in one process and in workers that stay; nothing may grow.

    python -m tools.soak --count 100000

Memory is the resident set, read from /proc, so the soak runs on Linux. After a warm-up of a tenth,
the mean of the first readings is held against the mean of the last ones: memory must be the same
within a share, and the numbers of open descriptors and threads must be exactly the same.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from torch.utils.data import DataLoader

from syncaug import Augmenter, load_policy
from syncaug.loaders.torch import AugmentedDataset

__all__ = ["Soaked", "main", "soak_calls", "soak_loader"]

POLICY = """
syncaug: 1
seed: 5
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20], words: {leave_below: 30}}}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
  - {name: grain, uses: noise, with: {snr_db: [15, 30]}}
"""

_BASE = np.random.default_rng(3).integers(0, 255, (24, 32, 3), np.uint8)
_READINGS = 100
"""How often a process is looked at."""
_EPOCH = 2_000
"""Samples of an epoch of the loader."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process holds at a moment: bytes resident, descriptors and threads."""

    memory: int
    descriptors: int
    threads: int

    @staticmethod
    def now() -> Reading:
        """That of this process."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        descriptors = len(os.listdir("/proc/self/fd"))
        threads = len(os.listdir("/proc/self/task"))
        return Reading(pages * os.sysconf("SC_PAGE_SIZE"), descriptors, threads)


@dataclass(frozen=True, slots=True)
class Soaked:
    """A process and its readings, from the first sample to the last."""

    process: str
    readings: tuple[Reading, ...]

    @property
    def _settled(self) -> tuple[Reading, ...]:
        return self.readings[max(1, len(self.readings) // 10) :]

    @property
    def ends(self) -> tuple[float, float]:
        """The mean memory of the first and of the last tenth after the warm-up, in bytes."""
        settled = self._settled
        some = max(1, len(settled) // 10)
        first, last = settled[:some], settled[-some:]
        return fmean(one.memory for one in first), fmean(one.memory for one in last)

    @property
    def growth(self) -> float:
        """How much more memory there is at the end, as a share of that after the warm-up."""
        first, last = self.ends
        return last / first - 1.0

    def counts(self, name: str) -> tuple[int, int]:
        """The least and the greatest number of descriptors or threads after the warm-up."""
        values = [getattr(one, name) for one in self._settled]
        return min(values), max(values)

    def flat(self, share: float) -> bool:
        """Whether memory is the same within a share, and all else exactly the same."""
        counts = [self.counts(name) for name in ("descriptors", "threads")]
        return self.growth <= share and all(least == most for least, most in counts)


class Rows:
    """Small samples, made when they are asked for."""

    def __len__(self) -> int:
        return _EPOCH

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {
            "id": f"photo/{index}",
            "image": np.roll(_BASE, index, axis=1),
            "boxes": np.array([[2.0, 3.0, 20.0 + index % 3, 18.0]] * (index % 3)).reshape(-1, 4),
            "classes": ["cat"] * (index % 3),
            "caption": "a cat on the left" if index % 2 else "two cats, the right one asleep",
        }


class Read:
    """Augmented samples that are read in full where they are made; their process comes back."""

    def __init__(self, data: AugmentedDataset) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[int, Any, Reading | None]:
        out = self.data[index]
        return os.getpid(), out, Reading.now() if index % 40 == 0 else None


def soak_calls(count: int) -> Soaked:
    """Results with their records, as `syncaug apply` makes them, in this process."""
    policy, rows = load_policy(POLICY), Rows()
    return Soaked("direct calls", tuple(_calls(policy, rows, count)))


def _calls(policy: Augmenter, rows: Rows, count: int) -> Iterator[Reading]:
    every = max(1, count // _READINGS)
    for number in range(count):
        sample = rows[number % len(rows)]
        key = sample.pop("id")
        _, record = policy.apply(sample, key=key, epoch=number // len(rows))
        record.to_json()
        if number % every == every - 1:
            yield Reading.now()


def soak_loader(count: int, workers: int = 2) -> list[Soaked]:
    """Batches of a loader whose workers stay, in epochs; this process, and each worker."""
    data = AugmentedDataset(Rows(), load_policy(POLICY), key="id")
    loader = DataLoader(
        Read(data), 20, shuffle=True, num_workers=workers, persistent_workers=True,
        collate_fn=list, multiprocessing_context="fork",
    )  # fmt: skip
    here: list[Reading] = []
    there: dict[int, list[Reading]] = {}
    for epoch in range(max(1, count // _EPOCH)):
        data.set_epoch(epoch)
        _take(loader, there)
        here.append(Reading.now())
    each = [
        Soaked(f"worker {number} of {workers}", tuple(readings))
        for number, readings in enumerate(there.values(), start=1)
    ]
    return [Soaked("the loader's process", tuple(here)), *each]


def _take(loader: Iterable[Any], there: dict[int, list[Reading]]) -> None:
    """One epoch; each worker's readings by its process."""
    for batch in loader:
        for process, _, reading in batch:
            if reading is not None:
                there.setdefault(process, []).append(reading)


def told(soaked: Iterable[Soaked], share: float) -> Iterator[str]:
    """The table, a line for each process."""
    yield (
        f"{'process':22} {'after warm-up':>14} {'at the end':>12} {'change':>8} "
        f"{'descriptors':>12} {'threads':>8}"
    )
    for one in soaked:
        first, last = one.ends
        descriptors, threads = (_range(one.counts(name)) for name in ("descriptors", "threads"))
        yield (
            f"{one.process:22} {first / 2**20:10.2f} MiB {last / 2**20:8.2f} MiB "
            f"{one.growth:+8.2%} {descriptors:>12} {threads:>8}"
            + ("" if one.flat(share) else "  GROWS")
        )


def _range(ends: tuple[int, int]) -> str:
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where something grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="samples of each kind")
    parser.add_argument("--within", type=float, default=0.01, help="the share that memory may grow")
    options = parser.parse_args(arguments)
    if not Path("/proc/self/statm").exists():
        sys.stderr.write("the soak reads /proc, which this system has not\n")
        return 2
    begun = time.monotonic()
    soaked = [soak_calls(options.count), *soak_loader(options.count)]
    for line in told(soaked, options.within):
        sys.stdout.write(line + "\n")
    spent = time.monotonic() - begun
    sys.stdout.write(f"{options.count:,} samples each way, {spent:,.0f} s\n")
    return 0 if all(one.flat(options.within) for one in soaked) else 1


if __name__ == "__main__":
    raise SystemExit(main())
