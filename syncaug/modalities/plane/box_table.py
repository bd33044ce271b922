"""What is known of a picture's boxes, as a frozen table; each change gives a new one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.modalities.plane.box_shapes import Corners

__all__ = ["PARTNERS", "BoxTable", "doomed", "fresh", "grown", "left_out", "seen", "stay"]

Shares = NDArray[np.float64]

PARTNERS = -1
"""What `rows` says of a box that came from a partner."""


class BoxTable(NamedTuple):
    """The boxes that are left of those that were counted last: all that came, or that a mix gave.

    For each box that is left: `corners` (N, 4); `kept` (N,), its place among the counted; `left`
    (N,), the share of its original area that is left; `growth` (N,), by how much its visible area
    has changed since its entries in parallel lists were written (1 where no entry is an area).
    For each box that was counted: `share`, how much of it was left when it was last measured, 0
    where it had gone before; `sources`, which box of the original it is, -1 for a partner's.
    `unadmitted` are the counted that `outside:` left out at the beginning, `doomed` those that are
    out of the picture for good as soon as the maps that wait are carried out.
    """

    corners: Corners
    kept: NDArray[np.intp]
    left: Shares
    growth: Shares
    share: Shares
    sources: NDArray[np.intp]
    unadmitted: frozenset[int] = frozenset()
    doomed: frozenset[int] = frozenset()

    @property
    def rows(self) -> NDArray[np.intp]:
        """For each box that is left, which box of the original it is; -1 for a partner's."""
        return self.sources[self.kept]

    @property
    def gone(self) -> list[int]:
        """The counted boxes that are not left, in their order."""
        gone = np.ones(len(self.share), dtype=bool)
        gone[self.kept] = False
        return gone.nonzero()[0].tolist()


def fresh(corners: Corners) -> BoxTable:
    """All boxes, whole."""
    count = len(corners)
    every = np.arange(count)
    ones = np.empty(count)
    ones.fill(1.0)
    return BoxTable(corners, every, ones, ones, ones, every)


def left_out(table: BoxTable, corners: Corners, share: Shares, keep: NDArray[np.bool_]) -> BoxTable:
    """The boxes that the picture admits, of which it shows a `share`: that is their whole."""
    admitted = fresh(corners[keep])
    return admitted._replace(
        kept=table.kept[keep],
        growth=share[keep],
        share=keep.astype(np.float64),
        sources=table.sources,
        unadmitted=frozenset((~keep).nonzero()[0].tolist()),
    )


def stay(table: BoxTable, share: Shares, least: float) -> NDArray[np.bool_]:
    """Which boxes stay when only a share of each is still seen.

    What counts is the share of the original box, however often maps were carried out.
    """
    stays: NDArray[np.bool_] = share > 0.0
    if least > 0.0:
        stays &= table.left * share >= least
    if table.doomed:
        stays &= np.array([row not in table.doomed for row in table.kept.tolist()], dtype=bool)
    return stays


def seen(table: BoxTable, corners: Corners, share: Shares, stays: NDArray[np.bool_]) -> BoxTable:
    """The boxes that stay, at their new corners; `share` of each of the present ones is seen."""
    left, kept, growth = table.left * share, table.kept, table.growth
    whole = left
    if len(left) < len(table.share):
        whole = np.zeros(len(table.share))
        whole[kept] = left
    if np.count_nonzero(stays) < len(stays):
        corners, kept, left, growth = corners[stays], kept[stays], left[stays], growth[stays]
    return BoxTable(
        corners, kept, left, growth, whole, table.sources, table.unadmitted, table.doomed
    )


def grown(table: BoxTable, share: Shares, factors: Shares | float) -> BoxTable:
    """The same boxes, of which a share is still seen, each larger by a factor."""
    return table._replace(growth=table.growth * share * factors)


def doomed(table: BoxTable, stays: NDArray[np.bool_]) -> BoxTable:
    """The same boxes, of which those that do not stay now are gone whatever comes later."""
    return table._replace(doomed=table.doomed.union(table.kept[~stays].tolist()))
