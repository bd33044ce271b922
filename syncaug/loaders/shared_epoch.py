"""An epoch that all processes of a machine see change: eight bytes in a file that they map.

Workers that stay keep the copy of a data set that they were given when they started. What they were
given here is the place of the number, under fork as under spawn, and with any pickler.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import weakref
from typing import Any

from syncaug.arguments import whole_of

__all__ = ["SharedEpoch"]

_FORM = struct.Struct("<q")


class SharedEpoch:
    """A whole number from 0 on that is set in one process and read in others.

    >>> epoch = SharedEpoch()
    >>> epoch.set(3)
    >>> epoch.value
    3

    On another machine, which does not see the file, a copy holds the number of the moment in which
    it was pickled.
    """

    __slots__ = ("__weakref__", "_map", "_path")

    def __init__(self, value: int = 0, *, path: str = "") -> None:
        """`path` is the file of an epoch that another process has made."""
        self._path = path
        if path:
            with open(path, "r+b") as file:
                self._map = mmap.mmap(file.fileno(), _FORM.size)
            return
        handle, self._path = tempfile.mkstemp(prefix="syncaug-epoch-")
        try:
            os.write(handle, _FORM.pack(value))
            self._map = mmap.mmap(handle, _FORM.size)
        finally:
            os.close(handle)
        weakref.finalize(self, _remove, self._path, os.getpid())

    @property
    def value(self) -> int:
        """The epoch now."""
        number: int = _FORM.unpack(self._map[:])[0]
        return number

    def set(self, epoch: int) -> None:
        """Begin an epoch. Raises SampleError unless it is a whole number from 0 on."""
        number = whole_of("epoch", epoch, "an integer from 0 on", least=0)
        self._map[:] = _FORM.pack(number)

    def __reduce__(self) -> tuple[Any, ...]:
        return _attached, (self._path, self.value)

    def __repr__(self) -> str:
        return f"<epoch {self.value}>"


def _attached(path: str, value: int) -> SharedEpoch:
    """The epoch of a file where this process sees it, else one of its own."""
    try:
        return SharedEpoch(path=path)
    except OSError:
        return SharedEpoch(value)


def _remove(path: str, owner: int) -> None:
    """Remove the file of an epoch in the process that made it."""
    if os.getpid() == owner:
        try:
            os.unlink(path)
        except OSError:  # Windows keeps a file that a worker still maps
            return
