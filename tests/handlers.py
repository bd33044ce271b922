"""Handlers of signals that libraries set for a whole process, and leave there."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["sigterm_as_before"]


@contextmanager
def sigterm_as_before() -> Iterator[None]:
    """Give SIGTERM back to whom it belonged, which Ray takes for a function in Python.

    Forked processes inherit it: one that a pool of another library ends just before it waits for
    work would wait for ever, and one of a node would ask a cluster that is gone.
    """
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
