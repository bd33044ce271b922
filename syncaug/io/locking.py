"""One writer for a folder at a time, and what a killed one leaves behind of what it was doing."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.atomic import naming
from syncaug.io.windows import runs_on_windows
from syncaug.missing import no_place

__all__ = ["LOCK", "FolderLock", "lives"]

LOCK = ".syncaug.lock"
"""The file by which a folder is locked; it is gone when its writer has ended by itself."""

_MOST = 64 << 20

_BEGINNING = b'{"pid": '
"""How every state begins, by which a lock is told from a file of somebody else."""


class FolderLock:
    """The lock of a folder: a file that its writer keeps open, with a JSON state in it.

    Where the system can lock files, the lock ends with the process, however that ends; else the
    process's number, in the file, says whether it lives. A killed writer's state stays to be read.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file = -1
        self.left: Mapping[str, Any] | None = None
        """The state that a killed writer left; None where there was none, {} where it is torn."""

    def acquire(self) -> None:
        """Lock the folder.

        Raises ManifestError where another process writes there, or where something that no writer
        made has the lock's name; OSError.
        """
        while self._file < 0:
            existed = os.path.lexists(self._path)
            if self._path.is_symlink() or self._path.is_dir():
                raise self._foreign("a link" if self._path.is_symlink() else "a folder")
            file = os.open(self._path, _FLAGS, 0o644)
            try:
                found = os.fstat(file)
                if not stat.S_ISREG(found.st_mode):
                    raise self._foreign("a pipe or a device")
                if found.st_nlink > 1:
                    raise self._foreign("a file that has other names too (hard links)")
                data = _content(file)
                if not _is_ours(data):
                    raise self._foreign("something else")
                state = _state(data)
                self._lock(file, state)
                if sys.platform != "win32":  # which keeps a file that is open
                    if not os.path.samestat(os.fstat(file), os.lstat(self._path)):
                        os.close(file)  # its writer ended, and took the file away, in between
                        continue
            except FileNotFoundError:
                os.close(file)
                continue
            except BaseException:
                os.close(file)
                raise
            self._file = file
            self.left = state if existed and state is not None else None

    @property
    def run(self) -> Mapping[str, Any] | None:
        """The description of the run that a killed writer left; None where none is known."""
        run = (self.left or {}).get("run")
        return run if isinstance(run, dict) and run else None

    def enter(self, prepare: Callable[[], None]) -> None:
        """Make the folder, lock it, and `prepare` what it holds; let it go where that fails.

        Raises ManifestError where no folder can be made there, and what `prepare` raises.
        """
        folder = self._path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.acquire()
            try:
                prepare()
            except BaseException:
                self.release(keep=self.left is not None)
                raise
        except OSError as error:
            why = no_place(folder, error)
            raise ManifestError(f"{folder}: expected a folder to write to; {why}") from error

    def write(self, state: Mapping[str, Any]) -> None:
        """Put a state into the file, beside the number of this process."""
        own = {"pid": os.getpid(), "host": socket.gethostname()}
        data = json.dumps({**own, **state}).encode()
        os.lseek(self._file, 0, os.SEEK_SET)
        os.ftruncate(self._file, 0)
        with naming(self._path):
            while data:
                data = data[os.write(self._file, data) :]

    def release(self, *, keep: bool = False) -> None:
        """Let the folder go; with `keep` the state stays for whoever comes next."""
        if self._file < 0:
            return
        file, self._file = self._file, -1
        if sys.platform == "win32":
            if not keep:
                os.ftruncate(file, 0)  # who gets hold of it before it is gone finds nothing left
            os.close(file)
            if not keep:
                with suppress(OSError):  # somebody has, and it stays
                    self._path.unlink(missing_ok=True)
            return
        if not keep:  # before others can get hold of it
            self._path.unlink(missing_ok=True)
        os.close(file)

    def _lock(self, file: int, state: Mapping[str, Any] | None) -> None:
        try:
            locked = _system_lock(file)
        except OSError as error:
            raise self._taken(state) from error
        if not locked:
            pid = (state or {}).get("pid")
            here = (state or {}).get("host") == socket.gethostname()
            if isinstance(pid, int) and (not here or lives(pid)) and pid != os.getpid():
                raise self._taken(state)

    def _foreign(self, came: str) -> ManifestError:
        return ManifestError(
            f"{self._path}: expected the lock of a writer, or nothing; got {came}, which is not "
            "replaced. Move it, or choose another folder."
        )

    def _taken(self, state: Mapping[str, Any] | None) -> ManifestError:
        pid = (state or {}).get("pid", "another")
        return ManifestError(
            f"{self._path.parent}: process {pid} writes there now; expected one writer at a time. "
            "Wait for it, or choose another folder."
        )


_FLAGS = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def _content(file: int) -> bytes:
    data = b""
    while len(data) < _MOST and (part := os.read(file, 1 << 20)):
        data += part
    return data


def _is_ours(data: bytes) -> bool:
    """Whether a writer made this, or was killed when it began to."""
    return data.startswith(_BEGINNING) or _BEGINNING.startswith(data)


def _state(data: bytes) -> dict[str, Any] | None:
    """What stands in a lock; None where it is empty, {} where it is torn."""
    if not data:
        return None
    try:
        state = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}


_LOCKED = 1 << 30
"""The byte locked on Windows, behind any state: nobody else may read what is locked there."""


def _system_lock(file: int) -> bool:
    """Lock an open file; False where the system or the file system cannot.

    Raises OSError where another process holds it.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, _LOCKED, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            raise
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def lives(pid: int) -> bool:
    """Whether a process of this number runs here; unknown counts as no."""
    if not 0 < pid < 1 << 31:
        return False
    if sys.platform == "win32":  # where a signal 0 would end it
        return runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
