"""How long sound, frames or rows last."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Lasting"]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long something lasts: in seconds, and in frames or samples."""

    seconds: float
    count: int
