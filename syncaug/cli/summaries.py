"""Summaries of records on the terminal and in files; `apply` and `stats` share them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from syncaug.record.summary import PolicySummary, Summary
    from syncaug.record.summary.values import Values

__all__ = [
    "Counting",
    "print_summary",
    "short_lines",
    "summary_path",
    "told_refusal",
    "write_summary",
]

_FORMS = (".json", ".html")
_LINES = 5
"""So many reasons and values are told of each check, step or draw."""


def summary_path(context: click.Context, option: click.Parameter, value: Any) -> Path | None:
    """The file of `--summary FILE`, as a callback of click: its suffix chooses the form."""
    if value is not None and Path(value).suffix.lower() not in _FORMS:
        raise click.BadParameter(f"expected a file that ends in .json or .html; got {value}")
    return None if value is None else Path(value)


def write_summary(summary: Summary, path: Path, *, title: str) -> Path:
    """Write a summary as JSON where the file ends in .json, else as a page; folders are made."""
    if path.suffix.lower() == ".json":
        from syncaug.io.atomic import write_bytes

        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(summary.as_json(), indent=2, ensure_ascii=False)
        write_bytes(path, text.encode("utf-8", "backslashreplace") + b"\n")
        return path
    from syncaug.report.summary import write_summary_page

    return write_summary_page(summary, path, title=title)


def short_lines(summary: Summary) -> Iterator[str]:
    """What the end of a run says beside its outcomes: refusals and warnings, where there are any.

    A run of which nothing was refused gives no line.
    """
    for policy in summary.policies:
        if policy.refused:
            by = ", ".join(f"{each['by']} {each['count']}" for each in policy.refusals[:_LINES])
            yield f"{policy.refused} of {policy.tries} draws refused: {by}"
            if not policy.outcomes.get("accepted"):
                yield f"nothing was accepted: {told_refusal(policy.refusals[0])}"
    for text in summary.warnings:
        yield f"warning: {text}"


def told_refusal(refusal: Mapping[str, Any]) -> str:
    """Who refused, with what it said of one draw, numbers and all."""
    return f"{refusal['by']}, such as: {refusal['reasons'][0]['example']}"


class Counting:
    """Counts the records of a run for its summary: the short one at its end, or a whole file.

    A run that asks for neither counts nothing.
    """

    def __init__(self, path: Path | None, *, quiet: bool) -> None:
        from syncaug.record.summary import Tally

        self._path, self._quiet = path, quiet
        self._tally = None if path is None and quiet else Tally()

    def earlier(self, out: Path) -> None:
        """Count what an earlier run has written to a folder that is taken up again."""
        from syncaug.io.writer import RECORDS
        from syncaug.record.files import read_records

        if self._tally is not None and (out / RECORDS).is_file():
            for _, record in read_records(out / RECORDS):
                self._tally.add(record)

    def add(self, line: str) -> None:
        """Count a result by the line of its record."""
        from syncaug.record import Record

        if self._tally is not None:
            self._tally.add(Record.from_own(line))

    def tell(self, skipped: Sequence[str], *, title: str) -> None:
        """Print refusals and warnings, where there are any, and write the file."""
        from syncaug.record.summary import summary_of

        if self._tally is None or (self._path is None and not self._tally.refused):
            return
        for reason in skipped:
            self._tally.skip(reason)
        summary = summary_of(self._tally)
        if not self._quiet:
            for line in short_lines(summary):
                click.echo(line, err=True)
        if self._path is not None:
            page = write_summary(summary, self._path, title=title)
            if not self._quiet:
                click.echo(f"summary: {page.resolve().as_uri()}", err=True)


def print_summary(summary: Summary) -> None:
    """The whole summary as tables."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=160)
    for number, policy in enumerate(summary.policies):
        if number:
            console.print()
        for line in _head(policy):
            console.print(line)
        _steps(console, policy)
        _draws(console, policy)
        _course(console, policy)
    for text in summary.skips[:_LINES]:
        console.print(f"skipped: {text}")
    for text in summary.warnings:
        console.print(f"warning: {text}")


def _head(policy: PolicySummary) -> Iterator[str]:
    from syncaug.record.summary.telling import told_drops

    seeds = ", ".join(map(str, policy.seeds))
    first, last = policy.epochs
    epochs = f"epoch {first}" if first == last else f"epochs {first} to {last}"
    about = "" if policy.exact else "about "
    yield (
        f"policy {policy.name or '(without a name)'} ({policy.fingerprint}), seed {seeds}"
        + (f", sync {policy.sync}" if policy.sync else "")
        + f": {policy.results} result{'s' * (policy.results != 1)} of {about}{policy.samples} "
        + f"sample{'s' * (policy.samples != 1)}, {epochs}"
    )
    counts = (f"{count} {name.replace('_', ' ')}" for name, count in policy.outcomes.items())
    yield f"  {', '.join(counts)}"
    if policy.refused:
        tried = ", ".join(f"{number}: {count}" for number, count in policy.attempts.items())
        yield f"  {policy.refused} of {policy.tries} draws refused; draws a result took: {tried}"
    for each in policy.refusals:
        yield f"  refused by {each['by']}: {each['count']}"
        for reason in each["reasons"][:_LINES]:
            yield f"    {reason['count']} x {reason['reason']}, such as: {reason['example']}"
    if policy.whole.dropped:
        yield f"  dropped: {told_drops(policy.whole)}"
    if policy.mixed:
        yield f"  {policy.mixed} results with a partner, {policy.partners} different partners"


def _steps(console: Any, policy: PolicySummary) -> None:
    if not policy.steps or not any(row.drawn for row in policy.steps):
        return
    conditional = any(row.met + row.unmet for row in policy.steps)
    asked = any(row.when for row in policy.steps)
    table = _table(
        "step",
        "drawn",
        "applied",
        "share",
        "p",
        *(["when"] if asked else []),
        *(["met", "unmet"] if conditional else []),
    )
    for row in policy.steps:
        share = f"{row.applied / row.drawn:.1%}" if row.drawn else ""
        p = f"{row.p:g}" if isinstance(row.p, float) else row.p
        cells = [row.name, str(row.drawn), str(row.applied), share, p]
        cells += [row.when] if asked else []
        if conditional:
            cells += [str(row.met), str(row.unmet)] if row.met + row.unmet else ["", ""]
        table.add_row(*cells)
    console.print(table)


def _draws(console: Any, policy: PolicySummary) -> None:
    rows = [row for row in policy.draws if row.accepted.count and not row.constant]
    if not rows:
        return
    table = _table("draw", "declared", "count", "mean", "5%", "50%", "95%", "values")
    for row in rows:
        values = row.accepted
        numbers = [values.mean, *(values.quantile(share) for share in (0.05, 0.5, 0.95))]
        cells = [f"{number:.4g}" if values.numbers else "" for number in numbers]
        table.add_row(str(row.label), row.declared, str(values.count), *cells, _counts(values))
    console.print(table)


def _course(console: Any, policy: PolicySummary) -> None:
    from syncaug.record.summary.telling import told_course

    rows = told_course(policy)
    if rows:
        table = _table("epochs", "results", "severity", "progress", "dropped")
        for row in rows:
            table.add_row(*row)
        console.print(table)


def _counts(values: Values) -> str:
    """The counts of few values; empty where they are binned."""
    told = [(f"{low:.4g}", count) for low, high, count in values.histogram() if low == high]
    told += values.words().items()
    told.sort(key=lambda item: -item[1])
    more = f", and {len(told) - _LINES} more" if len(told) > _LINES else ""
    return ", ".join(f"{value}: {count}" for value, count in told[:_LINES]) + more


def _table(*columns: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        right = column not in ("step", "when", "draw", "declared", "values", "dropped")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table
