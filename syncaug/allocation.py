"""Memory of results: kept by the process when a batch is dropped, instead of returned at once.

The allocator of glibc gives large blocks back to the system as soon as they are free, and the next
batch takes them anew, page by page: a page fault for each 4 KiB, and zeros written over all of it.
glibc raises both of its thresholds when a large block that it had mapped is freed (the dynamic
threshold of mallopt(3)), up to 32 MiB for mapping and twice that for returning.

A loader may give memory of its own for large results (`results_in`).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SWITCH", "given_room", "raise_malloc_thresholds", "results_in"]

Giver = Callable[[tuple[int, ...], np.dtype[Any]], "NDArray[Any] | None"]
"""What gives memory for a result of a shape and a type, or None where it has none."""

SWITCH = "SYNCAUG_TUNE_MALLOC"
"""The environment variable that leaves the allocator as it is, where it is 0."""

_LARGEST = 31 << 20
"""Bytes of a block that is still below the 32 MiB to which glibc follows (with its header)."""

_done = False


def raise_malloc_thresholds() -> None:
    """Let the process keep up to 62 MiB of freed memory for its next results; once in each process.

    One block of 31 MiB is allocated and freed. It is never written to, so that it takes no memory
    and about 10 microseconds. Thresholds that the user set (MALLOC_TRIM_THRESHOLD_ and others,
    GLIBC_TUNABLES) stay: with them glibc follows no block. Other allocators take no notice.
    """
    global _done
    if _done:
        return
    _done = True
    if sys.platform == "linux" and os.environ.get(SWITCH, "1") != "0":
        with suppress(MemoryError):  # a process of little memory keeps the allocator as it is
            np.empty(_LARGEST, dtype=np.uint8)


class _Givers(threading.local):
    """Who gives memory for the results of this thread."""

    def __init__(self) -> None:
        self.now: Giver | None = None


_GIVERS = _Givers()


@contextmanager
def results_in(giver: Giver) -> Iterator[None]:
    """Ask `giver` for the memory of large results that are made meanwhile in this thread."""
    before, _GIVERS.now = _GIVERS.now, giver
    try:
        yield
    finally:
        _GIVERS.now = before


def given_room(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any] | None:
    """The memory that somebody gives for a result, of any content; None where nobody does."""
    return None if _GIVERS.now is None else _GIVERS.now(shape, dtype)
