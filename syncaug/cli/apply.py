"""`syncaug apply`: augment the samples of a manifest into a new one, with a record for each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.destination import Destination, destination_options
from syncaug.cli.given import OutFile, Share
from syncaug.cli.options import (
    format_option,
    limit_options,
    loaded,
    policy_argument,
    seed_option,
)
from syncaug.cli.origin import Origin, origin_options
from syncaug.cli.reporting import Progress, tell, told_stop
from syncaug.cli.summaries import Counting, summary_path
from syncaug.errors import ManifestError
from syncaug.limits import WORKERS

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.report.result import Result
    from syncaug.runs.making import Made
    from syncaug.runs.protocols import Engine

__all__ = ["command"]

_VARIANTS = 1_000_000
"""Results of one sample: each of them is listed in memory before the first is made."""
_LAST = 2**53 - 1 - _VARIANTS
"""The last epoch to begin with: those of all results are exact in any JSON of a manifest."""
_SHOWN = 24
"""So many results are shown by `--html`."""


def _shard(context: click.Context, parameter: click.Parameter, said: str) -> tuple[int, int]:
    """The share that `I/N` names. Raises click.BadParameter."""
    match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", said)
    share, shares = (int(match[1]), int(match[2])) if match else (0, 0)
    if not share < shares:
        raise click.BadParameter(
            f"expected I/N with I from 0 to N - 1, such as 0/4 for the first of four shares; got "
            f"{said!r}"
        )
    return share, shares


@click.command("apply")
@policy_argument
@origin_options
@destination_options
@click.option(
    "--variants",
    default=1,
    show_default=True,
    type=click.IntRange(1, _VARIANTS),
    help="Results a sample.",
)
@click.option(
    "--epoch", default=0, show_default=True, type=click.IntRange(0, _LAST), help="The first epoch."
)
@click.option("--severity", type=Share(), help="The severity that ranges may follow.")
@click.option("--progress", type=Share(), help="The progress that ranges may follow.")
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="What to do with a sample that cannot be read or does not fit.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--resume", is_flag=True, help="Go on with a run that was killed or stopped.")
@click.option(
    "--workers",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    help="Processes that work side by side; 0 does all of it in this one, or on all CPUs of Ray.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What works: processes of this machine, or a Ray cluster that shares OUT's file system.",
)
@click.option(
    "--ray-address",
    metavar="HOST:PORT",
    help="A Ray cluster that runs; without it RAY_ADDRESS, or one that starts on this machine.",
)
@click.option(
    "--shard",
    default="0/1",
    show_default=True,
    callback=_shard,
    metavar="I/N",
    help="Only every N-th sample, from number I on: one of N shares of the work.",
)
@click.option("--image-format", type=click.Choice(["png", "jpg"]), default="png", show_default=True)
@click.option(
    "--audio-format",
    type=click.Choice(["float", "pcm16", "pcm24"]),
    default="float",
    show_default=True,
)
@click.option(
    "--crf",
    default=12,
    show_default=True,
    type=click.IntRange(0, 51),
    help="The quality of videos: 0 keeps most, 51 least.",
)
@click.option(
    "--preset",
    default="veryfast",
    show_default=True,
    type=click.Choice(["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]),
    help="Speed against size of videos.",
)
@click.option(
    "--encoder-threads",
    default=4,
    show_default=True,
    type=click.IntRange(1, 16),
    help="Threads of the encoder of videos. Their bytes depend on it.",
)
@click.option(
    "--sound",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "aac", "alac", "flac", "pcm", "opus"]),
    help="How sound beside a video is stored; auto is the container's own.",
)
@click.option(
    "--lazy-above",
    default=256,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="MIB",
    help="Videos of more decoded frames than this are never whole in memory.",
)
@click.option(
    "--html",
    type=OutFile("a page"),
    help="Write before and after of the first 24 results of this run to this file.",
)
@click.option(
    "--summary",
    type=OutFile("a summary or a page"),
    callback=summary_path,
    help="Write what was drawn, refused and kept to this file: .json, or .html with plots.",
)
@limit_options
@seed_option
@format_option
def command(policy: str, form: str, **options: Any) -> None:
    """Augment the samples of a manifest, or of another source, with POLICY.

    Results go to OUT/<key>/<variant>/, beside OUT/manifest.jsonl and OUT/records.jsonl. Variant v
    of a sample is drawn for epoch EPOCH + v. Where a step mixes, the draw chooses another sample of
    the manifest.

    Samples also come from files in Parquet, WebDataset shards, a data set of Hugging Face on disk,
    or a folder of files by --pattern; results also go to shards or Parquet with OUT/records.jsonl
    (--out-format); docs/containers.md says more.

    With --dataset KIND --root FOLDER the samples are those of a data set as its own tools know it,
    and OUT becomes one of the same kind, with OUT/records.jsonl.

    With --resume a run that was killed or stopped goes on after its last whole result, and ends
    with the bytes of an undisturbed one; docs/apply.md says more.
    """
    from syncaug.io.container_forms import Coding
    from syncaug.io.left_out import LeftOut
    from syncaug.io.limits import Limits
    from syncaug.io.saving import Formats
    from syncaug.runs.making import Job
    from syncaug.runs.resuming import check_resumed, describe
    from syncaug.runs.running import run
    from syncaug.runs.stopping import Stopped, Stopping
    from syncaug.runs.tally import Tally
    from syncaug.runs.units import Units

    origin = Origin.of(options)
    if options["resume"] and options["overwrite"]:
        raise click.UsageError("give --resume to go on, or --overwrite to start anew")
    if options["ray_address"] and options["engine"] != "ray":
        raise click.UsageError("--ray-address goes with --engine ray")
    if options["engine"] == "local" and options["workers"] > WORKERS:
        raise click.BadParameter(
            f"expected up to {WORKERS:,} processes on one machine; got {options['workers']:,}",
            param_hint="--workers",
        )
    sound = "" if options["sound"] == "auto" else options["sound"]
    formats = Formats(
        image=options["image_format"],
        audio=options["audio_format"],
        coding=Coding(options["crf"], options["preset"], sound, options["encoder_threads"]),
    )
    to = Destination.of(options, origin.dataset)
    out = to.out
    how: dict[str, Any] = {"formats": asdict(formats), "lazy_above": options["lazy_above"] << 20}
    asked = {name: options[name] for name in ("variants", "epoch", "shard")}
    limits = Limits(pixels=options["max_pixels"], memory=options["max_memory"] << 20)
    tally = Tally(skip=options["on_error"] == "skip")
    shown: list[Result] = []
    first = _SHOWN if options["html"] else 0
    if options["html"]:
        from syncaug.report.html import environment

        environment()  # what is missing for a page is told before the run
    counting = Counting(options["summary"], quiet=form == "json")
    try:
        with Stopping() as stopping:
            with stopping.allowed():
                augmenter = _augmenter(policy, options)
                source = origin.source(augmenter.plan)
                items = list(source.items())
                if to.format == "parquet":
                    from syncaug.runs.sources.types import column_types

                    told = source.types() if hasattr(source, "types") else {}
                    to = to.with_columns(column_types(items, augmenter.plan, told))
                units = Units(augmenter, items, **asked)
                _check_apart(origin.manifest, out)
                if to.in_parts or (origin.dataset and to.format == "folder"):
                    how["written"] = to.as_json()
                this = describe(augmenter, source.description(), {**asked, **how})
            streams = {stream.name: stream for stream in augmenter.plan.streams}
            left_out = LeftOut(streams)
            with (
                to.sink(
                    augmenter.plan,
                    formats,
                    this,
                    source=source,
                    units=units,
                    overwrite=options["overwrite"],
                    resume=options["resume"],
                ) as sink,
                Progress(
                    len(units), tally, each=options["variants"], quiet=form == "json"
                ) as progress,
            ):
                job = Job(augmenter, sink.encoder, out, sink.scratch, how, limits)
                if options["resume"]:
                    with stopping.allowed():
                        check_resumed(sink, units, job, this)
                    sink.go_on()
                    counting.earlier(out)
                run(
                    units,
                    sink,
                    job,
                    _engine(options, progress, first),
                    tally,
                    begun=left_out.look,
                    committed=partial(_keep, shown, counting, progress),
                    settled=progress.advance,
                    stopping=stopping,
                )
    except Stopped as stopped:
        told_stop(stopped.number, tally, out)
    if form == "text":
        for line in (*source.notes, *left_out.lines()):
            click.echo(line, err=True)
    if options["html"]:
        from syncaug.report.html import write_report

        title = augmenter.plan.name or Path(policy).stem
        page = write_report(shown, options["html"], title=title)
        if form == "text":
            click.echo(f"before and after: {page.resolve().as_uri()}", err=True)
    counting.tell(tally.errors, title=augmenter.plan.name or Path(policy).stem)
    tell(tally, out, form)


def _augmenter(policy: str, options: Mapping[str, Any]) -> Augmenter:
    """The policy with the settings that options give it."""
    augmenter = loaded(policy, seed=options["seed"])
    if options["severity"] is not None:
        augmenter = augmenter.with_severity(options["severity"])
    if options["progress"] is not None:
        augmenter = augmenter.with_progress(options["progress"])
    return augmenter


def _engine(options: Mapping[str, Any], progress: Progress, shown: int) -> Engine:
    """What makes units: this process, as many others as are asked for, or a cluster."""
    if options["engine"] == "ray":
        from syncaug.runs.on_ray import OnRay

        return OnRay(options["ray_address"] or "", options["workers"], shown)
    if options["workers"]:
        from syncaug.runs.workers import Workers

        return Workers(options["workers"], shown)
    from syncaug.runs.here import Here

    return Here(progress.frames, shown)


def _keep(shown: list[Result], counting: Counting, progress: Progress, made: Made) -> None:
    counting.add(made.record)
    progress.result()
    if made.shown is not None:
        shown.append(made.shown)


def _check_apart(manifest: Path, out: Path) -> None:
    """Raise ManifestError where the results would take the place of the manifest that is read."""
    from syncaug.io.writer import MANIFEST, RECORDS

    for name in (MANIFEST, RECORDS):
        try:
            same = os.path.samefile(manifest, out / name)
        except (OSError, ValueError):
            same = False
        if same:
            raise ManifestError(
                f"{out}: expected a folder that does not hold the manifest that is read, since the "
                f"new {name} would replace it. Choose another folder."
            )
