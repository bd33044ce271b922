"""Boxes: N axis-aligned rectangles; carried as quadrilaterals and fitted again at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.maps.lens_map import LensMap
from syncaug.maps.mask import Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, alive_at, gone_rows, spread
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.own_form import listed
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.plane.box_admission import admitted, read_boxes
from syncaug.modalities.plane.box_bending import straight_boxes
from syncaug.modalities.plane.box_mixing import (
    Joined,
    Part,
    mixed,
    mixed_rows,
    parts,
    with_dead,
)
from syncaug.modalities.plane.box_rules import BoxRules
from syncaug.modalities.plane.box_shapes import (
    Corners,
    areas_of,
    from_corners,
    in_whole_pixels,
    sampled,
    to_corners,
)
from syncaug.modalities.plane.box_table import BoxTable, doomed, grown, seen, stay
from syncaug.modalities.plane.box_views import enlargement, seen_under
from syncaug.modalities.plane.things import ThingsCarrier
from syncaug.plan.plan import Stream

__all__ = ["BoxesCarrier"]

_FLAT = 1e-6
"""Pixels below which a rectangle has no width or height."""
_ROUNDING = 1e-9


class BoxesCarrier(ThingsCarrier):
    """Rectangles in one of four formats, with parallel lists (classes, ids ...) where declared.

    A box of which less than `min_visible` of its area remains in the picture is dropped, with its
    entries and phrase. `came` are the boxes in their own format, and `table` what is known of them
    once `start` has told the picture's size. `covered` is what of the present picture is hidden,
    `joined` what the last mix brought together, and `blind` whether the stream was dropped.
    """

    __slots__ = ("came", "covered", "joined", "table")
    rules: BoxRules
    table: BoxTable

    @classmethod
    def rules_of(cls, stream: Stream) -> BoxRules:
        return BoxRules.of(stream)

    def read(self, value: Any) -> Any:
        # The picture's size is told by `start` before any map arrives: formats need it.
        self.pending = None
        self.size = (0, 0)
        self.came = read_boxes(value, self)
        self.lists = ParallelLists.beside(self, len(self.came), self.rules.lists)
        self.blind = False
        self.covered: tuple[tuple[int, int, int, int], ...] = ()
        self.joined: Joined | None = None
        return value

    def start(self, size: Size) -> None:
        """Turn the format into corners, now that the picture's size is known."""
        self.size = size
        self.table = admitted(self.came, size, self)

    # What is known of the boxes

    @property
    def corners(self) -> Corners:
        """Left, top, right, bottom (N, 4) of the boxes that are left, in pixel centres."""
        return self.table.corners

    @property
    def kept(self) -> NDArray[np.intp]:
        """For each box that is left, its place among those that `share` counts."""
        return self.table.kept

    @property
    def share(self) -> NDArray[np.float64]:
        """The visible share of every box that was counted: that came, or that a mix gave."""
        return self.table.share

    @property
    def rows(self) -> NDArray[np.intp]:
        """For each box that is left, which box of the original it is; -1 for a partner's."""
        return self.table.rows

    @property
    def unadmitted(self) -> frozenset[int]:
        """The boxes that `outside:` left out at the beginning."""
        return self.table.unadmitted

    def corners_in(self, value: Any, size: Size) -> Corners:
        """The corners of boxes in this stream's form, in a picture of that size."""
        boxes = np.asarray(value, dtype=np.float64).reshape(-1, 4)
        return to_corners(boxes, self.rules.form, size)

    # Maps

    def settle(self) -> None:
        if self.pending is None:
            return
        plane, self.pending = self.pending, None
        self.size, self.covered = plane.size, ()
        corners, share = seen_under(self.table.corners, plane)
        growth: NDArray[np.float64] | float = 1.0
        if self.rules.lists.areas:
            growth = enlargement(self.table.corners, plane)
        self.turn_lists(plane)
        self._see(corners, share, growth)

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.lists.suspect_places(self, turned=True)
        if isinstance(field, LensMap):
            bent = straight_boxes(self.corners, field)
            self.size, self.covered = field.size, ()
            stays = bent.found & stay(self.table, bent.share, self.rules.least)
            self._keep(stays, bent.corners, bent.share, bent.growth)
            return
        edges = sampled(self.corners)
        moved = follow_field(field, edges.reshape(-1, 2)).reshape(edges.shape)
        found: NDArray[np.bool_] = np.all(np.isfinite(moved), axis=2)
        low = np.where(found[..., None], moved, np.inf).min(axis=1, initial=np.inf)
        high = np.where(found[..., None], moved, -np.inf).max(axis=1, initial=-np.inf)
        limit = np.array(field.size) - 0.5  # points of its last pixels may lie a little beyond
        corners = np.hstack([np.clip(low, -0.5, limit), np.clip(high, -0.5, limit)])
        wide = (corners[:, 2:] > corners[:, :2]).all(axis=1)
        self.size, self.covered = field.size, ()
        share = np.mean(found, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = areas_of(corners) / (areas_of(self.corners) * share)
        self._keep(np.any(found, axis=1) & wide, corners, share, growth)

    def occlude(self, occlusion: Occlusion) -> None:
        """Lose the share that is covered; a box of which too little is seen is dropped."""
        self.settle()
        corners = self.table.corners
        before = 1.0 - Occlusion(self.covered, self.size).shares(corners)
        self.covered += occlusion.rectangles  # what is covered twice is lost once
        share = (1.0 - Occlusion(self.covered, self.size).shares(corners)) / before
        self._see(corners, share)

    def lose_all(self) -> None:
        count = len(self.table.corners)
        self._keep(np.zeros(count, dtype=bool), self.table.corners, np.zeros(count))

    def _see(
        self,
        corners: Corners,
        share: NDArray[np.float64],
        growth: NDArray[np.float64] | float = 1.0,
    ) -> None:
        """Go on with the boxes of which enough is seen, at their new corners."""
        self._keep(stay(self.table, share, self.rules.least), corners, share, growth)

    def _keep(
        self,
        stays: NDArray[np.bool_],
        corners: Corners,
        share: NDArray[np.float64],
        growth: NDArray[np.float64] | float = 1.0,
    ) -> None:
        """Go on with some boxes; `growth` is by how much each became larger, seen or not."""
        table = grown(self.table, share, growth) if self.rules.lists.areas else self.table
        self.table = seen(table, corners, share, stays)

    def leave(self) -> None:
        """Let the boxes that are out of the picture now be gone for good, whatever comes later."""
        if self.pending is not None:
            self.table = doomed(self.table, self._staying(self.pending))

    def visible(self, plane: PlaneMap) -> NDArray[np.intp]:
        """The boxes, by their places in the sample, that would be left after one more map."""
        later = plane if self.pending is None else self.pending.then(plane)
        return self.table.kept[self._staying(later)]

    def _staying(self, plane: PlaneMap) -> NDArray[np.bool_]:
        _, share = seen_under(self.table.corners, plane)
        return stay(self.table, share, self.rules.least)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what the window covers, and take in the partner's boxes that are seen in it.

        From here on, `kept` and `share` count the boxes of both, the own ones first.
        """
        assert isinstance(partner, BoxesCarrier)
        own, other = parts(self.table, partner.table, mix, self.rules.least)
        remain = set(own.kept.tolist())
        gone = [row for row in range(len(self.table.share)) if row not in remain]
        note_mix(self.notes, mix, gone=gone, joined=other.kept.tolist())
        cut = mix.kind == "region"
        if self.stream.rows:
            self.lists = self._all_lists(own, cut=cut).joined(partner._all_lists(other, cut=cut))
            self.table, self.joined = mixed_rows(own, other)
            return
        self.lists = self._lists(own, cut=cut).joined(partner._lists(other, cut=cut))
        self.table, self.joined = mixed(own, other)

    def _all_lists(self, part: Part, *, cut: bool) -> ParallelLists:
        """The entries of all counted boxes; of a thing that does not go into a mix no area."""
        growth = np.zeros(len(self.table.share))
        growth[part.kept] = (part.table.growth * (part.share if cut else 1.0))[part.chosen]
        return self.lists.scaled(growth, self)

    def _lists(self, part: Part, *, cut: bool) -> ParallelLists:
        """The entries of the boxes that go into a mix, of which a share is still seen in a cut."""
        lists = self.lists.taken(part.kept)
        growth = part.table.growth * part.share if cut else part.table.growth
        return lists.scaled(growth[part.chosen], self)

    def refit(self, extents: NDArray[np.float64]) -> None:
        """Become the rectangles (N, 4) of all counted rows, where they are known.

        A box stays as it moved where its rectangle has no width or no height, as that around two
        points on a level line, or around one.
        """
        self.settle()
        found = extents[self.table.kept]
        known: NDArray[np.bool_] = np.all(found[:, 2:] - found[:, :2] > _FLAT, axis=1)
        self.table = self.table._replace(corners=np.where(known[:, None], found, self.corners))

    # Rows of a group

    def row_count(self) -> int:
        return len(self.table.share)

    def alive_rows(self) -> Bools:
        return alive_at(self.table.kept, len(self.table.share))

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, BoxesCarrier)
        nothing = np.zeros(len(partner.table.share))
        self.lists = self.lists.joined(partner.lists.scaled(nothing, self))
        self.table = with_dead(self.table, len(nothing))

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        if gone := gone_rows(kept, self.row_count()):
            self.notes["dropped"] = gone
        table, places = self.table, np.full(len(self.table.share), -1)
        if not self.blind:
            places[table.kept] = np.arange(len(table.kept))
        chosen = places[kept]
        seen = chosen >= 0
        growth = np.zeros(len(kept))
        growth[seen] = table.growth[chosen[seen]]
        lists = self.lists.taken(kept).scaled(growth, self)
        boxes = spread(self._in_form(table.corners[chosen[seen]]), seen, self)
        return {self.stream.name: boxes, **lists.lists}

    # The way out

    def finish(self) -> dict[str, Any]:
        self.settle()
        table = self.table
        if len(table.kept) < len(table.share):
            self.notes["dropped"] = table.gone
        lists = self.lists.taken(table.kept).scaled(table.growth, self)
        return {self.stream.name: self._in_form(table.corners), **lists.lists}

    def _in_form(self, corners: Corners) -> Any:
        """Boxes in the format, type and dtype that came."""
        form, like = self.rules.form, self.data
        boxes = from_corners(corners, form, self.size)
        if not isinstance(like, np.ndarray):
            return listed(boxes, like)
        if like.dtype.kind not in "iu":
            return boxes.astype(like.dtype, order="C")
        if form in ("pascal_voc", "coco"):
            boxes = in_whole_pixels(boxes, corners, form, self.size)
        elif np.abs(boxes - np.rint(boxes)).max(initial=0.0) > _ROUNDING:
            self.suspect("wider", f"fractions came as {like.dtype}, which holds none; float64 goes "
                         "out for this sample. Give float32.")  # fmt: skip
            return np.ascontiguousarray(boxes)
        return in_whole_numbers(np.rint(boxes, order="C"), like.dtype, self)
