"""Warnings about samples: what is accepted although it is probably wrong is said, once.

A carrier that sees data in another unit or convention than its stream has tells it by `suspect`.
It is warned of once for each (stream, code) of a policy object in one process; copies with other
settings share a program, and each says its own.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple

from syncaug.errors import SampleWarning

__all__ = ["Suspicion", "Suspicions"]

_FIRST = 16
"""Samples at which costlier looks are taken."""
_PACKAGE = str(Path(__file__).parent)


class Suspicion(NamedTuple):
    """What a stream's data make likely wrong.

    `code` is a short word for the kind. `message` says what was seen, what is likely meant, and
    what to do or to declare if it is as it should be.
    """

    stream: str
    code: str
    message: str


class Suspicions:
    """What has been said already. Threads may share one: it has no lock that a fork could break."""

    __slots__ = ("_looks", "_said")

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], object] = {}
        self._looks = count()

    def has_said(self, stream: str, code: str) -> bool:
        """Whether this was said before, so that a costly look can be spared."""
        return (stream, code) in self._said

    def looks_closely(self) -> bool:
        """Whether this sample is one of the first, at which costlier looks are taken."""
        return next(self._looks) < _FIRST

    def warn_once(self, stream: str, code: str, message: str, where: str = "") -> None:
        """Raise a SampleWarning at the caller of syncaug unless this stream's code was said before.

        `where` names the sample. With warnings as errors each such sample raises.
        """
        mine = object()
        if self._said.setdefault((stream, code), mine) is not mine:
            return
        try:
            text = f"{where}stream {stream!r}: {message}"
            warnings.warn(SampleWarning(text), stacklevel=_depth_of_caller())
        except SampleWarning:
            del self._said[stream, code]
            raise

    def warn(self, found: Iterable[Suspicion], where: str = "") -> None:
        """Warn once of each."""
        for stream, code, message in found:
            self.warn_once(stream, code, message, where)


def _depth_of_caller() -> int:
    """How many calls lie between `warn_once` and the first frame outside of this package."""
    frame, depth = sys._getframe(1), 1
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    return depth
