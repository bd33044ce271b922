"""`syncaug check-determinism`: whether loaders of all kinds give the same bytes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.options import (
    echo_json,
    format_option,
    limit_options,
    loaded,
    policy_argument,
    seed_option,
)
from syncaug.cli.origin import Origin, origin_options
from syncaug.errors import ManifestError

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.determinism.check import Fault, Report
    from syncaug.determinism.samples import Samples
    from syncaug.io.manifest import Entry
    from syncaug.plan.plan import Plan

__all__ = ["command", "some_of"]


@click.command("check-determinism")
@policy_argument
@origin_options
@click.option(
    "--samples",
    "count",
    default=8,
    show_default=True,
    type=click.IntRange(min=0),
    help="How many samples, from the first on; 0 is all.",
)
@click.option(
    "--workers",
    default="0,1,2,4",
    show_default=True,
    metavar="NUMBERS",
    help="How many workers the loaders have.",
)
@click.option(
    "--start",
    default="",
    metavar="WAYS",
    help="How workers start: fork, spawn. All that the system has without it.",
)
@limit_options
@seed_option
@format_option
def command(
    policy: str,
    count: int,
    workers: str,
    start: str,
    max_pixels: int,
    max_memory: int,
    seed: int | None,
    form: str,
    **origin: Any,
) -> None:
    """Hold POLICY and samples against every configuration of PyTorch's DataLoader.

    The results of direct calls are computed once. Then loaders with 0, 1, 2 and 4 workers, forked
    and spawned, persistent or not, in order or shuffled, in batches of 1 and 4, and loaders that
    stop and go on must give the same bytes. Where they do not, it says in which configuration, for
    which sample and stream, what differs first, and which step of the policy it comes from.

    Exit codes: 0 the same bytes, 1 others, 2 wrong usage, 3 a bug of ours.
    """
    from syncaug.cli.determinism_table import told_faults, told_table
    from syncaug.determinism.check import Extent, check
    from syncaug.determinism.samples import Samples
    from syncaug.io.limits import Limits

    extent = Extent(workers=_numbers(workers), starts=_starts(start))
    augmenter = loaded(policy, seed=seed)
    named = Origin.of({**origin, "resume": False, "overwrite": False})
    entries = some_of(named, augmenter.plan, count)
    limits = Limits(pixels=max_pixels, memory=max_memory << 20)
    samples = Samples(entries, augmenter, limits)
    report = _checked(check, augmenter, samples, extent)
    if form == "json":
        echo_json(as_json(report, augmenter, len(entries)))
    else:
        some = f"{len(entries)} sample" + "s" * (len(entries) != 1)
        click.echo(f"{policy}: {some}, epochs {', '.join(map(str, extent.epochs))}")
        told_table(report, extent)
        told_faults(report, augmenter.plan)
    if not report.good:
        raise click.exceptions.Exit(1)


def some_of(origin: Origin, plan: Plan, count: int) -> list[Entry]:
    """The first samples of an origin, or all of them for 0. Raises ManifestError."""
    entries: list[Entry] = []
    for item in islice(origin.source(plan).items(), count or None):
        if isinstance(item, ManifestError):
            raise item
        entries.append(item)
    if not entries:
        raise ManifestError(f"{origin.manifest}: expected samples; it has none")
    return entries


def _checked(check: Any, augmenter: Augmenter, samples: Samples, extent: Any) -> Report:
    """The report, with a bar on the terminal's error stream on the way.

    Where that is no terminal, as in a log, a line names each configuration that is done.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    # Without a thread of its own, since workers are forked meanwhile.
    bars = Progress(console=console, disable=not console.is_terminal, auto_refresh=False)
    with bars:
        task = bars.add_task("configurations", total=None)

        def advance(done: int, total: int, last: str) -> None:
            bars.update(task, completed=done, total=total, refresh=True)
            if not console.is_terminal:
                click.echo(f"{done} of {total} configurations: {last}", err=True)

        report: Report = check(augmenter, samples, extent, advance)
    return report


def as_json(report: Report, augmenter: Augmenter, count: int) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "same": report.good,
        "policy": augmenter.plan.fingerprint,
        "samples": count,
        "configurations": [
            {
                "where": str(row.where),
                "results": row.results,
                "differing": row.differing,
                **({"failed": row.failed} if row.failed else {}),
                **({"faults": [_fault(fault) for fault in row.faults]} if row.faults else {}),
            }
            for row in report.rows
        ],
        "steps": {
            stream: {
                "step": origin.step,
                "depends": origin.depends,
                "generators": list(origin.generators),
            }
            for stream, origin in report.origins.items()
        },
        "refused": list(report.refused),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "key": fault.key, "epoch": fault.epoch, "stream": fault.stream, "difference": fault.what
    }  # fmt: skip


def _numbers(text: str) -> tuple[int, ...]:
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or min(found) < 0 or max(found) > 64:
        raise click.UsageError(
            f"--workers: expected numbers from 0 to 64, as 0,1,2,4; got {text!r}"
        )
    return found


def _starts(text: str) -> tuple[str, ...]:
    from multiprocessing import get_all_start_methods

    found = tuple(dict.fromkeys(part.strip() for part in text.split(","))) if text else ()
    known = [way for way in ("fork", "spawn") if way in get_all_start_methods()]
    for way in found:
        if way not in known:
            raise click.UsageError(f"--start: expected {' or '.join(known)} here; got {way!r}")
    return found
