"""`syncaug apply`: augment the samples of a manifest into a new one, with a record for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from syncaug.cli.options import echo_json, format_option, policy_argument, seed_option
from syncaug.errors import ManifestError, SyncaugError
from syncaug.loading import load_policy

__all__ = ["command"]


@click.command("apply")
@policy_argument
@click.option(
    "--manifest",
    required=True,
    type=click.Path(path_type=Path),
    help="The samples, as JSON Lines; paths in it are relative to its folder.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option(
    "--variants", default=1, show_default=True, type=click.IntRange(min=1), help="Results a sample."
)
@click.option(
    "--epoch", default=0, show_default=True, type=click.IntRange(min=0), help="The first epoch."
)
@click.option(
    "--severity", type=click.FloatRange(0, 1), help="The severity that ranges may follow."
)
@click.option(
    "--progress", type=click.FloatRange(0, 1), help="The progress that ranges may follow."
)
@click.option(
    "--on-error",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="What to do with a sample that cannot be read or does not fit.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@click.option("--image-format", type=click.Choice(["png", "jpg"]), default="png", show_default=True)
@click.option(
    "--audio-format",
    type=click.Choice(["float", "pcm16", "pcm24"]),
    default="float",
    show_default=True,
)
@seed_option
@format_option
def command(policy: str, manifest: Path, out: Path, form: str, **options: Any) -> None:
    """Augment the samples of a manifest with POLICY.

    Results go to OUT/<key>/<variant>/, beside OUT/manifest.jsonl and OUT/records.jsonl. Variant v
    of a sample is drawn for epoch EPOCH + v.
    """
    from syncaug.io.manifest import scan_manifest
    from syncaug.io.streams import Formats
    from syncaug.io.writer import ResultWriter

    augmenter = load_policy(policy, seed=options["seed"])
    if options["severity"] is not None:
        augmenter = augmenter.with_severity(options["severity"])
    if options["progress"] is not None:
        augmenter = augmenter.with_progress(options["progress"])
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    formats = Formats(image=options["image_format"], audio=options["audio_format"])
    report = _Report(skip=options["on_error"] == "skip")
    items = list(scan_manifest(manifest))
    with ResultWriter(out, streams, overwrite=options["overwrite"], formats=formats) as writer:
        for item in _progress(items, quiet=form == "json"):
            if isinstance(item, ManifestError):
                report.failed(item)
                continue
            for variant in range(options["variants"]):
                epoch = item.epoch + options["epoch"] + variant
                try:
                    report.done(_one(augmenter, item, streams, writer, out, epoch, variant))
                except SyncaugError as error:
                    report.failed(error)
                    break
    report.tell(out, form)


def _one(
    augmenter: Any, entry: Any, streams: Any, writer: Any, out: Path, epoch: int, variant: int
) -> str:
    """Load, augment and write one variant of one sample; its outcome."""
    from syncaug.augmenter import DROPPED
    from syncaug.io.streams import load_sample

    sample = load_sample(entry, streams)
    result, record = augmenter.apply(sample, key=entry.key, epoch=epoch)
    source = {
        "folder": Path(os.path.relpath(entry.folder, out)).as_posix(),
        "values": dict(entry.values),
        "variant": variant,
    }
    record = replace(record, source=source)
    if result is DROPPED:
        writer.write_record(record)
    else:
        writer.write(entry.key, result, record, epoch=epoch, variant=variant)
    return str(record.outcome)


class _Report:
    """Counts outcomes and collects what went wrong."""

    def __init__(self, *, skip: bool) -> None:
        self._skip = skip
        self._outcomes: dict[str, int] = {}
        self._errors: list[str] = []

    def done(self, outcome: str) -> None:
        self._outcomes[outcome] = self._outcomes.get(outcome, 0) + 1

    def failed(self, error: SyncaugError) -> None:
        """Remember an error, or stop at it; what was written before is whole."""
        if not self._skip:
            raise error
        self._errors.append(str(error))

    def tell(self, out: Path, form: str) -> None:
        if form == "json":
            echo_json({"out": str(out), "outcomes": self._outcomes, "skipped": self._errors})
        else:
            counts = ", ".join(
                f"{count} {name.replace('_', ' ')}" for name, count in self._outcomes.items()
            )
            click.echo(f"{out}: {counts or 'nothing written'}")
            for error in self._errors:
                click.echo(f"skipped: {error}", err=True)
            if self._errors:
                count = len(self._errors)
                click.echo(f"{count} sample{'s' if count > 1 else ''} skipped", err=True)
        if self._errors:
            raise click.exceptions.Exit(1)


def _progress(items: list[Any], *, quiet: bool) -> Iterator[Any]:
    """The items, with a progress bar on the terminal's error stream."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(
        items, description="augmenting", console=console, disable=quiet or not console.is_terminal
    )
