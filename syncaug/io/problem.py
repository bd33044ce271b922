"""What is wrong with one file or value, before it is known which sample it belongs to."""

from __future__ import annotations

from pathlib import Path

from syncaug.missing import remedy
from syncaug.regular import NotRegular, TooLarge, open_regular, read_regular

__all__ = ["FILE_BYTES", "TEXT_BYTES", "FileProblem", "check_regular", "read_bytes"]

FILE_BYTES = 4 << 30
"""The largest file that is read whole, unless a user allows more."""

TEXT_BYTES = 64 << 20
"""The largest file of text: subtitles, captions, JSON and tables."""


class FileProblem(Exception):
    """A file or an inline value is not what its stream needs: expected, came, and what to do."""

    def __init__(self, expected: str, came: str, hint: str = "") -> None:
        self.expected, self.came, self.hint = expected, came, hint
        super().__init__(f"expected {expected}; got {came}" + (f". {hint}" if hint else ""))

    def __reduce__(self) -> tuple[type[FileProblem], tuple[str, str, str]]:
        return type(self), (self.expected, self.came, self.hint)


def read_bytes(path: Path, expected: str, *, limit: int = FILE_BYTES) -> bytes:
    """The whole of a regular file.

    Raises FileProblem where there is none, or it is empty, of more bytes than `limit`, or a folder,
    a pipe or a device.
    """
    try:
        data = read_regular(path, limit)
    except TooLarge as error:
        raise FileProblem(
            f"{expected} of at most {limit:,} bytes", f"{path}, which holds {error.size:,}"
        ) from None
    except (OSError, ValueError, MemoryError) as error:
        raise _unreadable(path, expected, error) from None
    if not data:
        raise FileProblem(expected, f"{path}, which is empty")
    return data


def check_regular(path: Path, expected: str) -> int:
    """The size of a regular file that another library is about to open. Raises FileProblem."""
    try:
        with open_regular(path) as file:
            size = file.seek(0, 2)
    except (OSError, ValueError) as error:
        raise _unreadable(path, expected, error) from None
    if not size:
        raise FileProblem(expected, f"{path}, which is empty")
    return size


def _unreadable(path: Path, expected: str, error: Exception) -> FileProblem:
    hint = remedy(path, error)
    if isinstance(error, FileNotFoundError):
        return FileProblem(expected, f"{path}, which does not exist", hint)
    if isinstance(error, NotRegular):
        hint = "Name a file in it." if str(error) == "a folder" else "Name a regular file."
        return FileProblem(expected, f"{path}, which is {error}", hint)
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return FileProblem(expected, f"{path}, which cannot be read: {reason}", hint)
