"""What `check-determinism` prints: one table, and each difference with the step it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from syncaug.determinism.matrix import Cell, Loader, Resume
from syncaug.determinism.steps import CHECKS, LOADED, named_step

if TYPE_CHECKING:
    from syncaug.determinism.check import Extent, Report, Row
    from syncaug.determinism.steps import Origin
    from syncaug.plan.plan import Plan

__all__ = ["told_faults", "told_table"]

_REMEDY = "Draw from the entropy that the step is given, and keep no state between calls."
"""What helps whoever wrote an operation of their own."""


def told_table(report: Report, extent: Extent) -> None:
    """Print a row for each loader with its orders and batches, and one for each other row."""
    from rich.console import Console
    from rich.table import Table

    orders = [(shuffled, batch) for shuffled in (False, True) for batch in extent.batches]
    table = Table(pad_edge=False, box=None)
    table.add_column("loader", no_wrap=True)
    for shuffled, batch in orders:
        table.add_column(f"{'shuffled' if shuffled else 'in order'}, {batch}", no_wrap=True)
    by_loader: dict[Loader, dict[tuple[bool, int], Row]] = {}
    others = []
    for row in report.rows:
        if isinstance(row.where, Cell):
            cell = row.where
            by_loader.setdefault(cell.loader, {})[cell.shuffled, cell.batch] = row
        else:
            others.append(row)
    for row in others:
        if not isinstance(row.where, Resume):
            table.add_row(str(row.where), _word(row))
    for loader, rows in by_loader.items():
        table.add_row(str(loader), *(_word(rows[order]) for order in orders))
    for row in others:
        if isinstance(row.where, Resume):
            table.add_row(str(row.where), _word(row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def _word(row: Row) -> str:
    if row.failed:
        return "failed"
    return f"{row.differing} of {row.results} differ" if row.differing else "same"


def told_faults(report: Report, plan: Plan) -> None:
    """Print what differs first in each stream, and where it comes from; or that all is the same."""
    for outcome in report.refused[:3]:
        click.echo(f"a sample gave no result, everywhere the same: {outcome}"[:400])
    failed = [row for row in report.rows if row.failed]
    for row in failed[:4]:
        click.echo(f"{row.where}: {row.failed}")
    for fault in report.faults():
        click.echo(
            f"{fault.where}: sample {fault.key!r}, epoch {fault.epoch}, stream {fault.stream!r}: "
            f"{fault.what}"
        )
        click.echo(f"    {_origin(report.origins.get(fault.stream), plan, fault.stream)}")
    wrong = sum(1 for row in report.rows if not row.good)
    count = len(report.rows)
    if wrong:
        click.echo(f"{wrong} of {count} configurations differ", err=True)
    else:
        click.echo(f"the same bytes in all {count} configurations")


def _origin(origin: Origin | None, plan: Plan, stream: str) -> str:
    if origin is None:
        return (
            "no step gave other bytes when it was tried again: the data set, a rare fault, or a "
            "library that depends on its threads. Run it once more with more samples."
        )
    first = f"first in {named_step(plan, origin.step, stream)}: {origin.depends}"
    if origin.generators:
        names = ", ".join(origin.generators)
        return f"{first}; it draws from the global generator of {names}. {_REMEDY}"
    if origin.step == LOADED:
        return f"{first}. The data set gives other samples: read the same bytes for a key."
    if origin.step == CHECKS:
        return f"{first}. A check measures the same sample differently, so that other draws pass."
    return f"{first}. {_REMEDY}"
