"""What is known of a picture's outlines, as a frozen table; each change gives a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.plane import Size
from syncaug.modalities.plane.outline import Outline
from syncaug.modalities.plane.outline_forms import Row, nothing
from syncaug.modalities.plane.stencil import Stencil

__all__ = ["PARTNERS", "Item", "OutlineTable", "carried", "fresh", "gone", "joined"]

Item = Outline | Stencil
Change = Callable[[Item], tuple[Item, float]]
PARTNERS = -1
"""What `sources` says of a row that came from a partner."""


@dataclass(frozen=True, slots=True)
class OutlineTable:
    """All rows that came and that mixes gave, those that are gone too.

    For each row: `forms`, how it was written; `items`, what is left of it; `alive` (N,), whether
    enough is; `left` (N,), which share; `whole` (N,), the area that its entry of a list of areas
    tells of; `sources` (N,), which row of the sample it is, -1 for a partner's.
    """

    forms: tuple[Row, ...]
    items: tuple[Item, ...]
    alive: NDArray[np.bool_]
    left: NDArray[np.float64]
    whole: NDArray[np.float64]
    sources: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.items)

    @property
    def growth(self) -> NDArray[np.float64]:
        """By how much the area of each row has changed; 0 of those that are gone."""
        areas = np.array([item.area for item in self.items], dtype=np.float64)
        grown = np.zeros(len(areas))
        np.divide(areas, self.whole, out=grown, where=self.alive & (self.whole > 0.0))
        return grown

    @property
    def extents(self) -> NDArray[np.float64]:
        """The rectangles (N, 4) around what is left of each row; NaN of those that are gone."""
        out = np.full((len(self), 4), np.nan)
        for index in self.alive.nonzero()[0].tolist():
            out[index] = self.items[index].extent
        return out


def fresh(forms: Iterable[Row], items: Iterable[Item], share: NDArray[np.float64]) -> OutlineTable:
    """The rows as a picture admits them: a `share` of each."""
    forms, items = tuple(forms), tuple(items)
    alive = np.array([bool(item) for item in items], dtype=bool)
    whole = np.array([item.area for item in items], dtype=np.float64)
    np.divide(whole, share, out=whole, where=share > 0.0)
    return OutlineTable(forms, items, alive, np.ones(len(items)), whole, np.arange(len(items)))


def carried(table: OutlineTable, change: Change, least: float, size: Size) -> OutlineTable:
    """The rows after a change, in a picture of `size`; those of which too little is left are gone.

    What counts is the share of what came, however often maps were carried out.
    """
    items = list(table.items)
    left, alive = table.left.copy(), table.alive.copy()
    for index, item in enumerate(items):
        if not alive[index]:
            items[index] = nothing(table.forms[index], size)
            continue
        items[index], share = change(item)
        left[index] *= share
        alive[index] = bool(items[index]) and left[index] >= least
    return replace(table, items=tuple(items), left=left, alive=alive)


def gone(table: OutlineTable, stays: NDArray[np.bool_]) -> OutlineTable:
    """The same rows, of which those that do not stay are gone."""
    return replace(table, alive=table.alive & stays)


def joined(own: OutlineTable, partner: OutlineTable) -> OutlineTable:
    """The rows of both, the own ones first."""
    return OutlineTable(
        (*own.forms, *partner.forms),
        (*own.items, *partner.items),
        np.concatenate([own.alive, partner.alive]),
        np.concatenate([own.left, partner.left]),
        np.concatenate([own.whole, partner.whole]),
        np.concatenate([own.sources, np.full(len(partner), PARTNERS)]),
    )
