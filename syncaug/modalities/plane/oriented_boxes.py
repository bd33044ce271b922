"""Oriented boxes: N rectangles that lie any way; carried as their corners, fitted at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.kernels.least_rectangle import least_rectangle
from syncaug.maps.mask import Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, gone_rows, spread
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier, plural_key
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.plane.oriented_admission import admitted
from syncaug.modalities.plane.oriented_forms import (
    Convention,
    Quads,
    in_reach,
    read_oriented,
    written,
)
from syncaug.modalities.plane.oriented_table import (
    OrientedTable,
    carried,
    fitted,
    gone,
    joined,
    outline,
)
from syncaug.modalities.plane.outline import Outline, Rectangle, edges_of
from syncaug.modalities.plane.things import ThingsCarrier
from syncaug.plan.plan import Stream

__all__ = ["OrientedBoxesCarrier"]

_ROUNDING = 1e-9
_ALIKE = 1e-9
_OVER = {True: [3, 2, 1, 0], False: [1, 0, 3, 2]}
"""Of boxes with an angle, and of corners: the order of a mirror image's corners that runs clockwise
again. The way along the width stays the mirror image of what it was; so does the first side."""


@dataclass(frozen=True, slots=True)
class OrientedRules:
    """`outside` is what becomes of boxes that reach out of the picture, in and out.

    `moves` says that corners stay as maps move them, `by_centre` that a box is there while its
    centre is, `least` is the share of its area that it must show to stay, less rounding.
    """

    convention: Convention
    outside: str
    moves: bool
    by_centre: bool
    least: float
    sides: Sides
    lists: ListRules

    @staticmethod
    def of(stream: Stream) -> OrientedRules:
        """The rules of a stream."""
        options = stream.options
        angle, direction = options.get("angle", ""), options.get("direction", "")
        return OrientedRules(
            convention=Convention(
                angle == "degrees" if angle else None,
                direction == "clockwise" if direction else None,
                options.get("range", "half"),
                options.get("origin", "edge") == "edge",
                options.get("unit", "pixels") == "fractions",
            ),
            outside=options.get("outside", "keep"),
            moves=options.get("corners", "fit") == "move",
            by_centre=options.get("visible", "share") == "centre",
            least=options.get("min_visible", 0.0) - _ROUNDING,
            sides=Sides.of(options),
            lists=ListRules.of(stream),
        )


class OrientedBoxesCarrier(ThingsCarrier):
    """Centre, size and angle (N, 5), or four corners (N, 8) or (N, 4, 2), with parallel lists.

    A box of which less than `min_visible` of its area is seen, or whose centre is not, is dropped
    with its entries; one that stays is whole, unless `outside: clip` cuts it. `came` are the
    numbers as they came, `table` what is known of them; `bent` says that a map was met under which
    right angles do not stay, `touched` any at all, `covered` what of the present picture is hidden,
    and `blind` that the stream was dropped.
    """

    __slots__ = ("bent", "came", "covered", "table", "touched")
    rules: OrientedRules
    table: OrientedTable

    @classmethod
    def rules_of(cls, stream: Stream) -> OrientedRules:
        return OrientedRules.of(stream)

    def read(self, value: Any) -> Any:
        self.pending = None
        self.size = (0, 0)
        self.bent = self.blind = self.touched = False
        self.covered: tuple[Rectangle, ...] = ()
        self.came = read_oriented(value, self)
        self.lists = ParallelLists.beside(self, len(self.came), self.rules.lists)
        return value

    def start(self, size: Size) -> None:
        """Hold the boxes against their picture, as `outside:` says."""
        self.size = size
        self.table = admitted(self.came, size, self)

    # What is known of the boxes

    @property
    def quads(self) -> Quads:
        """The corners (N, 4, 2) of all boxes, in pixel centres."""
        return self.table.quads

    # Maps

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.turn_lists(plane)
        self.bent |= not _is_similar(plane)
        self.covered, self.size = (), plane.size
        self._carry(lambda quad: self._moved(quad, plane))

    def _moved(self, quad: Quads, plane: PlaneMap) -> tuple[Quads, float]:
        """A box under a map, and the share of it that is seen."""
        seen, share = outline(quad).moved(plane)
        ahead = plane.is_affine or bool((quad @ plane.matrix[2, :2] + plane.matrix[2, 2] > 0).all())
        if self.rules.by_centre:
            share = share if _centre_seen(quad, plane) else 0.0
        if not seen:
            return quad, 0.0
        new = plane.points(quad) if ahead else least_rectangle(seen.rings[0], quad[1] - quad[0])
        if plane.mirrors:
            new = new[_OVER[self.came.shape[1:] == (5,)]]
        return self._cut(new, seen), share

    def _cut(self, quad: Quads, seen: Outline) -> Quads:
        """A box, or where boxes are clipped the least one around what is seen of it."""
        if self.rules.outside != "clip" or not seen:
            return quad
        points = np.concatenate(seen.rings)
        if len(points) == len(quad) and np.allclose(np.sort(points, 0), np.sort(quad, 0)):
            return quad
        return least_rectangle(points, quad[1] - quad[0])

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.lists.suspect_places(self, turned=True)
        self.covered, self.size, self.bent = (), field.size, True

        def warp(quad: Quads) -> tuple[Quads, float]:
            seen, share = outline(quad).warped(field)
            if not seen:
                return quad, 0.0
            middle, way = quad.mean(axis=0), (quad[1] - quad[0]) / 4
            ends = follow_field(field, np.array([middle - way, middle + way]))
            along = ends[1] - ends[0]
            if not np.isfinite(along).all():
                along = way
            return least_rectangle(np.concatenate(seen.rings), along), share

        self._carry(warp)

    def occlude(self, occlusion: Occlusion) -> None:
        """Lose the share that is covered; a box of which too little is seen is dropped."""
        self.settle()
        self._cover([edges_of(rectangle) for rectangle in occlusion.rectangles])

    def _cover(self, rectangles: Iterable[Rectangle]) -> None:
        before = self.covered
        self.covered = (*before, *rectangles)

        def hide(quad: Quads) -> tuple[Quads, float]:
            whole, _ = outline(quad).without(before)
            left, _ = outline(quad).without(self.covered)
            if not left or (self.rules.by_centre and _is_in(quad.mean(axis=0), self.covered)):
                return quad, 0.0
            return self._cut(quad, left), left.area / whole.area

        self._carry(hide)

    def lose_all(self) -> None:
        self.table = gone(self.table, np.zeros(len(self.table), dtype=bool))

    def _carry(self, change: Callable[[Quads], tuple[Quads, float]]) -> None:
        least, self.touched = self.rules.least, True
        self.table = carried(self.table, change, lambda _, left: left > 0.0 and left >= least)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's boxes that are seen in it."""
        assert isinstance(partner, OrientedBoxesCarrier)
        if self.came.shape[1:] != partner.came.shape[1:] and len(partner.came):
            raise self.fail(
                f"a partner whose boxes have the shape {self.came.shape[1:]}",
                f"{partner.came.shape[1:]}",
            )
        before = self.table.alive
        own = self._part(mix, own=True)
        other = partner._part(mix, own=False)
        lost = (before & ~own.alive).nonzero()[0].tolist()
        note_mix(self.notes, mix, gone=lost, joined=other.alive.nonzero()[0].tolist())
        self.bent |= partner.bent
        self._join(partner, own, other)

    def _part(self, mix: Mix, *, own: bool) -> OrientedTable:
        """What a mix takes of this stream, and which of its boxes show enough of themselves."""
        if mix.kind != "region":
            seen = 1.0 - mix.weight if own else mix.weight
            return gone(self.table, np.full(len(self.table), seen >= mix.least - _ROUNDING))
        window, before = edges_of(mix.window), self.table.left
        if own:
            self._cover([window])
        else:

            def show(quad: Quads) -> tuple[Quads, float]:
                seen, share = outline(quad).within(window)
                if self.rules.by_centre and not _is_in(quad.mean(axis=0), [window]):
                    return quad, 0.0
                return self._cut(quad, seen), share

            self._carry(show)
        share = np.divide(self.table.left, before, out=np.zeros(len(before)), where=before > 0.0)
        return gone(self.table, share >= mix.least - _ROUNDING)

    def _join(
        self, partner: OrientedBoxesCarrier, own: OrientedTable, other: OrientedTable
    ) -> None:
        if not len(self.came) and len(partner.came):
            self.came = partner.came[:0]
        self.touched = True
        self.lists = self.lists.joined(partner.lists)
        self.table = joined(own, other)

    # Rows of a group

    def row_count(self) -> int:
        return len(self.table)

    def alive_rows(self) -> Bools:
        return self.table.alive

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, OrientedBoxesCarrier)
        nothing = np.zeros(len(partner.table), dtype=bool)
        self._join(partner, self.table, gone(partner.table, nothing))

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        table, rules, wide = self.table, self.rules, self.came.shape[1:]
        if lost := gone_rows(kept, len(table)):
            self.notes["dropped"] = lost
        seen = np.zeros(len(table), dtype=bool) if self.blind else table.alive
        quads = table.quads[kept[seen[kept]]]
        if self.bent and not (rules.moves and wide != (5,)):
            quads = fitted(quads)
        if self.touched or rules.outside == "clip" or not self._in_reach():
            boxes = written(quads, self.data, wide, rules.convention, self.size, self)
        else:
            boxes = plural_key(self.data, kept[seen[kept]])
        lists = self.lists.scaled(np.where(seen, table.growth, 0.0), self).taken(kept)
        return {self.stream.name: spread(boxes, seen[kept], self), **lists.lists}

    def _in_reach(self) -> bool:
        """Whether angles that no step turned lie in the range, where one is declared."""
        angled = self.came.shape[1:] == (5,) and "range" in self.stream.options
        return not angled or in_reach(self.came[self.table.alive], self.rules.convention)


def _is_similar(plane: PlaneMap) -> bool:
    """Whether a map keeps right angles: it turns, mirrors, scales and shifts, all ways alike."""
    if not plane.is_affine:
        return False
    a, b, d, e = plane.jacobian
    size = a * a + d * d
    return abs(size - b * b - e * e) <= _ALIKE * size and abs(a * b + d * e) <= _ALIKE * size


def _centre_seen(quad: Quads, plane: PlaneMap) -> bool:
    """Whether the centre of a box is in the picture after a map, and no cut took it."""
    middle = quad.mean(axis=0)[None]
    if middle[0] @ plane.matrix[2, :2] + plane.matrix[2, 2] <= 0.0 or not plane.leaves(middle)[0]:
        return False
    frame = (-0.5, -0.5, plane.size[0] - 0.5, plane.size[1] - 0.5)
    return _is_in(plane.points(middle)[0], [frame])


def _is_in(place: NDArray[np.float64], rectangles: Iterable[Rectangle]) -> bool:
    x, y = place.tolist()
    return any(x0 <= x < x1 and y0 <= y < y1 for x0, y0, x1, y1 in rectangles)
