"""Augment the bundled samples with the shipped policies, and show before and after in one page.

    python examples/demo.py --out out/demo

writes, below the folder, a folder of files for each policy with a manifest and the records, and
`index.html`, which needs no network. Every variant of a sample is an epoch: run this again and you
get the same draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from syncaug import load_policy
from syncaug.io.manifest import Entry, read_manifest
from syncaug.io.streams import load_sample
from syncaug.io.writer import RECORDS, ResultWriter
from syncaug.report.html import write_report
from syncaug.report.result import Result
from syncaug.runs.partners import Partners

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Job:
    """A shipped policy, the manifest of its samples, and the epochs to show of the `first` ones."""

    name: str
    epochs: tuple[int, ...]
    first: int = 1000
    progress: float = 0.0

    @property
    def policy(self) -> Path:
        return ROOT / "policies" / f"{self.name}.yaml"

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(read_manifest(ROOT / "examples" / "data" / f"{self.name}.jsonl"))[: self.first]


JOBS = (
    Job("pets", (0, 2, 4)),
    Job("talking_video", (0, 1)),
    Job("film", (0,)),
    Job("spoken_words", (0, 1)),
    Job("speech", (0, 1)),
    Job("living_room", (0,)),
    Job("robot", (1,), first=2, progress=1.0),
    Job("mixing", (0, 1)),
)


def run(job: Job, out: Path) -> Iterator[Result]:
    """Augment and write every sample of a job, once for each epoch."""
    policy = load_policy(job.policy).with_progress(job.progress)
    streams = {stream.name: stream for stream in policy.plan.streams}
    entries = job.entries
    partners = Partners(policy, entries)
    with ResultWriter(out / job.name, streams, overwrite=True) as writer:
        for entry in entries:
            before = load_sample(entry, streams)
            for variant, epoch in enumerate(job.epochs):
                guest = partners.of(entry, epoch)
                mixed = None if guest is None else load_sample(guest, streams)
                after, record = policy.apply(
                    before,
                    key=entry.key,
                    epoch=epoch,
                    partner=mixed,
                    partner_key=None if guest is None else guest.key,
                )
                if after:
                    writer.write(entry.key, after, record, epoch=epoch, variant=variant)
                else:
                    writer.write_record(record)
                yield Result(policy.plan.name, before, after, record, policy.plan, partner=mixed)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "demo", help="where to write")
    out: Path = parser.parse_args().out
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    results: list[Result] = []
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for job in JOBS:
            task = progress.add_task(job.name, total=len(job.entries) * len(job.epochs))
            for result in run(job, out):
                results.append(result)
                progress.advance(task)
        task = progress.add_task("page", total=1)
        sources = {load_policy(job.policy).plan.name: job.policy.read_text() for job in JOBS}
        page = write_report(results, out / "index.html", sources=sources)
        progress.advance(task)
    for job in JOBS:
        print(f"{job.name}: files in {out / job.name}, records in {out / job.name / RECORDS}")
    print(f"before and after: {page.resolve().as_uri()}")


if __name__ == "__main__":
    main()
