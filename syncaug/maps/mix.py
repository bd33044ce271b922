"""Mixes: how much of a partner goes where."""

from __future__ import annotations

from dataclasses import dataclass, field

from syncaug.maps.plane import Size

__all__ = ["Mix"]


@dataclass(frozen=True, slots=True)
class Mix:
    """What one stream takes from the same stream of a partner.

    `kind` is `blend` (weight times the partner everywhere), `region` (the partner inside a window
    of whole pixels: left, top, right, bottom), `span` (the partner inside a span of seconds) or
    `insert` (the partner's objects beside the own ones). `weight` is the partner's share of what
    the result shows: 0 is none, 1 is all. `options` are the stream's own words, e.g. `visible`.
    """

    kind: str
    weight: float
    window: tuple[int, int, int, int] = (0, 0, 0, 0)
    size: Size = (0, 0)
    span: tuple[float, float] = (0.0, 0.0)
    options: tuple[str, ...] = field(default=())
