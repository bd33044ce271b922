"""What `apply` tells: outcomes and errors at the end, progress on the way."""

from __future__ import annotations

import signal
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

import click

from syncaug.cli.options import echo_json

if TYPE_CHECKING:
    from syncaug.runs.tally import Tally

__all__ = ["Progress", "tell", "told_stop"]


def tell(tally: Tally, out: Path, form: str) -> None:
    """Print what became of a run. Raises click's Exit with 1 where samples were skipped."""
    if form == "json":
        resumed = {"resumed": tally.before} if tally.before else {}
        echo_json(
            {
                "out": str(out),
                "outcomes": dict(tally.outcomes),
                "skipped": list(tally.errors),
                **resumed,
            }
        )
    else:
        counts = ", ".join(
            f"{count} {name.replace('_', ' ')}" for name, count in tally.outcomes.items()
        )
        if tally.before and not tally.now:
            counts += "; nothing to do, all of it was done before"
        elif tally.before:
            counts += f"; {tally.before} of them done before"
        click.echo(f"{out}: {counts or 'nothing written'}")
        for error in tally.errors:
            click.echo(f"skipped: {error}", err=True)
        if tally.errors:
            count = len(tally.errors)
            click.echo(f"{count} sample{'s' if count > 1 else ''} skipped", err=True)
    if tally.errors:
        raise click.exceptions.Exit(1)


def told_stop(number: int, tally: Tally, out: Path) -> NoReturn:
    """Say what a signal has left, and how to go on. Raises click's Exit with 128 + its number."""
    name = signal.Signals(number).name
    whole = tally.before + tally.now
    results = "1 result is" if whole == 1 else f"{whole} results are"
    click.echo(
        f"{out}: stopped by {name}; {results} whole. Go on with the same command and --resume.",
        err=True,
    )
    raise click.exceptions.Exit(128 + number)


class Progress:
    """Samples done, and frames of the present video, as bars on the terminal's error stream.

    Where that is no terminal, as in a log, a line each half a minute says how far the run is.
    """

    def __init__(self, count: int, tally: Tally, *, each: int = 1, quiet: bool) -> None:
        """`count` samples, of `each` of which so many results are made."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self._count, self._tally = count, tally
        self._logs = not quiet and not console.is_terminal
        self._done, self._results, self._each = 0, 0, each
        self._start = monotonic()
        self._told = self._start
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[said]}"),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self._samples = self._bars.add_task("augmenting", total=count, said="")
        self._frames = self._bars.add_task("frames", total=None, visible=False, said="")

    def __enter__(self) -> Progress:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def advance(self) -> None:
        """One more sample is done."""
        self._done += 1
        now = monotonic()
        said = _so_far(self._tally, self._done / max(1e-3, now - self._start))
        self._bars.update(self._frames, visible=False)
        self._bars.update(self._samples, advance=1, said=said)
        self._tell(now, self._done, said)

    def result(self) -> None:
        """One more result is there, of a sample that may have many."""
        self._results += 1
        if self._each == 1:
            return
        now = monotonic()
        done = self._done + min(1.0, max(0, self._results - self._done * self._each) / self._each)
        said = (
            f"{self._results} results, {_so_far(self._tally, done / max(1e-3, now - self._start))}"
        )
        self._bars.update(self._samples, said=said)
        self._tell(now, done, said)

    def _tell(self, now: float, done: float, said: str) -> None:
        """A line for a log, unless the last one was just now; `done` may count part of a sample."""
        if not self._logs or now - self._told < _EVERY:
            return
        self._told = now
        left = (now - self._start) * (self._count - done) / done
        click.echo(f"{self._done} of {self._count} samples; {said}; {_span(left)} left", err=True)

    def frames(self, done: int, total: int) -> None:
        """So many frames of the present video are written."""
        self._bars.update(self._frames, completed=done, total=total, visible=done < total)


_EVERY = 30
"""Seconds between the lines of a log."""


def _so_far(tally: Tally, rate: float) -> str:
    """The rate, and how many results were not accepted as they were drawn."""
    parts = [f"{rate:.1f} samples/s" if rate >= 1 else f"{1 / rate:.1f} s a sample"]
    parts += [
        f"{count} {name.replace('_', ' ')}"
        for name, count in tally.outcomes.items()
        if name != "accepted"
    ]
    return ", ".join(parts + ([f"{len(tally.errors)} skipped"] if tally.errors else []))


def _span(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"
