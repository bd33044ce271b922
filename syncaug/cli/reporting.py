"""What `apply` tells: outcomes and errors at the end, progress on the way."""

from __future__ import annotations

from pathlib import Path

import click

from syncaug.cli.options import echo_json
from syncaug.errors import SyncaugError

__all__ = ["Progress", "Report"]


class Report:
    """Counts outcomes and collects what went wrong."""

    def __init__(self, *, skip: bool) -> None:
        self.skips = skip
        self._outcomes: dict[str, int] = {}
        self._errors: list[str] = []
        self._before = self._now = 0

    def done(self, outcome: str, *, before: bool = False) -> None:
        """Count a result, of this run or of the one that it resumes."""
        self._outcomes[outcome] = self._outcomes.get(outcome, 0) + 1
        self._before += before
        self._now += not before

    def failed(self, error: SyncaugError) -> None:
        """Remember an error, or stop at it; what was written before is whole."""
        if not self.skips:
            raise error
        self._errors.append(str(error))

    def tell(self, out: Path, form: str) -> None:
        if form == "json":
            resumed = {"resumed": self._before} if self._before else {}
            echo_json(
                {"out": str(out), "outcomes": self._outcomes, "skipped": self._errors, **resumed}
            )
        else:
            counts = ", ".join(
                f"{count} {name.replace('_', ' ')}" for name, count in self._outcomes.items()
            )
            if self._before and not self._now:
                counts += "; nothing to do, all of it was done before"
            elif self._before:
                counts += f"; {self._before} of them done before"
            click.echo(f"{out}: {counts or 'nothing written'}")
            for error in self._errors:
                click.echo(f"skipped: {error}", err=True)
            if self._errors:
                count = len(self._errors)
                click.echo(f"{count} sample{'s' if count > 1 else ''} skipped", err=True)
        if self._errors:
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
