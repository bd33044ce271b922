"""Boxes of two samples: what a mix leaves of the own ones, and what it brings of the partner's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mix import Mix
from syncaug.modalities.pairs import covered, inside
from syncaug.modalities.plane.box_shapes import Corners, areas_of
from syncaug.modalities.plane.box_table import PARTNERS, BoxTable, fresh, stay

__all__ = ["Joined", "Part", "mixed", "mixed_rows", "parts", "with_dead"]

_ROUNDING = 1e-9


class Joined(NamedTuple):
    """Which own boxes a mix kept, which of the partner's came, and the pixels that each shows."""

    own: list[int]
    partner: list[int]
    areas: NDArray[np.float64]


class Part(NamedTuple):
    """Of one sample's boxes: which go into the mix, at which corners, and what it shows of each."""

    table: BoxTable
    chosen: NDArray[np.bool_]
    corners: Corners
    share: NDArray[np.float64]

    @property
    def kept(self) -> NDArray[np.intp]:
        """The boxes that go into the mix, by their places among those that were counted."""
        return self.table.kept[self.chosen]

    @property
    def areas(self) -> NDArray[np.float64]:
        """The pixels that each of them shows in the mix."""
        return areas_of(self.table.corners[self.chosen]) * self.share[self.chosen]


def parts(own: BoxTable, partner: BoxTable, mix: Mix, least: float) -> tuple[Part, Part]:
    """What a mix takes of both; a box counts that shows enough of what is left of it, and was."""
    corners, share = own.corners, np.full(len(own.corners), 1.0 - mix.weight)
    others, other_share = partner.corners, np.full(len(partner.corners), mix.weight)
    if mix.kind == "region":
        corners, share = covered(own.corners, mix.window)
        others, other_share = inside(partner.corners, mix.window)
    return (
        _part(own, corners, share, mix, least),
        _part(partner, others, other_share, mix, least),
    )


def _part(
    table: BoxTable, corners: Corners, share: NDArray[np.float64], mix: Mix, least: float
) -> Part:
    chosen = stay(table, share, least) & (share >= mix.least - _ROUNDING)
    return Part(table, chosen, corners, share)


def mixed(own: Part, partner: Part) -> tuple[BoxTable, Joined]:
    """The boxes of both as those that are counted from here on, the own ones first."""
    table = fresh(np.concatenate([part.corners[part.chosen] for part in (own, partner)]))
    left = np.concatenate([(p.table.left * p.share)[p.chosen] for p in (own, partner)])
    sources = np.concatenate([own.table.sources[own.kept], np.full(len(partner.kept), PARTNERS)])
    joined = Joined(
        own.kept.tolist(), partner.kept.tolist(), np.concatenate([own.areas, partner.areas])
    )
    return (
        BoxTable(table.corners, table.kept, left, table.growth, left, sources),
        joined,
    )


def mixed_rows(own: Part, partner: Part) -> tuple[BoxTable, Joined]:
    """As `mixed`, where all rows of both are counted from here on, the dead ones too."""
    table, joined = mixed(own, partner)
    count, others = len(own.table.share), len(partner.table.share)
    kept = np.concatenate([own.kept, partner.kept + count])
    share = np.zeros(count + others)
    share[kept] = table.share
    dead = set(range(count + others)) - set(kept.tolist())  # of which nothing is measured any more
    sources = np.concatenate([own.table.sources, np.full(others, PARTNERS)])
    return (
        table._replace(kept=kept, share=share, sources=sources, unadmitted=frozenset(dead)),
        joined,
    )


def with_dead(table: BoxTable, others: int) -> BoxTable:
    """The same boxes, with so many of a partner's counted behind them, none of which is left."""
    count = len(table.share)
    return table._replace(
        share=np.concatenate([table.share, np.zeros(others)]),
        sources=np.concatenate([table.sources, np.full(others, PARTNERS)]),
        unadmitted=table.unadmitted.union(range(count, count + others)),
    )
