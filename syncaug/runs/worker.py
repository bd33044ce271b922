"""A worker process of a run: it makes units until its parent has no more, or is gone.

Nothing is imported here before `begin` has said how many threads libraries may use: some of them
ask once, when they are loaded.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import warnings
from dataclasses import replace
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING, Any

from syncaug.threads import limit_threads

if TYPE_CHECKING:
    from syncaug.runs.making import Failed, Made, Maker
    from syncaug.runs.units import Task

__all__ = ["begin", "made_by", "make"]

_maker: Any = None


def begin(job: bytes, threads: int) -> None:
    """Make this process ready for a pickled job; each library may use so many threads."""
    global _maker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limit_threads(threads)
    from syncaug.runs.making import Maker

    _maker = Maker(pickle.loads(job))


def make(task: bytes) -> Made | Failed:
    """What a pickled task became, with the warnings that it raised."""
    return made_by(_maker, pickle.loads(task))


def made_by(maker: Maker, task: Task) -> Made | Failed:
    """What a task became, in a form that another process can be told, with its warnings."""
    from syncaug.runs.making import Failed, Warned

    with warnings.catch_warnings(record=True) as caught:
        made = maker.make(task)
    told = tuple(Warned(one.category, str(one.message), one.filename, one.lineno) for one in caught)
    if isinstance(made, Failed) and made.unforeseen is not None:
        made = replace(made, unforeseen=_portable(made.unforeseen))
    return replace(made, warnings=told)


def _portable(error: Exception) -> Exception:
    """An error that another process can be told, with its traceback as a note."""
    import traceback

    told = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.__traceback__ = error.__cause__ = error.__context__ = None
    error.add_note(f"In a worker process:\n{told}")
    return error


def _end_with_parent() -> None:
    """End when the parent does, however that ends: nobody would read what is made."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
