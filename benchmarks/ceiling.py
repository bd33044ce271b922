"""What two processes of this machine do over one, whatever they are written in: the ceiling.

Cores share memory, and often what computes: virtual ones are two threads of one core. So two
processes that have nothing to do with each other make less than twice the work of one. Three kinds
of work say how much: computing on what lies in a cache, copying what does not, and copying into
memory that the system has to give first, as each result of a sample needs it.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

import cv2
import numpy as np

from benchmarks.report import Goal

__all__ = ["ceiling"]

_LARGE = 64 << 20
"""Bytes of an array that lies in no cache; the allocator takes it from the system each time."""
_UNIT = 0.15
"""Seconds of work, about, that take turns."""


def ceiling(name: str, rounds: int) -> list[Goal]:
    """The fastest of so many rounds of each kind of work; rows of a report."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(2)]
    processes = [context.Process(target=_serve, args=(theirs,)) for _, theirs in pipes]
    for process in processes:
        process.start()
    ours = [mine for mine, _ in pipes]
    try:
        rows = [
            Goal(f"{name}: ceiling, two processes over one, {what}", _ratio(ours, what, rounds))
            for what in _WORKS
        ]
    finally:
        for pipe in ours:
            pipe.send(None)
        for process in processes:
            process.join()
    return rows


def _ratio(pipes: list[Connection], what: str, rounds: int) -> float:
    """What both do in the time in which one does one's share, over that share."""
    _timed(pipes, what, 1)
    count = max(1, round(_UNIT / _timed(pipes[:1], what, 1)))
    alone, both = [], []
    for _ in range(rounds):
        alone += [_timed([pipe], what, count) for pipe in pipes]
        both.append(_timed(pipes, what, count))
    return 2 * min(alone) / min(both)


def _timed(pipes: list[Connection], what: str, count: int) -> float:
    begin = time.perf_counter()
    for pipe in pipes:
        pipe.send((what, count))
    for pipe in pipes:
        pipe.recv()
    return time.perf_counter() - begin


def _serve(pipe: Connection) -> None:
    cv2.setNumThreads(1)
    works = {what: made() for what, made in _WORKS.items()}
    while asked := pipe.recv():
        what, count = asked
        for _ in range(count):
            works[what]()
        pipe.send(True)


def _computing() -> Callable[[], Any]:
    photo = np.random.default_rng(0).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    turn = cv2.getRotationMatrix2D((64, 64), 9, 1)
    return lambda: [cv2.warpAffine(photo, turn, (128, 128)) for _ in range(100)]


def _copying() -> Callable[[], Any]:
    one, other = np.ones(_LARGE, np.uint8), np.ones(_LARGE, np.uint8)
    return lambda: np.copyto(other, one)


def _taking() -> Callable[[], Any]:
    one = np.ones(_LARGE, np.uint8)
    return lambda: one.copy()


_WORKS: Mapping[str, Callable[[], Callable[[], Any]]] = {
    "computing": _computing,
    "copying": _copying,
    "copying into new memory": _taking,
}
