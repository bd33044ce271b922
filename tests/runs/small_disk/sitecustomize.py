"""Python starts with this where its folder is on the path: a folder lies on a disk of its own.

SMALL_DISK names the folder, and SMALL_DISK_BYTES how much fits into it: -1 where it can be read
only. This holds for a process and for those that it starts, workers of a run among them.
"""

import builtins
import errno
import io
import os
from contextlib import suppress
from typing import Any

_FOLDER, _ROOM = os.environ["SMALL_DISK"], int(os.environ["SMALL_DISK_BYTES"])
_OPEN, _WRITE, _MKDIR, _OS_OPEN = io.open, os.write, os.mkdir, os.open


def _require_room(path: object) -> None:
    place = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
    if not os.path.abspath(str(place)).startswith(_FOLDER + os.sep):
        return
    if _ROOM < 0:
        raise OSError(errno.EROFS, "Read-only file system", str(path))
    if _used() > _ROOM:
        raise OSError(errno.ENOSPC, "No space left on device")


def _used() -> int:
    """The bytes of all files; others may remove some meanwhile."""
    total = 0
    for folder, _, names in os.walk(_FOLDER):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(folder, name)).st_size
    return total


def _open(file: Any, mode: str = "r", *how: Any, **more: Any) -> Any:
    if set(mode) & set("wax+"):
        _require_room(file)
    return _OPEN(file, mode, *how, **more)


def _write(file: int, data: Any) -> int:
    _require_room(os.path.realpath(f"/proc/self/fd/{file}"))
    return _WRITE(file, data)


def _mkdir(path: Any, *how: Any, **more: Any) -> None:
    _require_room(path)
    _MKDIR(path, *how, **more)


def _os_open(path: Any, flags: int, *how: Any, **more: Any) -> int:
    if flags & (os.O_WRONLY | os.O_RDWR):
        _require_room(path)
    return _OS_OPEN(path, flags, *how, **more)


io.open = builtins.open = _open  # type: ignore[assignment]
os.write, os.mkdir, os.open = _write, _mkdir, _os_open
