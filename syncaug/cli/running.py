"""How far an ablation is: bars on a terminal, a line for each run elsewhere, with the time left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

__all__ = ["Telling", "told_runs"]


class Telling:
    """Tells of draws and of runs as they end."""

    def __init__(self, bars: Any, jobs: int, *, lines: bool) -> None:
        self._bars, self._jobs, self._lines = bars, jobs, lines
        self._draws = self._runs = None
        self._seconds, self._ended = 0.0, 0

    def drawn(self, done: int, total: int) -> None:
        """So many of so many draws are compared."""
        if self._draws is None:
            self._draws = self._bars.add_task("draws", total=total)
        self._bars.update(self._draws, completed=done, total=total)

    def ran(self, run: Mapping[str, Any], done: int, total: int) -> None:
        """A run has ended; so many of so many have."""
        if self._runs is None:
            self._runs = self._bars.add_task("runs", total=total)
        self._bars.update(self._runs, completed=done, total=total)
        self._ended += 1
        self._seconds += run["seconds"]
        failed = "error" in run
        if not self._lines and not failed:
            return
        left = self._seconds / self._ended * (total - done) / min(self._jobs, max(1, total - done))
        what = f"failed: {run['error']}" if failed else f"{run['seconds']:.1f} s"
        rest = f"; about {_lasting(left)} left" if done < total else ""
        self._bars.console.print(
            f"run {done} of {total}: {run['arm']}, seed {run['seed']}: {what}{rest}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


@contextmanager
def told_runs(jobs: int, *, quiet: bool) -> Iterator[Telling]:
    """Bars on standard error where somebody looks at it, else lines; neither where `quiet`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True, quiet=quiet)
    shown = console.is_terminal and not quiet
    bars = Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not shown,
        transient=True,
    )
    with bars:
        yield Telling(bars, jobs, lines=not shown)


def _lasting(seconds: float) -> str:
    if seconds < 90.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 5400.0 else f"{seconds / 3600.0:.1f} h"
