"""One opened container for several who read of the same file, one after the other.

To open an hour of film takes as long as to encode half a second of it: its tables are read each
time. While a sample is made (`sharing`), a container that somebody has done with stays open for the
next who asks. Elsewhere each opens his own, so that nothing that a caller holds keeps a file open.

Whoever takes a container has it alone. What is handed on has decoded nothing with its own decoders.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os.path import abspath
from pathlib import Path
from typing import Any

from syncaug.forks import in_child
from syncaug.io.containers import load_av, open_container

__all__ = ["Opened", "is_sharing", "shared_container", "sharing"]

_MOST = 4
"""Containers that wait at a time; of more the oldest is closed."""


class Opened:
    """A container and whether it still stands where its file begins (`moved` is for its user)."""

    def __init__(self, path: Path, expected: str) -> None:
        self._stack = ExitStack()
        self.container: Any = self._stack.enter_context(open_container(path, expected))
        self.moved = False
        self.is_kept = False

    def kept(self) -> ExitStack:
        """Take it out of hand: nobody else gets it, and who closes this closes it."""
        self.is_kept = True
        return self._stack

    def close(self) -> None:
        self._stack.close()


class _Shelf(threading.local):
    """The containers of this thread that wait for the next who asks, by path."""

    def __init__(self) -> None:
        self.depth = 0
        self.idle: dict[str, Opened] = {}


_SHELF = _Shelf()
_LEFT: list[dict[str, Opened]] = []
"""What came along into a forked process, whose parent goes on with the files."""


def is_sharing() -> bool:
    """Whether this thread makes a sample, within `sharing`."""
    return _SHELF.depth > 0


@contextmanager
def sharing() -> Iterator[None]:
    """Keep containers open for the next who asks, in this thread, and close all at the end."""
    _SHELF.depth += 1
    try:
        yield
    finally:
        _SHELF.depth -= 1
        if not _SHELF.depth:
            while _SHELF.idle:
                _SHELF.idle.popitem()[1].close()


@contextmanager
def shared_container(path: Path, expected: str, *, anywhere: bool) -> Iterator[Opened]:
    """The container of a file, which may be one that was read before.

    `anywhere`: it may stand anywhere in the file; else it stands where one does that was just
    opened. Raises FileProblem as `open_container` does.
    """
    name = abspath(path)
    found = _SHELF.idle.get(name)
    if found is not None and (anywhere or not found.moved):
        opened = _SHELF.idle.pop(name)
        for stream in opened.container.streams:
            stream.discard = load_av().stream.Discard.default
    else:
        opened = Opened(path, expected)
    try:
        yield opened
    except BaseException:
        opened.close()
        raise
    if opened.is_kept:
        return
    if not _SHELF.depth or name in _SHELF.idle:
        opened.close()
        return
    _SHELF.idle[name] = opened
    while len(_SHELF.idle) > _MOST:
        _SHELF.idle.pop(next(iter(_SHELF.idle))).close()


def _forked() -> None:
    _LEFT.append(_SHELF.idle)
    _SHELF.idle = {}


in_child(_forked)
