"""`syncaug ablate`: whether synchrony helps a training."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from syncaug.cli.given import AnyPath, Share
from syncaug.cli.options import (
    echo_json,
    format_option,
    limit_options,
    loaded,
    manifest_option,
    policy_argument,
    seed_option,
)
from syncaug.cli.running import told_runs
from syncaug.limits import WORKERS

__all__ = ["command"]


@click.command("ablate")
@policy_argument
@manifest_option
@click.option("--out", required=True, type=AnyPath(path_type=Path), help="A folder.")
@click.option(
    "--seeds", default=5, show_default=True, type=click.IntRange(min=1), help="Runs of each arm."
)
@click.option(
    "--arms",
    default="none,each,independent,jittered,strict",
    show_default=True,
    help="Which arms; only-STREAM is one of `each`.",
)
@click.option(
    "--amount",
    default=0.1,
    show_default=True,
    type=Share(),
    help="How far streams stray where they are jittered: 0 is strict, 1 independent.",
)
@click.option(
    "--together",
    multiple=True,
    metavar="STREAM,STREAM",
    help="Streams that go together in every arm.",
)
@click.option("--lower", multiple=True, metavar="METRIC", help="Of this metric less is better.")
@click.option(
    "--jobs",
    default=None,
    type=click.IntRange(1, WORKERS),
    help="Runs side by side; by default two where there are two cores.",
)
@click.option("--call", default="", metavar="FUNCTION", help="package.module:function to call.")
@click.option(
    "--draws",
    default=10_000,
    show_default=True,
    type=click.IntRange(min=0),
    help="Accepted draws of each arm that are compared; 0 for none.",
)
@click.option(
    "--samples",
    default=64,
    show_default=True,
    type=click.IntRange(min=1),
    help="So many samples of the manifest, from its beginning, for these draws.",
)
@click.option("--resume", is_flag=True, help="Go on with runs that were stopped, or failed.")
@limit_options
@seed_option
@format_option
@click.argument("training", nargs=-1, type=click.UNPROCESSED)
def command(policy: str, manifest: Path, out: Path, **options: Any) -> None:
    """Train without augmentation, in step and out of step, and say whether synchrony helps.

    TRAINING is a command behind --. It runs once for each arm and seed, with {policy}, {seed},
    {arm}, {out} and {manifest} replaced in its words, and writes metrics.json into {out}: an object
    of numbers by name. OUT gets ablation.json, ablation.csv and index.html; docs/ablate.md says
    more.
    """
    from syncaug.ablate.ablation import ablate
    from syncaug.ablate.arms import arms_of, parted_steps
    from syncaug.ablate.files import FOUND, PAGE, write_tables
    from syncaug.ablate.page import write_page
    from syncaug.ablate.trainers import Trainer
    from syncaug.io.limits import Limits
    from syncaug.io.manifest import read_manifest
    from syncaug.io.streams import load_sample
    from syncaug.report.plots import require_libraries
    from syncaug.runs.stopping import Stopping
    from syncaug.stress.files import ScoreFile
    from syncaug.threads import cores

    require_libraries()
    augmenter = loaded(policy, seed=options["seed"])
    arms = arms_of(
        augmenter,
        [name.strip() for name in options["arms"].split(",") if name.strip()],
        amount=options["amount"],
        together=[names.split(",") for names in options["together"]],
    )
    for step in parted_steps(augmenter):
        click.echo(f"step {step!r} has a sync: of its own, which no arm has", err=True)
    jobs = options["jobs"] or min(2, cores())
    trainer = Trainer.of(options["training"], options["call"], str(manifest.absolute()), jobs)
    limits = Limits(pixels=options["max_pixels"], memory=options["max_memory"] << 20)
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    entries = list(read_manifest(manifest))[: options["samples"] if options["draws"] else 0]
    samples = [load_sample(entry, streams, limits=limits) for entry in entries]
    run = {
        "policy": augmenter.plan.fingerprint,
        "seed": augmenter.seed,
        "arms": [[arm.name, dict(arm.ablation)] for arm in arms],
        "training": list(options["training"]) or [options["call"]],
        "manifest": str(manifest.absolute()),
        "draws": [options["draws"], options["samples"]],
    }
    quiet = options["form"] == "json"
    with _own(out), Stopping() as stopping, told_runs(jobs, quiet=quiet) as tell:
        found = ScoreFile(
            out, run, resume=options["resume"], name=FOUND, holds="the runs of an ablation"
        )
        with _told_stop(out), stopping.allowed():
            report = ablate(
                augmenter,
                trainer,
                out,
                samples=samples,
                keys=[entry.key for entry in entries],
                seeds=options["seeds"],
                arms=arms,
                lower=options["lower"],
                jobs=jobs,
                draws=options["draws"],
                found=found,
                drawn=tell.drawn,
                ran=tell.ran,
            )
        write_tables(report, out)
        title = f"Ablation of {augmenter.plan.name or Path(policy).stem}"
        page = write_page(report, out / PAGE, title=title)
    if quiet:
        echo_json(dict(report.data))
    else:
        for text in report.conclusions:
            click.echo(text)
        click.echo(f"read it: {page.resolve().as_uri()}", err=True)
    if not report.good:
        raise click.exceptions.Exit(1)


@contextmanager
def _told_stop(out: Path) -> Iterator[None]:
    """Say of a signal how to go on. Raises click's Exit with 128 + its number."""
    from syncaug.runs.stopping import Stopped

    try:
        yield
    except Stopped as stopped:
        name = signal.Signals(stopped.number).name
        click.echo(
            f"{out}: stopped by {name}; runs that have ended stay. Go on with the same command and "
            "--resume.",
            err=True,
        )
        raise click.exceptions.Exit(128 + stopped.number) from None


@contextmanager
def _own(out: Path) -> Iterator[None]:
    """The folder for this command alone. Raises ManifestError where another one writes there."""
    from syncaug.errors import ManifestError
    from syncaug.io.locking import FolderLock
    from syncaug.missing import no_place

    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(out)
        lock.acquire()
    except OSError as error:
        why = no_place(out, error)
        raise ManifestError(f"{out}: expected a folder to write to; {why}") from error
    try:
        lock.write({})
        yield
    finally:
        lock.release()
