"""What `apply` tells: outcomes and errors at the end, progress on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncaug.cli.options import echo_json

if TYPE_CHECKING:
    from syncaug.runs.tally import Tally

__all__ = ["Progress", "tell"]


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


class Progress:
    """Samples done, and frames of the present video, as bars on the terminal's error stream."""

    def __init__(self, count: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bars

        console = Console(stderr=True)
        self._bars = Bars(console=console, disable=quiet or not console.is_terminal)
        self._samples = self._bars.add_task("augmenting", total=count)
        self._frames = self._bars.add_task("frames", total=None, visible=False)

    def __enter__(self) -> Progress:
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
