"""Polygons: the outlines of N things, each of rings or of run lengths."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.mask import Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, Size
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, gone_rows
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.plane.outline import edges_of
from syncaug.modalities.plane.outline_forms import Units, nothing, read_row, written
from syncaug.modalities.plane.outline_table import Change, OutlineTable, carried, gone, joined
from syncaug.modalities.plane.polygon_admission import admitted
from syncaug.modalities.plane.polygon_rules import PolygonRules
from syncaug.modalities.plane.things import ThingsCarrier
from syncaug.plan.plan import Stream

__all__ = ["PolygonsCarrier"]

_ROUNDING = 1e-9


class PolygonsCarrier(ThingsCarrier):
    """A list of rows: lists of rings, or masks as run lengths; parallel lists where declared.

    Rings are cut at the picture, at what was cut before and at what covers them. A row of which
    less than `min_visible` of its area is left is dropped, with its entries. `forms` are how the
    rows were written, `table` what is known of them once `start` has told the picture's size, and
    `blind` says that the stream was dropped.
    """

    __slots__ = ("came", "forms", "table")
    rules: PolygonRules
    table: OutlineTable

    @classmethod
    def rules_of(cls, stream: Stream) -> PolygonRules:
        return PolygonRules.of(stream)

    def read(self, value: Any) -> Any:
        self.pending = None
        self.size = (0, 0)
        self.blind = False
        if not isinstance(value, list | tuple | np.ndarray):
            raise self.fail("a list of rows, one for each thing", describe(value))
        rows = [read_row(row, index, self) for index, row in enumerate(value)]
        self.forms = tuple(form for form, _ in rows)
        self.came = [item for _, item in rows]
        self.lists = ParallelLists.beside(self, len(rows), self.rules.lists)
        return value

    def start(self, size: Size) -> None:
        """Hold the outlines against their picture, as `outside:` says."""
        self.size = size
        self.table = admitted(self.forms, self.came, self._units(size), size, self)

    def _units(self, size: Size) -> Units:
        scale = size if self.rules.fractions else (1, 1)
        return Units(np.array(scale, dtype=np.float64), -0.5 if self.rules.edge else 0.0)

    # What is known of the outlines

    @property
    def extents(self) -> NDArray[np.float64]:
        """Left, top, right and bottom (N, 4) of what is left of each row, in pixel centres."""
        return self.table.extents

    # Maps

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.turn_lists(plane)
        self._carry(lambda item: item.moved(plane), plane.size)

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.lists.suspect_places(self, turned=True)
        self._carry(lambda item: item.warped(field), field.size)

    def occlude(self, occlusion: Occlusion) -> None:
        """Lose what is covered, as masks do; where the step keeps those, outlines stay as well."""
        self.settle()
        if occlusion.covers_masks:
            covers = [edges_of(rectangle) for rectangle in occlusion.rectangles]
            self._carry(lambda item: item.without(covers), self.size)

    def lose_all(self) -> None:
        self.table = gone(self.table, np.zeros(len(self.table), dtype=bool))

    def _carry(self, change: Change, size: Size) -> None:
        self.size = size
        self.table = carried(self.table, change, self.rules.least, size)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's outlines that are seen in it."""
        assert isinstance(partner, PolygonsCarrier)
        own = self._part(mix, own=True)
        other = partner._part(mix, own=False)
        lost = (self.table.alive & ~own.alive).nonzero()[0].tolist()
        note_mix(self.notes, mix, gone=lost, joined=other.alive.nonzero()[0].tolist())
        self.lists = self.lists.joined(partner.lists)
        self.table = joined(own, other)

    def _part(self, mix: Mix, *, own: bool) -> OutlineTable:
        """What a mix takes of this stream, and which of its rows show enough of themselves."""
        window = edges_of(mix.window)
        if mix.kind != "region":
            seen = 1.0 - mix.weight if own else mix.weight
            return gone(self.table, np.full(len(self.table), seen >= mix.least - _ROUNDING))
        before = self.table.left
        least = self.rules.least
        change: Change = (
            (lambda item: item.without([window])) if own else (lambda item: item.within(window))
        )
        part = carried(self.table, change, least, self.size)
        shares = np.divide(part.left, before, out=np.zeros(len(before)), where=before > 0.0)
        return gone(part, shares >= mix.least - _ROUNDING)

    # Rows of a group

    def row_count(self) -> int:
        return len(self.table)

    def alive_rows(self) -> Bools:
        return self.table.alive

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, PolygonsCarrier)
        self.lists = self.lists.joined(partner.lists)
        self.table = joined(self.table, gone(partner.table, np.zeros(len(partner.table), bool)))

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        table, units = self.table, self._units(self.size)
        seen = np.zeros(len(table), dtype=bool) if self.blind else table.alive
        if lost := gone_rows(kept, len(table)):
            self.notes["dropped"] = lost
        rows = [
            written(
                form, table.items[index] if seen[index] else nothing(form, self.size), units, self
            )
            for index, form in ((index, table.forms[index]) for index in kept.tolist())
        ]
        lists = self.lists.scaled(np.where(seen, table.growth, 0.0), self).taken(kept)
        return {self.stream.name: _in_form(rows, self.data), **lists.lists}


def _in_form(rows: list[Any], like: Any) -> Any:
    """Rows as a list, a tuple or an array of objects, or as one array where all fit into one."""
    if not isinstance(like, np.ndarray):
        return tuple(rows) if type(like) is tuple else rows
    if like.dtype.kind != "O":
        shapes = {np.shape(row) for row in rows}
        if len(shapes) == 1:
            return np.array(rows, dtype=like.dtype if like.dtype.kind == "f" else None)
        if not rows:
            return like[:0]
    out = np.empty(len(rows), dtype=object)
    out[:] = rows
    return out
