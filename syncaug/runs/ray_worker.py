"""What a task of Ray does for a run: it makes units on its node, in a folder that all share."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from syncaug.runs import worker
from syncaug.threads import cores, limit_threads, share

if TYPE_CHECKING:
    import pyarrow

    from syncaug.runs.making import Job
    from syncaug.runs.units import Task

__all__ = ["MADE", "SECONDS", "TASK", "Refused", "Work", "libraries"]

TASK, MADE, SECONDS = "task", "made", "seconds"
"""The columns of what goes in and of what comes out, both pickled, and how long each took."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a node cannot take part in the run."""

    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """A job as tasks of Ray get it: called with a block of units, it gives what they became.

    `token` is the name of a file in the job's scratch folder, which a node must see there;
    `libraries` are those that results are to come from, and `here` is where relative paths start.
    """

    job: Job
    token: str
    here: str
    libraries: Mapping[str, Any]

    def __call__(self, block: pyarrow.Table) -> pyarrow.Table:
        """Make a block of units, each in a folder that no other attempt at it writes to."""
        import pyarrow

        began = time.perf_counter()
        limit_threads(share(cores()))  # Ray starts as many tasks as there are CPUs
        tasks = [pickle.loads(task) for task in block.column(TASK).to_pylist()]
        with contextlib.ExitStack() as stack:
            refused = self._refused(stack, tasks)
            made = [Refused(refused)] * len(tasks) if refused else self._made(tasks)
        each = (time.perf_counter() - began) / max(1, len(tasks))
        rows = pyarrow.array(map(pickle.dumps, made), pyarrow.binary())
        return pyarrow.table({MADE: rows, SECONDS: [each] * len(tasks)})

    def _made(self, tasks: list[Task]) -> list[Any]:
        """What became of tasks. A lost worker may still write while another repeats its tasks."""
        from syncaug.runs.making import Maker

        own = replace(self.job, scratch=self.job.scratch / uuid4().hex)
        own.scratch.mkdir(mode=0o700)
        maker = Maker(own)
        made = [worker.made_by(maker, task) for task in tasks]
        with contextlib.suppress(OSError):  # it holds results
            own.scratch.rmdir()
        return made

    def _refused(self, stack: contextlib.ExitStack, tasks: list[Task]) -> str:
        """Why this node cannot take part; empty where it can. It works in the run's folder then."""
        node = f"node {socket.gethostname()}"
        try:
            stack.enter_context(contextlib.chdir(self.here))
        except OSError:
            return _unseen(node, Path(self.here), "the run was started")
        if not (self.job.scratch / self.token).is_file():
            return _unseen(node, self.job.out, "results are written")
        for folder in {task.entry.folder for task in tasks}:
            if not folder.is_dir():
                return _unseen(node, folder, "samples lie")
        wanted, found = dict(self.libraries), dict(libraries())
        differing = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
        if differing:
            told = ", ".join(
                f"{name} {wanted.get(name, 'none')}, not {found.get(name, 'none')}"
                for name in differing
            )
            return (
                f"{node} has other libraries than this process: expected {told}. Results could "
                "have other bytes: install the same versions on all nodes."
            )
        return ""


def libraries() -> Mapping[str, Any]:
    """What results depend on beside their samples."""
    from syncaug.environment import libraries as installed
    from syncaug.version import ENGINE_VERSION

    return {"engine": ENGINE_VERSION, **installed()}


def _unseen(node: str, folder: Path, what: str) -> str:
    return (
        f"{node} does not see {os.path.abspath(folder)}, where {what}: expected one file system "
        "that all nodes share, under the same path on each. Put it there, or work on one machine."
    )
