"""What a step says about words: what becomes of what they say, and how far they may be tilted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Rebuild", "Speech", "Tilt"]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Texts lose what they say of things that have left the picture."""


@dataclass(frozen=True, slots=True)
class Speech:
    """When phrases are spoken that remain in a picture: spans of the present `clock`, in order.

    `complete` where no phrase has left, so that nothing needs to go.
    """

    clock: str
    spans: tuple[tuple[float, float], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Tilt:
    """What a turn that is no quarter turn does to direction words.

    Up to `leave_below` degrees from a quarter turn they stay true. Beyond, the draw is refused and
    drawn again, or with `error` the sample is at fault.
    """

    leave_below: float = 20.0
    error: bool = False

    @staticmethod
    def of(rule: str | Mapping[str, float]) -> Tilt:
        """The rule as a policy writes it: "refuse", "redraw" or {"leave_below": degrees}."""
        if isinstance(rule, str):
            return Tilt(0.0, rule == "refuse")
        return Tilt(float(rule["leave_below"]))
