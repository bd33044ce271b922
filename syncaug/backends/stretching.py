"""Signalsmith Stretch: sound played faster or slower, higher or lower, one without the other.

This is the library under audiomentations' `TimeStretch` and `PitchShift`, without what importing
those costs. Its results are the same for the same numbers and the same blocks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError

__all__ = ["LONGER", "PRESET", "draws_phases", "stretched"]

_CLEAN = 0.5
"""Speed below which the library draws phases at random: it gets a seed, the same for all."""
_SEED = 1
_MOST = 4
"""Kinds of sound (channels, rate, block) for which a thread keeps a stretcher."""
_SHORTEST = 4
"""Samples of a block at least, however few there are in a second."""
PRESET = 0.12
"""Seconds of a block as audiomentations has them: the library's own."""
LONGER = 0.128
"""Seconds of a block whose transform has the size of the preset's at all usual rates.

Four blocks overlap at each moment, as with the preset: a sixteenth fewer of them, at the same cost.
"""


def stretched(
    samples: NDArray[np.floating],
    rate: float,
    speed: float,
    pitch: float = 1.0,
    *,
    block: float = PRESET,
) -> NDArray[np.float32]:
    """Samples (C, T) at `rate` Hz, played `speed` times faster and heard `pitch` times higher.

    Both ends stay in their places; events between them are within about half a millisecond. It is
    done in blocks of so many seconds, PRESET or LONGER. Raises MissingExtraError where the library
    is not installed.
    """
    stretcher = _kept.stretcher((len(samples), rate, block), draws_phases(speed))
    stretcher.setTimeFactor(speed)
    stretcher.setTransposeFactor(pitch)
    made: NDArray[np.float32] = stretcher.process(np.ascontiguousarray(samples, np.float32))
    return made


def draws_phases(speed: float) -> bool:
    """Whether the library draws phases at random at this speed, so that it needs a seed."""
    return speed < _CLEAN


class _Kept(threading.local):
    """The stretchers of a thread. One that is reset works like a new one, and takes less time."""

    def __init__(self) -> None:
        self._ready: dict[tuple[int, float, float], Any] = {}

    def stretcher(self, kind: tuple[int, float, float], draws: bool) -> Any:
        """A stretcher that has heard nothing, and has drawn nothing where it is one that draws."""
        if draws:
            return _made(*kind)
        known = self._ready.get(kind)
        if known is not None:
            known.reset()
            return known
        if len(self._ready) >= _MOST:
            self._ready.clear()
        made = self._ready[kind] = _made(*kind)
        return made


def _made(channels: int, rate: float, block: float) -> Any:
    made = _stretch()(_SEED)
    samples = max(_SHORTEST, int(block * rate))  # of shorter ones the library finds no end
    made.configure(channels, samples, int(block * rate / 4.0) or 1)
    return made


_kept = _Kept()


def _stretch() -> Callable[..., Any]:
    try:
        import python_stretch
    except ImportError as error:
        raise MissingExtraError("python-stretch", "audio") from error
    made: Callable[..., Any] = python_stretch.Signalsmith.Stretch
    return made
