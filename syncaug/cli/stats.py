"""`syncaug stats`: the summary of records: draws, refusals, outcomes, skew."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncaug.cli import output
from syncaug.cli.given import AnyPath, OutFile
from syncaug.cli.options import echo_json, format_option, loaded
from syncaug.cli.summaries import print_summary, write_summary
from syncaug.errors import RecordError

if TYPE_CHECKING:
    from syncaug.record import Record

__all__ = ["command"]


@click.command("stats")
@click.argument("records", nargs=-1, required=True, type=AnyPath(path_type=Path))
@click.option("--policy", default=None, help="Refuse records that another policy made.")
@click.option(
    "--html",
    type=OutFile("a summary or a page"),
    help="Write the summary with its plots to this file too.",
)
@format_option
def command(records: tuple[Path, ...], policy: str | None, html: Path | None, form: str) -> None:
    """Summarize RECORDS, one or several files as `apply` writes them, or the folders they are in.

    For each policy: what became of its samples, which steps were applied and how often, how every
    drawn value is distributed, which checks and steps refused draws and why, and where refusals
    have skewed what the policy draws. Files may be of any length, and a last line that a kill has
    torn is left out.
    """
    from syncaug.record.summary import Tally, summary_of

    wanted = None if policy is None else loaded(policy).plan.fingerprint
    tally = Tally()
    for path in _each_once(records):
        for record in _of_policy(path, policy, wanted):
            tally.add(record)
    if not tally.policies:
        raise RecordError(
            f"{', '.join(map(str, records))}: expected records as `syncaug apply` writes them to "
            "records.jsonl; there is none"
        )
    summary = summary_of(tally)
    if html is not None:
        title = ", ".join(map(str, records))
        page = write_summary(summary, html, title=title)
        output.say(f"summary: {page.resolve().as_uri()}")
    if form == "json":
        echo_json(summary.as_json())
    else:
        print_summary(summary)


def _each_once(records: Sequence[Path]) -> Iterator[Path]:
    """The files that are named, without those that were named before by any name."""
    from syncaug.record.files import file_of

    known: set[str] = set()
    for path in records:
        place = os.path.realpath(file_of(path))
        if place in known:
            output.say(f"{path}: named twice, and read once")
            continue
        known.add(place)
        yield path


def _of_policy(path: Path, policy: str | None, wanted: str | None) -> Iterator[Record]:
    from syncaug.record.files import file_of, read_records

    file = file_of(path)
    if file != path:
        output.say(f"{path}: a folder, of which {file.name} is read")
    for where, record in read_records(file, torn=lambda text: output.say(f"warning: {text}")):
        if wanted is not None and record.fingerprint != wanted:
            raise RecordError(
                f"{where}: fingerprint: expected {wanted}, that of {policy}; got "
                f"{record.fingerprint}: another policy made this record. Leave out --policy to "
                "summarize each policy by itself."
            )
        yield record
