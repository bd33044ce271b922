"""Ending a run by a signal: only between results, so that none is torn, and only once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Stopped", "Stopping"]

_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
    if hasattr(signal, name)
)

_HANGUP = getattr(signal, "SIGHUP", None)


class Stopped(KeyboardInterrupt):
    """A run was ended by a signal; what it had committed is whole."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Stopping:
    """While it is entered, SIGINT, SIGTERM and SIGHUP end the run where `allowed` says alone.

    The first signal counts; what ends a run is not interrupted by a second one. In other threads
    than the main one, which alone gets signals, this does nothing.
    """

    def __init__(self) -> None:
        self._number = 0
        self._allowed = self._raised = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stopping:
        for number in _SIGNALS:
            if number == _HANGUP and signal.getsignal(number) is signal.SIG_IGN:  # as under nohup
                continue
            try:
                self._before[number] = signal.signal(number, self._came)
            except ValueError:  # not the main thread
                break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_DFL if before is None else before)

    def _came(self, number: int, frame: FrameType | None) -> None:
        self._number = self._number or number
        if self._allowed and not self._raised:
            self._raised = True
            raise Stopped(self._number)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Where a run may end. Raises Stopped, at once where a signal has come before."""
        self._allowed = True
        try:
            if self._number:
                self._raised = True
                raise Stopped(self._number)
            yield
        finally:
            self._allowed = False
