"""What a step says about words: what becomes of what they say, and how far they may be tilted."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Rebuild", "Tilt"]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Texts lose what they say of things that have left the picture."""


@dataclass(frozen=True, slots=True)
class Tilt:
    """What a turn that is no quarter turn does to direction words.

    Up to `leave_below` degrees from a quarter turn they stay true. Beyond, the draw is refused and
    drawn again, or with `error` the sample is at fault.
    """

    leave_below: float = 20.0
    error: bool = False
