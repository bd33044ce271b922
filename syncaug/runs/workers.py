"""The engine of several processes on this machine: a pool of them, each making one unit at a time.

Processes are spawned and not forked, so that none inherits a library's threads or locks. Results
come in the order of the tasks; a bounded number of tasks is under way before its turn.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncaug.errors import ManifestError
from syncaug.runs import worker
from syncaug.runs.making import Failed, Job, Made, Maker
from syncaug.threads import share

if TYPE_CHECKING:
    from syncaug.runs.units import Task

__all__ = ["Workers"]

_AHEAD = 4
"""Tasks under way for each worker: so many results wait on the disk where one takes long."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Makes units in `count` processes.

    So many first results are `shown`: they are made in this process, and come whole.
    """

    count: int
    shown: int = 0

    def __call__(self, job: Job, tasks: Iterable[Task]) -> Iterator[Made | Failed]:
        """What each task became. Raises ManifestError where a worker was killed."""
        tasks = iter(tasks)
        maker = Maker(job)
        for _, task in zip(range(self.shown), tasks, strict=False):
            yield maker.make(task, show=True)
        others = set(multiprocessing.active_children())
        with _signals_are_ours():  # it starts the process that keeps track of semaphores
            pool = ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=worker.begin,
                initargs=(pickle.dumps(job), share(self.count)),
            )
        try:
            yield from self._made(pool, tasks)
        except BrokenProcessPool as error:
            raise ManifestError(
                f"{job.out}: expected every worker process to live until the run ends; one was "
                "killed, by somebody or because memory ran out. What is there is whole: go on with "
                "--resume, with fewer --workers if memory ran out."
            ) from error
        finally:
            for process in set(multiprocessing.active_children()) - others:
                process.kill()  # they have nothing to do, or nobody who waits for it
            pool.shutdown(cancel_futures=True)

    def _made(self, pool: ProcessPoolExecutor, tasks: Iterator[Task]) -> Iterator[Made | Failed]:
        waiting: deque[Future[Made | Failed]] = deque()
        for task in tasks:
            with _signals_are_ours():
                waiting.append(pool.submit(worker.make, pickle.dumps(task)))
            if len(waiting) >= _AHEAD * self.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _signals_are_ours() -> Iterator[None]:
    """Processes that start here never get SIGINT and SIGHUP, which a terminal sends to all of them.

    Where the system has no masks, they ignore it from `worker.begin` on.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    sent = {getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, sent)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
