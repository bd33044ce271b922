"""Files that are either whole or not there, and lines that are either whole or not there."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeGuard
from uuid import uuid4

__all__ = [
    "append_line",
    "is_full",
    "naming",
    "remove_begun",
    "replacing",
    "shorten",
    "unshare",
    "write_bytes",
]

_TEMPORARY = re.compile(r"\..{0,40}-[0-9a-f]{8}(\.[^.]*)?")
"""Names of temporary files."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder; it becomes `path` at the end, or goes where that fails.

    The temporary name keeps the suffix, by which some libraries choose the format.
    """
    temporary = path.with_name(f".{path.stem[:40]}-{uuid4().hex[:8]}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_begun(folder: Path) -> None:
    """Remove temporary files that killed writers have left in a folder of ours.

    Hidden folders are left alone: they are those of workers, which may be at work.
    """
    for path in list(folder.rglob(".*")):
        inside = path.relative_to(folder).parts[:-1]
        if _TEMPORARY.fullmatch(path.name) and not any(p.startswith(".") for p in inside):
            if path.is_file() or path.is_symlink():
                path.unlink()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole. Raises OSError, which names the file."""
    with naming(path), replacing(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError say of which file it is: writing to an open one does not tell."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def append_line(path: Path, line: str) -> None:
    """Append one line, whole: where the disk fills up, what was there before stays as it was.

    A link is not followed. Raises OSError, and ValueError where the text itself holds a line break.
    """
    if "\n" in line:
        raise ValueError("a line of a manifest or of records holds a line break")
    data = memoryview(line.encode() + b"\n")
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o666)
    try:
        before = os.fstat(file).st_size
        try:
            with naming(path):
                while data:
                    data = data[os.write(file, data) :]
        except OSError:
            os.ftruncate(file, before)
            raise
    finally:
        os.close(file)


def shorten(path: Path, length: int) -> None:
    """Cut a file off behind `length` bytes, if it is there and longer. A link is not followed."""
    try:
        file = os.open(path, os.O_WRONLY | _NO_LINK)
    except FileNotFoundError:
        return
    try:
        if os.fstat(file).st_size > length:
            os.ftruncate(file, length)
    finally:
        os.close(file)


def is_full(error: BaseException | None) -> TypeGuard[OSError]:
    """Whether a file could not be written because there is no room, for this file or any other."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def unshare(path: Path) -> None:
    """Give a file that has other names too (hard links) a copy of its own, so that those stay."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        with replacing(path) as temporary:
            shutil.copyfile(path, temporary)


_NO_ROOM = frozenset({errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)})

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Flags that some systems do not have."""
