"""The end of a command by a signal: temporary files go, and the exit code names the signal."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType

import click

from syncaug.runs.stopping import Stopped

__all__ = ["code_of", "undisturbed", "unwind_on_signals"]

_NAMES = ("SIGTERM", "SIGHUP")
SIGNALLED = 128
"""The exit code of a command that a signal has ended, less its number."""


def unwind_on_signals() -> None:
    """Let what ends a process at once end it as Ctrl-C does: what was begun is tidied up.

    A signal that is ignored, as SIGHUP under nohup, stays so; a child that was forked ends at once.
    """
    owner = os.getpid()

    def came(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL if os.getpid() != owner else signal.SIG_IGN)
        if os.getpid() != owner:
            signal.raise_signal(number)
            return
        raise Stopped(number)

    for name in _NAMES:
        number = getattr(signal, name, None)
        try:
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, came)
        except ValueError:  # not the main thread, which alone gets signals
            return


def undisturbed(code: int) -> None:
    """Let no further signal change how a command ends that one has ended with a code."""
    for name in ("SIGINT", *_NAMES) if code > SIGNALLED else ():
        number = getattr(signal, name, None)
        with suppress(ValueError):  # not the main thread
            if number is not None:
                signal.signal(number, signal.SIG_IGN)


def code_of(abort: click.Abort) -> int:
    """128 + the number of the signal that an end by click came from."""
    cause = abort.__cause__
    return SIGNALLED + (cause.number if isinstance(cause, Stopped) else int(signal.SIGINT))
