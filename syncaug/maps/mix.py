"""Mixes: how much of a partner goes where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syncaug.maps.oriented import Solid
from syncaug.maps.plane import Size
from syncaug.maps.world import WorldMap

__all__ = ["Halves", "Mix", "Placed", "Window"]

Window = tuple[int, int, int, int]
"""Whole pixels: left, top, right and bottom; right and bottom are excluded."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One 3-D object of the partner: which of its boxes, how it moves, and where it then stands.

    `index` is its place among all boxes of the partner's world, `row` that among the boxes of its
    `stream`.
    """

    index: int
    stream: str
    row: int
    move: WorldMap
    box: Solid


@dataclass(frozen=True, slots=True)
class Halves:
    """Where two pictures lie in one of `size`: the windows of the own one and of the partner's.

    `sides` are those of both: left, right, top or bottom.
    """

    own: Window
    partner: Window
    size: Size
    sides: tuple[str, str]

    @property
    def share(self) -> float:
        """The partner's share of the picture that holds both."""
        left, top, right, bottom = self.partner
        return (right - left) * (bottom - top) / (self.size[0] * self.size[1])


@dataclass(frozen=True, slots=True)
class Mix:
    """What one stream takes from the same stream of a partner.

    `kind` is `blend` (weight times the partner everywhere), `region` (the partner inside `window`
    of a picture of `size`), `span` (the partner's seconds from `begin` on inside the seconds `span`
    of this clock) or `insert` (the objects `placed` beside the own ones). `weight` is the partner's
    share of what the result shows: 0 is none, 1 is all. `word` is the stream's own word, e.g.
    `weighted`; `least` the share of itself that an object or a text must show to count; `fit` says
    whether a partner of another size is brought to this one's (`resize`) or `refuse`d. What lies
    less than `floor` metres above the bottom of an inserted object is ground: the own one stays.
    With `halves`, both pictures are brought to their halves of a larger one before they mix.
    """

    kind: str
    weight: float
    word: str = ""
    window: Window = (0, 0, 0, 0)
    size: Size = (0, 0)
    span: tuple[float, float] = (0.0, 0.0)
    begin: float = 0.0
    least: float = 0.0
    fit: str = "resize"
    directions: str = "keep"
    placed: tuple[Placed, ...] = ()
    floor: float = 0.0
    halves: Halves | None = None

    def as_json(self) -> dict[str, Any]:
        """What a record tells of it."""
        out: dict[str, Any] = {"kind": self.kind, "share": self.weight}
        if self.kind == "region":
            out["window"] = list(self.window)
            if self.halves is not None:
                out["side"] = self.halves.sides[0]
        elif self.kind == "span":
            out |= {"span": list(self.span), "from": self.begin}
        elif self.kind == "insert":
            out["objects"] = [placed.index for placed in self.placed]
        return out
