"""The engine of a Ray cluster: Ray Data makes units in tasks, and gives them back in their order.

Ray starts, spreads and repeats tasks; what a lost worker or node was making is made again by
another. Results go through a file system that all nodes share, and are committed here.
"""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from syncaug.errors import ManifestError
from syncaug.runs.making import Failed, Job, Made, Maker
from syncaug.runs.ray_cluster import connected
from syncaug.runs.ray_worker import MADE, SECONDS, TASK, Refused, Work, libraries

if TYPE_CHECKING:
    from syncaug.runs.units import Task

__all__ = ["OnRay"]

_BLOCKS = 16
"""Blocks of units for each CPU in one execution: fewer leave CPUs idle at its end."""
_SECONDS = 0.5
"""So long a block should take: much less, and Ray's own work counts; much more, and a lost one."""
_MOST = 1 << 16
"""Units of one execution: their tasks are in the memory of this process."""
_PATIENCE = 10.0
"""So many seconds Ray's threads have to end after an execution."""
_PARKED = "Prefetcher"
"""A thread of Ray that waits for blocks for ever, and gets none where nothing is prefetched."""


@dataclass(frozen=True, slots=True)
class OnRay:
    """Makes units in tasks of the Ray cluster at `address`, at most `workers` at a time if not 0.

    So many first results are `shown`: they are made in this process, and come whole.
    """

    address: str = ""
    workers: int = 0
    shown: int = 0

    def __call__(self, job: Job, tasks: Iterable[Task]) -> Iterator[Made | Failed]:
        """What each task became. Raises ManifestError where the cluster cannot do the work."""
        tasks = iter(tasks)
        maker = Maker(job)
        for task in islice(tasks, self.shown):
            yield maker.make(task, show=True)
        first = next(tasks, None)
        if first is None:
            return
        with connected(self.address, self.workers) as cpus, _token(job.scratch) as token:
            work = Work(job, token, os.getcwd(), libraries())
            executions = self._executions(work, chain([first], tasks), cpus)
            with closing(_swept(executions)) as made:
                yield from made

    def _executions(
        self, work: Work, tasks: Iterator[Task], cpus: int
    ) -> Generator[Made | Failed | Refused]:
        """What tasks became, in executions of blocks that take about as long as they should."""
        size = 1
        while some := list(islice(tasks, min(size * _BLOCKS * cpus, _MOST))):
            spent = 0.0
            with closing(self._executed(work, some, -(-len(some) // size))) as executed:
                for made, seconds in executed:
                    spent += seconds
                    yield made
            size = max(1, min(8 * size, int(_SECONDS * len(some) / max(spent, 1e-6))))

    def _executed(
        self, work: Work, tasks: list[Task], blocks: int
    ) -> Generator[tuple[Made | Failed | Refused, float]]:
        """What tasks became, and the seconds of each, by one execution of a data set of Ray."""
        import ray

        rows = [{TASK: pickle.dumps(task)} for task in tasks]
        source = ray.data.from_items(rows, override_num_blocks=blocks)
        source.context.execution_options.preserve_order = True
        source.context.enable_progress_bars = False
        made = source.map_batches(
            work,
            batch_size=None,
            batch_format="pyarrow",
            compute=ray.data.TaskPoolStrategy(size=min(self.workers, blocks) or None),
        )
        try:
            with _threads_ended(), closing(_blocks_of(made)) as made_blocks:
                for block in made_blocks:
                    for one, seconds in zip(block[MADE], block[SECONDS], strict=True):
                        yield pickle.loads(one.as_py()), seconds.as_py()
        except (ray.exceptions.RayError, ConnectionError) as error:
            told = " ".join(str(error).split())
            raise ManifestError(
                f"{work.job.out}: expected Ray to end the run; {told[-400:]}. What is there is "
                "whole: go on with --resume."
            ) from error


def _blocks_of(made: Any) -> Generator[Any]:
    """The blocks of a data set of Ray as tables, none of them fetched before it is asked for."""
    yield from made.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0)


@contextmanager
def _threads_ended() -> Iterator[None]:
    """Wait at the end for the threads that were started since.

    Ray Data tells the threads of an iteration that is given up to stop, and does not wait for
    them. One that asks its core worker for a block after `ray.shutdown()` ends the whole process.
    """
    before = set(threading.enumerate())
    try:
        yield
    finally:
        until = time.monotonic() + _PATIENCE
        for thread in set(threading.enumerate()) - before:
            if thread.name != _PARKED:
                thread.join(max(0.0, until - time.monotonic()))


def _swept(made: Generator[Made | Failed | Refused]) -> Generator[Made | Failed]:
    """The same, less the empty folders of blocks that are committed; what is refused is raised."""
    before: Path | None = None
    with closing(made):
        for one in made:
            if isinstance(one, Refused):
                raise ManifestError(one.reason)
            folder = one.folder.parent if isinstance(one, Made) and one.folder else before
            if before is not None and folder != before:
                _remove_empty(before)
            before = folder
            yield one
    if before is not None:
        _remove_empty(before)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # what another attempt left there goes with the whole run's folder
        return


@contextmanager
def _token(scratch: Path) -> Iterator[str]:
    """The name of a file by which nodes show that they see a folder."""
    name = f".seen-{uuid4().hex}"
    try:
        (scratch / name).touch(mode=0o600)
    except OSError as error:
        raise ManifestError(f"{scratch} cannot be written: {error}") from error
    try:
        yield name
    finally:
        (scratch / name).unlink(missing_ok=True)
