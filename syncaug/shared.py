"""A few bytes that all processes of a machine see change: a file that they map.

Workers that stay keep the copy of an object that they were given when they started. What they are
given here is the place of the bytes, under fork as under spawn, and with any pickler.
"""

from __future__ import annotations

import mmap
import os
import sys
import weakref
from contextlib import suppress
from typing import Any

from syncaug.forks import when_gone

__all__ = ["SharedBytes"]


class SharedBytes:
    """Bytes that are set in one process and read in others.

    Copies in the same process, `copy.deepcopy` among them, are the object itself, so that the file
    lives as long as any of them. On another machine, which does not see the file, a copy holds the
    bytes of the moment in which it was pickled.
    """

    __slots__ = ("__weakref__", "_map", "_path")

    def __init__(self, data: bytes, *, path: str = "") -> None:
        """`path` is the file of an object that another process has made."""
        self._path = path
        if path:
            with open(path, "r+b") as file:
                self._map = mmap.mmap(file.fileno(), len(data))
            _HELD[path] = self
            return
        self._own(data)

    def _own(self, data: bytes) -> None:
        """Put the bytes into a file of this process."""
        import tempfile  # late: most policies share nothing

        handle, self._path = tempfile.mkstemp(prefix="syncaug-shared-")
        try:
            os.write(handle, data)
            self._map = mmap.mmap(handle, len(data))
        finally:
            os.close(handle)
        _HELD[self._path] = self
        when_gone(self, _remove, self._map, self._path, os.getpid())

    @property
    def data(self) -> bytes:
        """The bytes now."""
        return self._map[:]

    def write(self, data: bytes, *, at: int = 0) -> None:
        """Replace some of the bytes."""
        self._map[at : at + len(data)] = data

    def __copy__(self) -> SharedBytes:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> SharedBytes:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        data = self.data
        if not os.path.exists(self._path):  # its maker has ended: workers could not find it
            self._own(data)
        return _attached, (self._path, data)


_HELD: weakref.WeakValueDictionary[str, SharedBytes] = weakref.WeakValueDictionary()
"""The bytes that this process maps, by their files."""


def _attached(path: str, data: bytes) -> SharedBytes:
    """The bytes of a file where this process sees it, else some of its own."""
    held = _HELD.get(path)
    if held is not None:
        return held
    try:
        return SharedBytes(data, path=path)
    except (OSError, ValueError):
        return SharedBytes(data)


def _remove(held: mmap.mmap, path: str, owner: int) -> None:
    """Remove the file in the process that made it."""
    if os.getpid() == owner:
        if sys.platform == "win32":  # which keeps a file that somebody maps
            held.close()
        with suppress(OSError):  # such as a worker that still lives there
            os.unlink(path)
