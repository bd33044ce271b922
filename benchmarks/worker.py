"""Contestants in another process: another environment's library, or another checkout of syncaug.

The parent starts `python worker.py FD MODULE:FUNCTION` and sends the function's arguments;
the function returns contestants by name, and what is to be said of them. Then processes take turns
of some milliseconds, since one that has just been woken is cold; all but one wait for the pipe.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

__all__ = ["TURN", "Remote", "Worker"]

TURN = 0.005
"""Seconds of a turn where contestants live in several processes."""
HERE = Path(__file__).resolve().parent
_QUIET = {
    "NO_ALBUMENTATIONS_UPDATE": "1",
    "ALBUMENTATIONS_NO_TELEMETRY": "1",
    "ALBUMENTATIONS_OFFLINE": "1",
}


class Worker:
    """A process with contestants; close it, or use it as a context."""

    def __init__(
        self,
        function: str,
        *arguments: Any,
        python: Path | str = sys.executable,
        tree: Path = HERE.parent,
    ) -> None:
        """Start it, with the syncaug of `tree`. Raises RuntimeError with what the process said."""
        ours, theirs = Pipe()
        environment = {**os.environ, **_QUIET, "PYTHONPATH": str(tree)}
        command = [str(python), "-P", str(HERE / "worker.py"), str(theirs.fileno()), function]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
        theirs.close()
        self._pipe = ours
        self.names: list[str]
        self.about: dict[str, str]
        self.names, self.about = self._ask(arguments)

    def __getitem__(self, name: str) -> Remote:
        return Remote(self, name)

    def turn(self, name: str, calls: int) -> Any:
        """Let a contestant make so many calls."""
        return self._ask(("turn", name, calls))

    def result(self, name: str) -> Any:
        """What one call returns."""
        return self._ask(("result", name, 0))

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.wait()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, message: Any) -> Any:
        try:
            self._pipe.send(message)
            answer, failed = self._pipe.recv()
        except (EOFError, BrokenPipeError):
            raise RuntimeError(f"the worker ended with {self._process.wait()}") from None
        if failed:
            raise RuntimeError(f"in the worker: {answer}")
        return answer


@dataclass(frozen=True, slots=True)
class Remote:
    """One contestant of a worker."""

    worker: Worker
    name: str

    def turn(self, calls: int) -> Any:
        return self.worker.turn(self.name, calls)

    def result(self) -> Any:
        """What one call returns."""
        return self.worker.result(self.name)


def _package() -> None:
    """Make `benchmarks` this folder, whatever the tree that is measured holds under that name."""
    spec = importlib.util.spec_from_file_location(
        "benchmarks", HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks"] = package
    spec.loader.exec_module(package)


def _serve(pipe: Connection, function: str) -> None:
    from benchmarks.timing import take_turn

    def answer(message: Any) -> Any:
        what, name, calls = message
        if what == "result":
            return contestants[name]()
        return take_turn(contestants[name], calls, threads=False)

    module, _, name = function.partition(":")
    contestants: dict[str, Callable[[], Any]] = {}
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            return
        try:
            if contestants:
                pipe.send((answer(message), False))
            else:
                made, about = getattr(importlib.import_module(module), name)(*message)
                contestants.update(made)
                pipe.send(((list(made), about), False))
        except Exception as error:
            pipe.send((f"{type(error).__name__}: {error}", True))


if __name__ == "__main__":
    _package()
    _serve(Connection(int(sys.argv[1])), sys.argv[2])
