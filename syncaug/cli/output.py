"""Standard output and error that may be closed, full or a broken pipe: one line, no traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
import warnings
from contextlib import suppress
from typing import Any, TextIO

import click

from syncaug.errors import RecordWarning, SampleWarning

__all__ = ["finish", "is_lost_output", "prepare", "say", "told_loss"]

_usual_form = warnings.formatwarning
_LOST = frozenset(
    number
    for number in (
        getattr(errno, name, None)
        for name in ("EPIPE", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "EBADF", "ENXIO", "ESHUTDOWN")
    )
    if number is not None
)
"""What writing to a stream fails with, where nothing is wrong with the program."""


class _Closed(io.RawIOBase):
    """A stream that was closed before the program began: writing to it is an error.

    Once that is told, what is still to be written vanishes (`drops`).
    """

    drops = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.drops:
            return len(data)
        raise OSError(errno.EBADF, "it is closed")


def prepare() -> None:
    """Make every write to standard output and error work, or fail as such."""
    _fill_standard_numbers()
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed()), encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # halves of characters, and old encodings
            stream.reconfigure(errors="backslashreplace")
    warnings.formatwarning = _one_line


def _one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """Our warnings say where they come from; the line of code that raised them tells nothing."""
    if issubclass(category, SampleWarning | RecordWarning):
        return f"warning: {message}\n"
    return _usual_form(message, category, filename, lineno, line)


def say(text: str) -> None:
    """Print a line on standard error, if it takes any."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True)


def finish() -> None:
    """Write what waits to be written. Raises OSError where standard output does not take it."""
    sys.stdout.flush()
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        _give_up(sys.stderr, 2)


def is_lost_output(error: OSError) -> bool:
    """Whether an error is that of a stream which takes no more, and not of a file by its name."""
    return error.filename is None and error.errno in _LOST


def told_loss(error: OSError) -> None:
    """Say in one line that output was lost; nothing where a reader has just gone away."""
    _give_up(sys.stdout, 1)
    if error.errno != errno.EPIPE:
        say(f"syncaug: the output cannot be written: {error.strerror or error}")
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        _give_up(sys.stderr, 2)


def _give_up(stream: TextIO, number: int) -> None:
    """Let what is still to be written vanish, so that the interpreter's end does not stumble."""
    try:
        if stream.fileno() == number:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, number)
            os.close(sink)
            return
    except (OSError, ValueError):
        pass
    buffer = getattr(stream, "buffer", None)
    if isinstance(buffer, io.BufferedWriter):
        if isinstance(buffer.raw, _Closed):
            buffer.raw.drops = True
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        setattr(sys, {1: "stdout", 2: "stderr"}[number], nowhere)


def _fill_standard_numbers() -> None:
    """Keep files from taking the numbers of standard streams that are closed."""
    try:
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(number)
    except OSError:
        pass
