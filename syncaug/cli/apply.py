"""`syncaug apply`: augment the samples of a manifest into a new one, with a record for each."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from syncaug.cli.options import echo_json, format_option, policy_argument, seed_option
from syncaug.cli.partners import Partners
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
@seed_option
@format_option
def command(policy: str, manifest: Path, out: Path, form: str, **options: Any) -> None:
    """Augment the samples of a manifest with POLICY.

    Results go to OUT/<key>/<variant>/, beside OUT/manifest.jsonl and OUT/records.jsonl. Variant v
    of a sample is drawn for epoch EPOCH + v. Where a step mixes, the draw chooses another sample of
    the manifest.
    """
    from syncaug.io.container_forms import Coding
    from syncaug.io.manifest import Entry, scan_manifest
    from syncaug.io.saving import Formats
    from syncaug.io.streams import load_sample
    from syncaug.io.writer import ResultWriter

    augmenter = load_policy(policy, seed=options["seed"])
    if options["severity"] is not None:
        augmenter = augmenter.with_severity(options["severity"])
    if options["progress"] is not None:
        augmenter = augmenter.with_progress(options["progress"])
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    sound = "" if options["sound"] == "auto" else options["sound"]
    formats = Formats(
        image=options["image_format"],
        audio=options["audio_format"],
        coding=Coding(crf=options["crf"], preset=options["preset"], sound=sound),
    )
    report = _Report(skip=options["on_error"] == "skip")
    items = list(scan_manifest(manifest))
    lazy_above = options["lazy_above"] << 20
    with (
        ResultWriter(out, streams, overwrite=options["overwrite"], formats=formats) as writer,
        _Progress(len(items), quiet=form == "json") as progress,
    ):
        partners = Partners(augmenter, [item for item in items if isinstance(item, Entry)])
        load = partial(load_sample, streams=streams, lazy_above=lazy_above)
        how = {"formats": asdict(formats), "lazy_above": lazy_above}
        one = partial(_one, augmenter, partners, load, writer, how, progress.frames)
        for item in items:
            if isinstance(item, ManifestError):
                report.failed(item)
            else:
                for variant in range(options["variants"]):
                    epoch = item.epoch + options["epoch"] + variant
                    try:
                        report.done(one(item, epoch, variant))
                    except SyncaugError as error:
                        report.failed(error)
                        break
            progress.advance()
    report.tell(out, form)


def _one(
    augmenter: Any,
    partners: Partners,
    load: Any,
    writer: Any,
    how: dict[str, Any],
    frames: Any,
    entry: Any,
    epoch: int,
    variant: int,
) -> str:
    """Load, augment and write one variant of one sample; its outcome."""
    from syncaug.augmenter import DROPPED

    partner = partners.of(entry, epoch)
    result, record = augmenter.apply(
        load(entry),
        key=entry.key,
        epoch=epoch,
        partner=None if partner is None else partial(load, partner),
        partner_key=None if partner is None else partner.key,
    )
    source = {
        "folder": Path(os.path.relpath(entry.folder, writer.out)).as_posix(),
        "manifest": entry.manifest.name,
        "values": dict(entry.values),
        "variant": variant,
        **how,
    }
    if partner is not None and record.partner is not None:
        source["partner"] = dict(partner.values)
    record = replace(record, source=source)
    if result is DROPPED:
        writer.write_record(record)
    else:
        writer.write(
            entry.key,
            result,
            record,
            epoch=epoch,
            variant=variant,
            sources=entry.values,
            progress=frames,
        )
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


class _Progress:
    """Samples done, and frames of the present video, as bars on the terminal's error stream."""

    def __init__(self, count: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._bars = Progress(console=console, disable=quiet or not console.is_terminal)
        self._samples = self._bars.add_task("augmenting", total=count)
        self._frames = self._bars.add_task("frames", total=None, visible=False)

    def __enter__(self) -> _Progress:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def advance(self) -> None:
        """One more sample is done."""
        self._bars.update(self._frames, visible=False)
        self._bars.advance(self._samples)

    def frames(self, done: int, total: int) -> None:
        """So many frames of the present video are written."""
        self._bars.update(self._frames, completed=done, total=total, visible=done < total)
