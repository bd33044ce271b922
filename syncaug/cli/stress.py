"""`syncaug stress`: which relation of a model's streams breaks first."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from hashlib import blake2b
from pathlib import Path
from typing import Any

import click

from syncaug.cli.given import AnyPath
from syncaug.cli.options import (
    echo_json,
    format_option,
    limit_options,
    loaded,
    manifest_option,
    policy_argument,
    seed_option,
)
from syncaug.errors import ManifestError

__all__ = ["command"]

_LEAST = 2


@click.command("stress")
@policy_argument
@manifest_option
@click.option(
    "--score",
    required=True,
    metavar="FUNCTION|COMMAND",
    help="package.module:function, or a command that gets a manifest and prints numbers.",
)
@click.option("--out", required=True, type=AnyPath(path_type=Path), help="A folder.")
@click.option(
    "--levels",
    default=11,
    show_default=True,
    type=click.IntRange(2, 1001),
    help="Levels from none to all, both included.",
)
@click.option(
    "--samples",
    default=64,
    show_default=True,
    type=click.IntRange(min=2),
    help="So many samples of the manifest, from its beginning.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@limit_options
@seed_option
@format_option
def command(policy: str, manifest: Path, score: str, out: Path, **options: Any) -> None:
    """Sweep distortion and disagreement over samples, and say which relation breaks first.

    The scorer gives each sample a number, the higher the better: a function that takes a list of
    samples, or a command that gets the path of a manifest and prints a number for each line.

    Distortion in agreement is POLICY at severities from 0 to 1, all streams together. In
    disagreement all streams are clean but one, which is parted from the others: by time, place,
    angle, wrong words, or as that of another sample. OUT gets stress.json, stress.csv and
    index.html; docs/stress.md says more.
    """
    from syncaug.io.limits import Limits
    from syncaug.io.manifest import read_manifest
    from syncaug.io.streams import load_sample
    from syncaug.report.plots import require_libraries
    from syncaug.stress.files import PAGE, ScoreFile, write_tables
    from syncaug.stress.page import write_page
    from syncaug.stress.scorers import scorer_of
    from syncaug.stress.sweep import stress

    require_libraries()
    augmenter = loaded(policy, seed=options["seed"])
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    with redirect_stdout(sys.stderr):  # standard output is the report's alone
        scorer = scorer_of(score, streams)
    limits = Limits(pixels=options["max_pixels"], memory=options["max_memory"] << 20)
    entries = list(read_manifest(manifest))[: options["samples"]]
    if len(entries) < _LEAST:
        raise ManifestError(
            f"{manifest}: expected at least {_LEAST} samples, which are exchanged; got "
            f"{len(entries)}. Give a manifest of more lines."
        )
    samples = [load_sample(entry, streams, limits=limits) for entry in entries]
    keys = [entry.key for entry in entries]
    told = repr([(entry.key, entry.epoch, entry.values) for entry in entries]).encode()
    run = {
        "policy": augmenter.plan.fingerprint,
        "seed": augmenter.seed,
        "levels": options["levels"],
        "scorer": score,
        "samples": len(samples),
        "lines of the manifest": blake2b(told, digest_size=8).hexdigest(),
    }
    scores = ScoreFile(out, run, resume=options["resume"])
    quiet = options["form"] == "json"
    with _bar(quiet=quiet) as progress, redirect_stdout(sys.stderr):
        task = progress.add_task("experiments", total=None)
        report = stress(
            augmenter,
            samples,
            scorer,
            keys=keys,
            levels=options["levels"],
            scores=scores,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    write_tables(report, out)
    title = f"Stress test of {augmenter.plan.name or Path(policy).stem}"
    page = write_page(report, out / PAGE, title=title)
    if quiet:
        echo_json(dict(report.data))
        return
    for text in report.conclusions:
        click.echo(text)
    click.echo(f"read it: {page.resolve().as_uri()}", err=True)


def _bar(*, quiet: bool) -> Any:
    """A bar on standard error where somebody looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )
