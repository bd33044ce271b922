"""Threads: how many each library may use in a worker, and work done by several, in order.

Libraries start as many threads as there are cores, in every process. Two workers on two cores then
run four threads of OpenCV, four of BLAS and eight decoders, which wait for each other. So workers
say how many each may use: one, as torch says of its own, or what `SYNCAUG_THREADS` says. In the
process that the user started nothing is changed unless `limit_threads` is called there.

No result depends on any of these numbers.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from syncaug.forks import in_child

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = [
    "SWITCH",
    "cores",
    "in_order",
    "limit_threads",
    "limited",
    "settle",
    "settled",
    "share",
    "tell",
]

SWITCH = "SYNCAUG_THREADS"
"""The environment variable: threads of each library in a worker; 0 leaves all as they are."""

_VARIABLES = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    "OPENCV_FOR_THREADS_NUM",
)
"""What BLAS, OpenMP and OpenCV read once, when they are loaded."""

Item = TypeVar("Item")
Made = TypeVar("Made")

_limit = 0
settled = False
"""Whether it was looked at in this process, by `settle`, how many threads libraries may use."""
_ended = False
"""Whether OpenCV has ended its threads before the fork that this process is of, or of its own."""
_collecting = True
"""Whether garbage was collected before the last fork."""
_before = 0
"""The threads of OpenCV before the last fork; 0 where it was not there."""


def share(workers: int) -> int:
    """Threads of each library in one of so many workers: the user's word, or a share of the cores.

    0 where the user wants nothing changed.
    """
    said = os.environ.get(SWITCH, "")
    if said.isdigit():
        return int(said)
    return max(1, cores() // max(1, workers))


def cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def limit_threads(count: int) -> None:
    """Let each library use `count` threads at most in this process, now and when it is loaded.

    Nobody gets more than he has: who told OpenCV to use one thread keeps it. 0 changes nothing.
    For the start of a worker; `share` says how many.
    """
    global _limit, settled
    settled = True
    if count <= 0:
        return
    _limit = count if not _limit else min(_limit, count)
    for name in _VARIABLES:  # of what this process has not yet loaded
        os.environ.setdefault(name, str(_limit))
    for library in _TELLERS:
        tell(library)


def limited(most: int) -> int:
    """How many threads somebody may use who would use `most`."""
    return min(most, _limit) if _limit else most


def tell(library: str) -> None:
    """Say to a library that is loaded how many threads it may use, where that is limited."""
    module = sys.modules.get(library)
    if _limit and module is not None:
        with suppress(Exception):  # one that is half loaded, or of another version: as it is
            _TELLERS[library](module, _limit)


def settle() -> None:
    """Limit threads if this process is a worker of torch's DataLoader; looked at once a process."""
    global settled
    if settled:
        return
    settled = True
    data = sys.modules.get("torch.utils.data")
    if data is not None and data.get_worker_info() is not None:
        limit_threads(share(cores()))


def in_order(
    function: Callable[[Item], Made], items: Iterable[Item], threads: int, ahead: int = 0
) -> Iterator[Made]:
    """What `function` makes of each item, in the items' order, by so many threads.

    At most `ahead` items, twice as many as threads without it, are in work or ready. An error, of
    an item or of what gives them, is raised at its turn, after all results before it; items that
    nobody has begun then are left. With one thread and nothing ahead it is `map`.
    """
    if threads <= 1 and not ahead:
        yield from map(function, items)
        return
    from concurrent.futures import ThreadPoolExecutor  # not for those who want no threads

    waiting: deque[Future[Made]] = deque()
    pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="syncaug")
    try:
        source, failure, more = iter(items), None, True
        while more or waiting:
            while more and len(waiting) < (ahead or 2 * threads):
                try:
                    waiting.append(pool.submit(function, next(source)))
                except StopIteration:
                    more = False
                except Exception as error:
                    failure, more = error, False
            if waiting:
                yield waiting.popleft().result()
        if failure is not None:
            raise failure
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tell_opencv(cv2: Any, count: int) -> None:
    if cv2.getNumThreads() > count and not _has_foreign_pool():
        cv2.setNumThreads(count)


def _has_foreign_pool() -> bool:
    """Whether OpenCV may hold the threads of a parent, for which it would wait for ever.

    So it is in a process that was forked before this module was there to end them.
    """
    started_by = sys.modules.get("multiprocessing.process")  # loaded in all that it has started
    if _ended or started_by is None or started_by.parent_process() is None:
        return False
    started = " ".join(sys.orig_argv)  # spawned children, and the server that forks others
    return "--multiprocessing-fork" not in started and "multiprocessing.forkserver" not in started


def _end_pool() -> None:
    """Let OpenCV end its threads before a fork: a child that resizes its pool would wait for them.

    A fork copies none of them, but what they wait for. They start again when they are needed.
    """
    global _ended, _before
    cv2 = sys.modules.get("cv2")
    _ended, _before = True, 0
    if cv2 is not None:
        with suppress(Exception):  # one that is half loaded
            _before = cv2.getNumThreads()
            if _before > 1:
                cv2.setNumThreads(1)


def _keep_garbage() -> None:
    """Collect nothing during a fork."""
    global _collecting
    _collecting = gc.isenabled()
    gc.disable()


def _collect_garbage() -> None:
    """In the parent, garbage is collected again."""
    if _collecting:
        gc.enable()


def _leave_garbage() -> None:
    """In the child, what the parent had stays: a decoder there would wait for its threads."""
    if "av" in sys.modules:
        gc.freeze()
    _collect_garbage()


def _start_pool() -> None:
    """As many threads of OpenCV as before the fork."""
    if _before > 1:
        with suppress(Exception):
            sys.modules["cv2"].setNumThreads(_before)


def _tell_torch(torch: Any, count: int) -> None:
    if torch.get_num_threads() > count:
        torch.set_num_threads(count)


def _tell_blas(numpy: Any, count: int) -> None:
    try:
        threadpoolctl = import_module("threadpoolctl")
    except ImportError:
        return  # then only the environment says it, to what is not loaded yet
    for library in threadpoolctl.ThreadpoolController().lib_controllers:
        if library.user_api == "blas" and (library.num_threads or 1) > count:
            library.set_num_threads(count)


_TELLERS: dict[str, Callable[[Any, int], None]] = {
    "cv2": _tell_opencv,
    "torch": _tell_torch,
    "numpy": _tell_blas,
}
"""Module -> how it is told. PyAV is told with each decoder (`limited`)."""


def _forked() -> None:
    global settled
    settled = False


in_child(_forked)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_keep_garbage, after_in_parent=_collect_garbage, after_in_child=_leave_garbage
    )
    os.register_at_fork(before=_end_pool, after_in_parent=_start_pool, after_in_child=_start_pool)
