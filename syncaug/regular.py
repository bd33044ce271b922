"""Opening files whose paths come from others: regular ones only, so that every read ends.

A pipe blocks until somebody writes to it, and a device gives bytes for ever or acts on being
opened. A link to a regular file is as good as the file.
"""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

__all__ = ["NotRegular", "TooLarge", "open_regular", "read_regular"]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegular(OSError):
    """A path names something other than a regular file; the text says what."""


class TooLarge(OSError):
    """A file holds more bytes than are read of it; `size` is how many it holds."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"it holds {size:,} bytes")


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """A regular file, open for reading. Raises NotRegular, OSError, and ValueError for a path
    that no file can have.
    """
    if "\0" in os.fsdecode(path):
        raise ValueError("embedded null byte")  # as some versions of Python call it
    _check(os.stat(path))  # before it is opened, since opening some devices acts on them
    number = os.open(path, _FLAGS)
    try:
        _check(os.fstat(number))  # again, since another thing may have taken the path
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def read_regular(path: str | os.PathLike[str], limit: int) -> bytes:
    """All bytes of a regular file. Raises TooLarge beyond `limit`, and what `open_regular` does."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise TooLarge(size)
        data = file.read(size)  # not what a file of no length may make up, as some of /proc do
    return data


def _check(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "no regular file")
        raise NotRegular(kind)
